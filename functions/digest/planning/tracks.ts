import { CADENCES, type Cadence, type Newsletter } from '../../shared/config.ts';
import { DAY_MS, type Instant, instant, MINUTE_MS, msOf } from '../../shared/time.ts';
import type { Wire } from '../../wire/ports.ts';
import { changeTrack } from '../ledger/change.ts';
import type { Ledger } from '../ledger/ports.ts';
import { following, newTrack, type Track } from '../ledger/track.ts';
import { slotsInWords } from '../schedule.ts';

/** The first edition of a cadence does not bring back what is older than this. */
const FIRST_LOOK_BACK_MS = 31 * DAY_MS;
/** Whoever asks for each article at once wants none of last month's. */
const FIRST_LOOK_BACK_AT_ONCE_MS = 10 * MINUTE_MS;

interface Openers {
  readonly ledger: Ledger;
  readonly wire: Wire;
  readonly now: () => Instant;
}

/** The track of this cadence; made when the cadence is first seen. */
export const openTrack = async (
  { ledger, wire, now }: Openers,
  { newsletter, cadence }: { readonly newsletter: string; readonly cadence: Cadence },
): Promise<Track> => {
  const there = await ledger.track(newsletter, cadence);
  if (there) return there;
  const since = now();
  const lookBackMs = cadence === 'immediate' ? FIRST_LOOK_BACK_AT_ONCE_MS : FIRST_LOOK_BACK_MS;
  const covered = await lastBefore(wire, instant(msOf(since) - lookBackMs));
  return ledger.openTrack(newTrack(newsletter, cadence, since, covered));
};

/**
 * The tracks of a newsletter's cadences, each with the slots it has today. One that is not offered any more is told so:
 * should it come back, it begins anew.
 */
export const tracksToday = async (openers: Openers, newsletter: Newsletter): Promise<Track[]> => {
  const { ledger, now } = openers;
  const tracks: Track[] = [];
  for (const cadence of CADENCES) {
    const isOffered = newsletter.cadences[cadence] !== undefined;
    const place = { newsletter: newsletter.id, cadence };
    const track = isOffered ? await openTrack(openers, place) : await ledger.track(newsletter.id, cadence);
    const slots = slotsInWords(newsletter, cadence);
    if (!track) continue;
    const today =
      track.slots === slots ? track : await changeTrack(ledger, place, (there) => following(there, slots, now()));
    if (isOffered) tracks.push(today ?? track);
  }
  return tracks;
};

/** All there ever were: a reader may have had a cadence that the newsletter has given up. */
export const tracksOf = async ({ ledger }: Pick<Openers, 'ledger'>, newsletter: string): Promise<Track[]> => {
  const tracks = await Promise.all(CADENCES.map((one) => ledger.track(newsletter, one)));
  return tracks.flatMap((track) => track ?? []);
};

/** The last `seq` that came onto the wire before this moment: a dozen reads among ten thousand entries. */
const lastBefore = async (wire: Wire, moment: Instant): Promise<number> => {
  let low = 0;
  let high = await wire.head();
  const isBefore = async (seq: number): Promise<boolean> => {
    const [entry] = await wire.after(seq - 1, 1);
    return entry !== undefined && entry.at < moment;
  };
  // As a rule nothing is that old: one look at the first entry says so.
  if (high === 0 || !(await isBefore(1))) return 0;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (await isBefore(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
};
