import { activeSubscription, type Subscriber, type Subscription } from '../../subscribers/subscriber.ts';
import { boundsOf, type Edition, usualBound } from '../ledger/edition.ts';
import type { Delivery } from '../ledger/page.ts';
import type { Track } from '../ledger/track.ts';
import { coveredFor, isFor, joinedAt, ownPast } from './bounds.ts';
import type { NewsDesk } from './newsDesk.ts';
import type { Planning } from './ports.ts';
import { tracksOf } from './tracks.ts';

/** The deliveries for those of these readers who get the edition, in the order of the ids. */
export const deliveriesFor = async (
  planning: Planning,
  desk: NewsDesk,
  ids: readonly string[],
): Promise<Delivery[] | 'restart'> => {
  const readers = await planning.subscribers.byIds(ids);
  const bounds = boundsFor(planning, desk);
  const deliveries: Delivery[] = [];
  for (const reader of readers) {
    const wants = readerOf(reader, desk.edition());
    if (!wants) continue;
    const { after: asked, since } = await bounds(wants);
    if ((await desk.reachBackTo(asked)) === 'restart') return 'restart';
    const after = Math.max(asked, boundsOf(desk.edition()).from);
    const past = ownPast(wants, desk.before().editions);
    if (desk.has({ languages: wants.languages, topics: wants.topics, after, since, ...past })) {
      const own = { ...(after !== usualBound(desk.edition()) && { after }), ...(since > 0 && { joined: since }) };
      deliveries.push({ reader: reader.id, state: 'ready', ...own });
    }
  }
  return deliveries;
};

/** The subscription by which this is a reader of the edition, if he is one. */
const readerOf = (reader: Subscriber, edition: Edition): Subscription | undefined => {
  const subscription = activeSubscription(reader, edition.newsletter);
  const { plannedAt } = boundsOf(edition);
  return subscription && isFor(subscription, { cadence: edition.cadence, plannedAt, startedAt: null })
    ? subscription
    : undefined;
};

interface OwnBounds {
  /** From where on he gets the edition: where it begins itself, unless he has changed his cadence. */
  readonly after: number;
  /** What was told up to here was told before he came; 0 where this edition does not ask. */
  readonly since: number;
}

const boundsFor = (planning: Planning, desk: NewsDesk): ((reader: Subscription) => Promise<OwnBounds>) => {
  const usual = usualBound(desk.edition());
  let tracks: Promise<Track[]> | undefined;
  // Read after the readers, so that no edition is missing that one of them was still sent.
  const read = (): Promise<Track[]> => (tracks ??= tracksOf(planning, desk.edition().newsletter));
  return async (reader) => {
    const changed = reader.history.length > 0 || (reader.pauses ?? []).length > 0;
    const after = changed ? coveredFor(reader, await read()) : usual;
    return { after, since: changed || desk.hasPast() ? joinedAt(reader, await read()) : 0 };
  };
};
