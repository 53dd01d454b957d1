import * as z from 'zod';
import { type Edition, hasNotBegun } from '../ledger/edition.ts';
import { isBehind } from '../ledger/editorial.ts';
import { currentPreflight } from '../ledger/preflight.ts';
import { stateOf } from '../preflight/preflight.ts';

const finding = z.object({
  code: z.string().describe('For programs, such as `size`, `one-click`, `sandbox`, `link`.'),
  language: z.string().optional().describe('Of the mails it concerns; without it, all of them.'),
  sentence: z.string(),
});

export const preflightView = z.object({
  state: z
    .enum(['passed', 'warned', 'refused', 'unfinished'])
    .describe('`unfinished`: it has yet to be looked at, as it is now.'),
  at: z.string().nullable().describe('When it was looked at.'),
  refusals: z.array(finding).describe('For any of these it is held.'),
  warnings: z.array(finding).describe('It goes out all the same.'),
  unchecked: z.array(finding).describe('What could not be told from here, or not within ten seconds.'),
  accepted: z
    .object({ by: z.string().nullable(), at: z.string() })
    .nullable()
    .describe('Who let it go in spite of its refusals.'),
});

/** `null`: it went out without one. */
export const preflightShown = (edition: Edition): z.infer<typeof preflightView> | null => {
  const found = currentPreflight(edition);
  const isWaiting = hasNotBegun(edition) && (!found || isBehind(edition));
  if (isWaiting || !found) return isWaiting ? UNFINISHED : null;
  const { at, accepted, refusals, warnings, unchecked } = found;
  return {
    state: stateOf(found),
    at,
    refusals: [...refusals],
    warnings: [...warnings],
    unchecked: [...unchecked],
    accepted,
  };
};

const UNFINISHED = {
  state: 'unfinished' as const,
  at: null,
  refusals: [],
  warnings: [],
  unchecked: [],
  accepted: null,
};
