import { addMs, type Instant, MINUTE_MS } from '../../shared/time.ts';
import type { Ledger } from '../ledger/ports.ts';
import { type ClickSheets, newSheet } from './sheets.dynamo.ts';
import { type Click, countsOf, plus, slotOf } from './visit.ts';
import { CLICKS_KEPT_MS, clickKey, type Visits } from './visits.dynamo.ts';

export interface ClickCounting {
  readonly visits: Visits;
  readonly sheets: ClickSheets;
  readonly ledger: Pick<Ledger, 'edition'>;
  readonly now: () => Instant;
  /** Goes on for so long; the next minute takes up the rest. */
  readonly workMs: number;
}

/** Whoever notes a click has ten seconds in all (`infra/topology.ts`): after a minute nothing more comes into a slot. */
const GRACE_MS = MINUTE_MS;
/** Where nobody has ever counted, the house is new: slots of an hour, and not of a day, are looked through at its start. */
const FIRST_LOOK = 6;
/** A batch stands, by its keys, in the sheet it was added to. */
const BATCH = 200;

/**
 * Adds what was clicked in slots that are over to the sheets of their editions, slot after slot. Numbers and the keys of
 * what was added are one item and one conditional put; what is named there is removed before anything more is read. So a
 * click is counted once, wherever whoever counts dies, and however many count at the same time.
 */
export const countClicks = async (counting: ClickCounting): Promise<void> => {
  const { sheets, now, workMs } = counting;
  const stopAt = addMs(now(), workMs);
  const last = slotOf(addMs(now(), -GRACE_MS)) - 1;
  // What is older the table has removed, or will.
  const oldest = slotOf(addMs(now(), -CLICKS_KEPT_MS));
  const first = Math.max(((await sheets.countedThrough()) ?? last - FIRST_LOOK) + 1, oldest);
  let slot = first;
  while (slot <= last && (await countSlot(counting, slot, stopAt)) === 'done') slot++;
  // Only now: whoever dies before looks at slots that are empty.
  if (slot > first) await sheets.moveThrough(slot - 1);
};

const countSlot = async (counting: ClickCounting, slot: number, stopAt: Instant): Promise<'done' | 'out-of-time'> => {
  for (;;) {
    if (counting.now() >= stopAt) return 'out-of-time';
    const edition = await counting.visits.someEdition(slot);
    if (edition === undefined) return 'done';
    await countBatch(counting, slot, edition);
  }
};

const countBatch = async ({ visits, sheets, ledger }: ClickCounting, slot: number, edition: string): Promise<void> => {
  const sheet = (await sheets.sheet(edition)) ?? newSheet(edition);
  // A batch of another slot is done with: nobody goes on to the next one before this one is empty.
  if (sheet.batch?.slot === slot) await visits.remove(slot, sheet.batch.keys);
  const clicks = await visits.visitsOf(slot, edition, BATCH);
  if (clicks.length === 0) return;
  const keys = clicks.map(clickKey);
  const startedAt = (await ledger.edition(edition))?.startedAt ?? null;
  // Nobody has got it: whoever clicked saw a mail that was none yet.
  if (startedAt === null) return visits.remove(slot, keys);
  const counts = plus(sheet.counts, countsOf(ofReaders(clicks, startedAt)));
  // Refused: somebody else has added something. Whoever comes next, we ourselves first, begins anew.
  await sheets.saveSheet({ ...sheet, counts, batch: { slot, keys } });
};

const ofReaders = (clicks: readonly Click[], startedAt: Instant): Click[] => clicks.filter(({ at }) => at >= startedAt);
