import type { Newsletter } from '../../shared/config.ts';
import { log } from '../../shared/log.ts';
import type { Instant } from '../../shared/time.ts';
import type { Edition } from '../ledger/edition.ts';
import { isStale } from '../schedule.ts';
import type { Planning, Step } from './ports.ts';

/** It is too late to be news, and nobody has said since its slot that it may go all the same. */
export const comesTooLate = (
  { slot, startedAt, letGoAt }: Pick<Edition, 'slot' | 'startedAt' | 'letGoAt'>,
  newsletter: Newsletter | undefined,
  now: Instant,
): boolean =>
  // One that began goes out again to those who are missing because a person says so.
  startedAt === null && newsletter !== undefined && isStale(slot, newsletter, now) && (letGoAt ?? '') <= (slot ?? '');

/** A person sends or cancels it. */
export const holdLate = async ({ ledger, now }: Planning, edition: Edition): Promise<Step> => {
  const saved = await ledger.save({ ...edition, state: 'held', sendsAt: null, touchedAt: now() });
  if (saved) log.warn('edition.stale', { edition: edition.id, slot: edition.slot });
  return 'again';
};
