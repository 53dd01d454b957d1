import * as z from 'zod';
import { type Source, type SourceState, source, sourceState } from './source.ts';

const health = sourceState
  .pick({
    state: true,
    lastLookAt: true,
    lastNewAt: true,
    nextLookAt: true,
    trouble: true,
    troubleSince: true,
    readAt: true,
    moved: true,
    answers: true,
    refused: true,
    counts: true,
  })
  .extend({ trouble: z.string().nullable().describe('Why the last look brought nothing, as a sentence.') });

/** A source with its health, for editors. Times are instants, weights bytes. */
export const shownSourceSchema = source.extend({ health });

export const shownSource = (one: Source, state: SourceState) => ({
  ...one,
  name: one.name ?? new URL(one.url).host,
  health: {
    // A source that is paused or over is not looked at, whatever was planned.
    ...health.parse({ ...state, ...(one.paused && { nextLookAt: null }) }),
    trouble: state.trouble === null ? null : `${state.trouble.charAt(0).toUpperCase()}${state.trouble.slice(1)}.`,
  },
});

export const etagOf = ({ revision }: Source): string => `"${revision}"`;
