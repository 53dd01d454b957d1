import type { Newsletter } from '../../shared/config.ts';
import { log } from '../../shared/log.ts';
import { changeTrack } from '../ledger/change.ts';
import { boundsOf, type Edition } from '../ledger/edition.ts';
import { passedOver } from '../ledger/track.ts';
import { composed } from './composeEdition.ts';
import { lowestBound } from './news.ts';
import { newsletterOf, type Planning, type Step } from './ports.ts';
import { openTrack } from './tracks.ts';
import { type Ended, walk } from './walk.ts';

/** From a slot to a frozen audience. Every save is in place of what was read: who comes too late looks again. */
export const plan = async (planning: Planning, edition: Edition): Promise<Step> => {
  const { ledger, now } = planning;
  const newsletter = newsletterOf(planning, edition.newsletter);
  if (!newsletter) {
    // It is no longer in the configuration: there is nobody to send it for.
    await ledger.save({ ...edition, state: 'cancelled', touchedAt: now() });
    return 'again';
  }
  if (edition.plannedAt === null) {
    await fixBounds(planning, edition, newsletter);
    return 'again';
  }
  const walked = await walk(planning, edition);
  if (walked.is === 'end') {
    if (walked.audience === 0 && edition.cadence === 'immediate') await passOver(planning, walked.edition);
    await ledger.save(await frozen(planning, newsletter, walked));
    return 'again';
  }
  if (walked.is === 'restart') return 'again';
  await planning.editionsBell.ring({ edition: edition.id });
  return 'later';
};

/** The edition with its audience counted, and its pieces in the bucket. */
const frozen = async (planning: Planning, newsletter: Newsletter, walked: Ended): Promise<Edition> => {
  const { edition, audience, pages, news, before, later } = walked;
  const moment = planning.now();
  const counted = { ...edition, audience, pages, touchedAt: moment };
  // An edition that nobody receives covers nothing: its articles are news to whoever comes next.
  if (audience === 0) return { ...counted, state: 'complete', closedAt: moment };
  return { ...(await composed(planning, counted, { newsletter, news, before, later })), state: 'ready' };
};

const passOver = async ({ ledger, now }: Planning, edition: Edition): Promise<void> => {
  const bounded = { ...edition, ...boundsOf(edition) };
  await changeTrack(ledger, edition, (track) => passedOver(track, bounded, now()));
};

/** What it covers: from where its cadence stands to the head of the wire. */
const fixBounds = async (planning: Planning, edition: Edition, { languages }: Newsletter): Promise<void> => {
  const track = await openTrack(planning, edition);
  const bounds = { after: track.coveredThrough, upTo: await planning.wire.head() };
  const moment = planning.now();
  const from = await lowestBound(planning.wire, bounds, languages);
  if (from > bounds.after) log.warn('edition.cut', { edition: edition.id, after: bounds.after, from });
  await planning.ledger.save({ ...edition, ...bounds, from, plannedAt: moment, touchedAt: moment });
};
