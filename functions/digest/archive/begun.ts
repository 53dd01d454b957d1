import { cadencesOf, type Newsletter } from '../../shared/config.ts';
import type { Edition } from '../ledger/edition.ts';
import type { Ledger } from '../ledger/ports.ts';
import type { Begun } from '../ledger/track.ts';

/** In a feed stand so many editions, whatever their cadence … */
const NEWEST = 30;
/** … and so many of each: where every article goes out at once, a week would leave no room for the weekly one. */
const OF_EACH = 4;

export interface BegunEditions {
  /** Newest first. */
  readonly editions: readonly (Edition & { readonly startedAt: string })[];
  /** One has the track of its cadence and has not said yet that it began: look again. */
  readonly isComing: boolean;
}

/** The newest editions that began sending, of all newsletters: the tracks name them, so nothing is looked for. */
export const begunEditions = async (
  ledger: Pick<Ledger, 'track' | 'edition'>,
  newsletters: readonly Newsletter[],
): Promise<BegunEditions> => {
  const tracks = newsletters.flatMap((newsletter) =>
    cadencesOf(newsletter).map((cadence) => ledger.track(newsletter.id, cadence)),
  );
  const begun = (await Promise.all(tracks)).map((track) => newestFirst(track?.begun ?? []));
  const kept = new Set([...newestFirst(begun.flat()).slice(0, NEWEST), ...begun.flatMap((of) => of.slice(0, OF_EACH))]);
  const ids = newestFirst([...kept]).map(({ edition }) => edition);
  const found = (await Promise.all(ids.map((id) => ledger.edition(id)))).filter((one) => one !== undefined);
  return {
    editions: found.flatMap((one) => (one.startedAt === null ? [] : [{ ...one, startedAt: one.startedAt }])),
    isComing: found.some(({ startedAt, state }) => startedAt === null && (state === 'approved' || state === 'sending')),
  };
};

const newestFirst = (begun: readonly Begun[]): Begun[] => [...begun].sort((a, b) => (orderOf(a) < orderOf(b) ? 1 : -1));

const orderOf = ({ startedAt, edition }: Begun): string => `${startedAt} ${edition}`;
