import type { Cadence } from '../../shared/config.ts';
import type { Instant } from '../../shared/time.ts';
import type { Subscription } from '../../subscribers/subscriber.ts';
import type { OwnPast } from '../composing/choice.ts';
import type { Begun, Track } from '../ledger/track.ts';

/**
 * Who an edition is for, and from where on. One rule decides both: *an edition is for whoever had its cadence from the
 * moment it was planned until the moment it began.* What somebody has been sent therefore follows from the times of his
 * cadences and of the editions alone, and a change of cadence neither repeats nor loses an article.
 */

type Membership = Pick<Subscription, 'cadence' | 'confirmedAt' | 'history' | 'pauses'>;

/** An edition of any cadence that began. */
export interface Earlier extends Omit<Begun, 'edition'> {
  readonly cadence: Cadence;
}

/** Times at which a reader had a cadence: after `from`, up to and with `to` (`null`: until now). */
interface Span {
  readonly cadence: Cadence;
  readonly from: Instant;
  readonly to: Instant | null;
}

export const isFor = (
  reader: Membership,
  edition: { readonly cadence: Cadence; readonly plannedAt: Instant; readonly startedAt: Instant | null },
): boolean =>
  spansOf(reader).some(
    ({ cadence, from, to }) =>
      cadence === edition.cadence &&
      from <= edition.plannedAt &&
      (to === null || (edition.startedAt !== null && edition.startedAt <= to)),
  ) && !isPaused(reader, edition);

/** Nothing that was planned or began in a pause; the first edition after it covers that time, as it does for a change. */
const isPaused = (
  { pauses = [] }: Membership,
  { plannedAt, startedAt }: { readonly plannedAt: Instant; readonly startedAt: Instant | null },
): boolean => pauses.some(({ from, until }) => plannedAt < until && (startedAt === null || from <= startedAt));

/**
 * Up to where this reader has been sent what there was. Whoever is new has, so to speak, been sent everything up to
 * the last edition of his cadence, so that he joins the one in the making. `tracks` must be read after the reader.
 */
export const coveredFor = (reader: Membership, tracks: readonly Track[]): number => {
  const trackOf = trackIn(tracks);
  const sent = tracks.flatMap((track) =>
    track.begun.filter((edition) => isFor(reader, { cadence: track.cadence, ...edition })).map(({ upTo }) => upTo),
  );
  return Math.max(joinedAt(reader, tracks), ...sent, ...sentBefore(reader, trackOf));
};

/** Up to where everything had had its edition when this reader came. */
export const joinedAt = (reader: Membership, tracks: readonly Track[]): number => {
  const [first] = spansOf(reader);
  return first ? coveredBefore(trackIn(tracks)(first.cadence), ({ plannedAt }) => plannedAt < first.from) : 0;
};

/**
 * What is this reader's own in the past that these editions tell of, in the order they were planned in: which of them
 * were for him, and what he had chosen then. Asked for every mail, and as a rule nothing has changed since the first.
 */
export const ownPast = (
  reader: Membership & Pick<Subscription, 'earlierChoices'>,
  editions: readonly Earlier[],
): OwnPast => {
  const [first] = editions;
  if (!first) return NOTHING_OWN;
  const { history, pauses = [], earlierChoices = [] } = reader;
  const matters = ({ until }: { readonly until: Instant }): boolean => until > first.plannedAt;
  const earlier = earlierChoices.filter(matters);
  return {
    ...((history.some(matters) || pauses.some(matters)) && { windows: editions.filter((one) => isFor(reader, one)) }),
    ...(earlier.length > 0 && { earlier }),
  };
};

const NOTHING_OWN: OwnPast = {};

const trackIn =
  (tracks: readonly Track[]) =>
  (wanted: Cadence): Track | undefined =>
    tracks.find(({ cadence }) => cadence === wanted);

/** Who left and soon came back with another cadence does not get again what he was sent before he left. */
const sentBefore = (reader: Membership, trackOf: (cadence: Cadence) => Track | undefined): number[] =>
  reader.history
    .filter(({ until }) => reader.confirmedAt !== null && until <= reader.confirmedAt)
    .map(({ cadence, until }) => coveredBefore(trackOf(cadence), ({ startedAt }) => startedAt <= until));

/** What a cadence has covered with those of its editions that were before something. */
const coveredBefore = (track: Track | undefined, isBefore: (edition: Begun) => boolean): number =>
  track?.begun.findLast(isBefore)?.upTo ?? track?.first ?? 0;

/** Only what came after the present membership began: who left and came back begins anew. */
const spansOf = ({ cadence, confirmedAt, history }: Membership): Span[] => {
  if (confirmedAt === null) return [];
  const past = history.filter(({ until }) => until > confirmedAt);
  const ends = [...past, { cadence, until: null }];
  return ends.map((one, i) => ({ cadence: one.cadence, from: past[i - 1]?.until ?? confirmedAt, to: one.until }));
};
