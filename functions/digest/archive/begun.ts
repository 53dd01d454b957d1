import { cadencesOf, type Newsletter } from '../../shared/config.ts';
import type { Edition } from '../ledger/edition.ts';
import type { Ledger } from '../ledger/ports.ts';

/** In a feed stand so many editions. */
const MOST_EDITIONS = 30;

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
  const ids = (await Promise.all(tracks))
    .flatMap((track) => track?.begun ?? [])
    .sort((a, b) => (orderOf(a) < orderOf(b) ? 1 : -1))
    .slice(0, MOST_EDITIONS)
    .map(({ edition }) => edition);
  const found = (await Promise.all(ids.map((id) => ledger.edition(id)))).filter((one) => one !== undefined);
  return {
    editions: found.flatMap((one) => (one.startedAt === null ? [] : [{ ...one, startedAt: one.startedAt }])),
    isComing: found.some(({ startedAt, state }) => startedAt === null && (state === 'approved' || state === 'sending')),
  };
};

const orderOf = ({ startedAt, edition }: { startedAt: string; edition: string }): string => `${startedAt} ${edition}`;
