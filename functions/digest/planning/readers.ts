import { CADENCES } from '../../shared/config.ts';
import { activeSubscription, type Subscriber, type Subscription } from '../../subscribers/subscriber.ts';
import { boundsOf, type Edition } from '../ledger/edition.ts';
import type { Delivery } from '../ledger/page.ts';
import type { Track } from '../ledger/track.ts';
import { coveredFor, isFor, joinedAt } from './bounds.ts';
import { lowestBound } from './news.ts';
import type { NewsDesk } from './newsDesk.ts';
import type { Planning } from './ports.ts';

/** The deliveries for those of these readers who get the edition, in the order of the ids. */
export const deliveriesFor = async (
  planning: Planning,
  desk: NewsDesk,
  ids: readonly string[],
): Promise<Delivery[] | 'restart'> => {
  const usual = lowestBound(boundsOf(desk.edition()));
  const readers = await planning.subscribers.byIds(ids);
  const bounds = boundsFor(planning, desk);
  const deliveries: Delivery[] = [];
  for (const reader of readers) {
    const wants = readerOf(reader, desk.edition());
    if (!wants) continue;
    const { after, since } = await bounds(wants);
    if ((await desk.reachBackTo(after)) === 'restart') return 'restart';
    if (desk.has({ languages: wants.languages, topics: wants.topics, after, since })) {
      const own = { ...(after !== usual && { after }), ...(since > 0 && { joined: since }) };
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
  const bounds = boundsOf(desk.edition());
  const usual = lowestBound(bounds);
  let tracks: Promise<Track[]> | undefined;
  // Read after the readers, so that no edition is missing that one of them was still sent.
  const read = (): Promise<Track[]> => (tracks ??= tracksOf(planning, desk.edition().newsletter));
  return async (reader) => {
    const changed = reader.history.length > 0 || (reader.pauses ?? []).length > 0;
    const after = changed ? lowestBound({ after: coveredFor(reader, await read()), upTo: bounds.upTo }) : usual;
    return { after, since: changed || desk.hasPast() ? joinedAt(reader, await read()) : 0 };
  };
};

/** All there ever were: a reader may have had a cadence that the newsletter has given up. */
const tracksOf = async ({ ledger }: Planning, newsletter: string): Promise<Track[]> => {
  const tracks = await Promise.all(CADENCES.map((one) => ledger.track(newsletter, one)));
  return tracks.flatMap((track) => track ?? []);
};
