import type { Cadence, Newsletter } from '../../shared/config.ts';
import { log } from '../../shared/log.ts';
import { type Instant, MINUTE_MS, msOf } from '../../shared/time.ts';
import type { Press } from '../composing/press.ts';
import { changeEdition, changeTrack } from '../ledger/change.ts';
import { type Edition, hasNotBegun, knownTo, newEdition } from '../ledger/edition.ts';
import { isBehind } from '../ledger/editorial.ts';
import { isFree } from '../ledger/page.ts';
import { releasedBy, type Track } from '../ledger/track.ts';
import { dueSlots, type Slot } from '../schedule.ts';
import { immediateSlot } from './immediate.ts';
import { needsAPerson, resuming, TRIED_EVERY_MS } from './pause.ts';
import type { Planning } from './ports.ts';
import { tracksToday } from './tracks.ts';

export interface Sweeping extends Pick<Planning, 'ledger' | 'wire' | 'editionsBell' | 'pagesBell' | 'now'> {
  readonly press: Pick<Press, 'newsroom'>;
}

/** Every minute: makes the editions whose cut-off has come, and rings where something was left lying. */
export const sweepEditions = async (sweeping: Sweeping): Promise<void> => {
  for (const newsletter of sweeping.press.newsroom.newsletters) await startDue(sweeping, newsletter);
  const open = await sweeping.ledger.open();
  const head = await sweeping.wire.head();
  for (const edition of open) {
    if (isOvertaken(edition, open)) await supersede(sweeping, edition);
    else await ringFor(sweeping, edition, head);
  }
};

const startDue = async (sweeping: Sweeping, newsletter: Newsletter): Promise<void> => {
  const { ledger, now, editionsBell } = sweeping;
  const since: Partial<Record<Cadence, Instant>> = {};
  const atOnce: Slot[] = [];
  for (const track of await tracksToday(sweeping, newsletter)) {
    const { cadence } = track;
    since[cadence] = track.since;
    await freeTrack(sweeping, track);
    const at = cadence === 'immediate' ? await immediateSlot(sweeping, newsletter, track) : undefined;
    if (at !== undefined) atOnce.push({ cadence, at });
  }
  for (const slot of [...atOnce, ...dueSlots(newsletter, since, now())]) {
    const edition = newEdition({ newsletter: newsletter.id, cadence: slot.cadence, slot: slot.at, now: now() });
    if (await ledger.edition(edition.id)) continue;
    if (slot.at > now() && (await isAnotherComing(ledger, edition))) continue;
    if ((await ledger.create(edition)) === 'created') log.info('edition.due', { edition: edition.id });
    await editionsBell.ring({ edition: edition.id });
  }
};

/**
 * One of this cadence is about to begin, late or asked for: at its cut-off the next one leaves it the way, and is made
 * when it has begun, at its own slot at the latest. One that a person lets wait stops nobody.
 */
const isAnotherComing = async (
  ledger: Sweeping['ledger'],
  { newsletter, cadence }: Pick<Edition, 'newsletter' | 'cadence'>,
): Promise<boolean> =>
  (await ledger.open()).some(
    (one) =>
      one.newsletter === newsletter && one.cadence === cadence && one.startedAt === null && COMING.has(one.state),
  );

const COMING: ReadonlySet<Edition['state']> = new Set(['planned', 'approved', 'sending']);

/** Whoever holds a track is on his way; if he was stopped after he took it, others may go. */
const freeTrack = async ({ ledger }: Sweeping, track: Track): Promise<void> => {
  if (track.sending === null) return;
  const holder = await ledger.edition(track.sending);
  if (!holder || !RESTING.has(holder.state)) return;
  await changeTrack(ledger, track, (there) => releasedBy(there, holder));
};

const RESTING: ReadonlySet<Edition['state']> = new Set(['held', 'complete']);

/** The next edition of its cadence has been made before it began. */
const isOvertaken = (edition: Edition, open: readonly Edition[]): boolean =>
  hasNotBegun(edition) &&
  open.some(
    ({ newsletter, cadence, slot, createdAt }) =>
      newsletter === edition.newsletter &&
      cadence === edition.cadence &&
      slot !== null &&
      slot > (edition.slot ?? edition.createdAt) &&
      createdAt > edition.createdAt,
  );

const supersede = async ({ ledger, editionsBell, now }: Sweeping, { id }: Edition): Promise<void> => {
  await changeEdition(ledger, id, (there) =>
    hasNotBegun(there) ? { ...there, state: 'superseded', touchedAt: now() } : undefined,
  );
  await editionsBell.ring({ edition: id });
};

/** So long a message may take to be heard, and a planner to save, before anybody else looks. */
const PATIENCE_MS = 2 * MINUTE_MS;
/** Pages rung again in one sweep: they are the first of the edition, and so the ones that were left behind. */
const PAGES_RUNG = 100;

const ringFor = async (sweeping: Sweeping, edition: Edition, head: number): Promise<void> => {
  const { ledger, editionsBell, now } = sweeping;
  const isQuiet = msOf(now()) - msOf(edition.touchedAt) >= PATIENCE_MS;
  const ring = (): Promise<void> => editionsBell.ring({ edition: edition.id });
  switch (edition.state) {
    case 'planned':
      return isQuiet ? ring() : undefined;
    case 'ready':
    case 'approved':
    case 'cancelled':
    case 'superseded':
      return ring();
    case 'sending':
      await ring();
      return isQuiet ? ringPages(sweeping, edition) : undefined;
    case 'paused':
      if (!mayGoOn(edition, now())) return;
      await changeEdition(ledger, edition.id, await resuming(sweeping, edition.id));
      return ring();
    case 'complete':
      return edition.watched ? ring() : undefined;
    case 'held':
      // Somebody edits it and wants to see what he did, or one of its articles may have been retracted.
      return isBehind(edition) || (edition.pieces !== null && knownTo(edition) < head) ? ring() : undefined;
  }
};

const mayGoOn = ({ paused }: Edition, now: Instant): boolean =>
  paused !== null && !needsAPerson(paused.because) && msOf(now) - msOf(paused.at) >= TRIED_EVERY_MS;

const ringPages = async ({ ledger, pagesBell, now }: Sweeping, edition: Edition): Promise<void> => {
  const open = await ledger.openPages(edition.id, PAGES_RUNG);
  const free = open.filter((page) => isFree(page, now()) && page.page <= edition.rung);
  await pagesBell.ring(...free.map(({ page }) => ({ edition: edition.id, page })));
};
