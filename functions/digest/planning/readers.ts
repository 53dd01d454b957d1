import { CADENCES } from '../../shared/config.ts';
import { activeSubscription, type Subscriber, type Subscription } from '../../subscribers/subscriber.ts';
import { boundsOf, type Edition } from '../ledger/edition.ts';
import type { Delivery } from '../ledger/page.ts';
import type { Track } from '../ledger/track.ts';
import { coveredFor, isFor } from './bounds.ts';
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
  const lowerBound = lowerBounds(planning, desk.edition());
  const deliveries: Delivery[] = [];
  for (const reader of readers) {
    const wants = readerOf(reader, desk.edition());
    if (!wants) continue;
    const after = await lowerBound(wants);
    if ((await desk.reachBackTo(after)) === 'restart') return 'restart';
    if (desk.has({ languages: wants.languages, topics: wants.topics, after })) {
      deliveries.push({ reader: reader.id, state: 'ready', ...(after !== usual && { after }) });
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

/** From where on a reader gets the edition: where it begins itself, unless he has changed his cadence. */
const lowerBounds = (planning: Planning, edition: Edition): ((reader: Subscription) => Promise<number>) => {
  const bounds = boundsOf(edition);
  let tracks: Promise<Track[]> | undefined;
  return async (reader) => {
    if (reader.history.length === 0) return lowestBound(bounds);
    // Read after the readers, so that no edition is missing that one of them was still sent.
    tracks ??= tracksOf(planning, edition.newsletter);
    return lowestBound({ after: coveredFor(reader, await tracks), upTo: bounds.upTo });
  };
};

/** All there ever were: a reader may have had a cadence that the newsletter has given up. */
const tracksOf = async ({ ledger }: Planning, newsletter: string): Promise<Track[]> => {
  const tracks = await Promise.all(CADENCES.map((one) => ledger.track(newsletter, one)));
  return tracks.flatMap((track) => track ?? []);
};
