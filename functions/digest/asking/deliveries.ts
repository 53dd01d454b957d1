import type { Instant } from '../../shared/time.ts';
import { type Edition, reached } from '../ledger/edition.ts';
import { type Delivery, type DeliveryState, deliveryId, type Page } from '../ledger/page.ts';
import type { Ledger } from '../ledger/ports.ts';
import { firstPageOf, GROUP_PAGES, groupOf, type Tally } from '../ledger/tally.ts';

/** What became of one reader's mail. His address is not said: it may be another one by now, and this is read aloud. */
export interface ListedDelivery {
  /** Its name in the edition, as in the tags of its mail. */
  readonly id: string;
  readonly reader: string;
  readonly state: DeliveryState;
  readonly because?: string;
  readonly since?: Instant;
}

export interface Listing {
  /** None: of whichever state. */
  readonly states: ReadonlySet<DeliveryState>;
  /** Behind this place. */
  readonly after: Place;
  readonly limit: number;
}

interface Place {
  readonly page: number;
  readonly index: number;
}

export interface Listed {
  readonly items: readonly ListedDelivery[];
  /** The id behind which the next look begins; `undefined`: that was all. */
  readonly next: string | undefined;
}

export const FROM_THE_START: Place = { page: 1, index: -1 };

/** A thousand pages are three megabytes, and a second or two. Whoever asks goes on from there. */
const MOST_GROUPS_READ = 10;

type Reading = Pick<Ledger, 'pages' | 'tallies'>;

/**
 * An edition's deliveries in the order of its pages. A hundred pages whose sum says that nobody on them is in these
 * states are not read: a dozen who are missing among a million are found in a few looks.
 */
export const listDeliveries = async (ledger: Reading, edition: Edition, listing: Listing): Promise<Listed> => {
  const { states, after, limit } = listing;
  const sums = new Map((await ledger.tallies(edition.id)).map((tally) => [tally.group, tally]));
  const items: ListedDelivery[] = [];
  let read = 0;
  for (let group = groupOf(after.page); group <= groupOf(lastOf(edition, states)); group++) {
    if (hasNone(sums.get(group), states)) continue;
    if (read++ === MOST_GROUPS_READ) return { items, next: endOf(group - 1) };
    const from = Math.max(after.page, firstPageOf(group)) - 1;
    const pages = await ledger.pages(edition.id, { after: from, limit: firstPageOf(group + 1) - 1 - from });
    for (const one of pages.flatMap((page) => listedOn(page, listing))) {
      if (items.length === limit) return { items, next: items.at(-1)?.id };
      items.push(one);
    }
  }
  return { items, next: undefined };
};

/** Nobody was ever at work behind what was reached: all there are ready. */
const lastOf = (edition: Edition, states: Listing['states']): number =>
  states.size === 0 || states.has('ready')
    ? Math.max(edition.pages ?? edition.walked.pages, reached(edition))
    : reached(edition);

const hasNone = (tally: Tally | undefined, states: Listing['states']): boolean => {
  const counts = tally?.sum?.counts;
  return counts !== undefined && states.size > 0 && [...states].every((state) => counts[state] === 0);
};

const listedOn = ({ page, deliveries }: Page, { states, after }: Listing): ListedDelivery[] =>
  deliveries.flatMap((one, index) => {
    const isBehind = page > after.page || index > after.index;
    return isBehind && (states.size === 0 || states.has(one.state)) ? [listed(one, deliveryId(page, index))] : [];
  });

const listed = ({ reader, state, because, since }: Delivery, id: string): ListedDelivery => ({
  ...{ id, reader, state },
  ...(because !== undefined && { because }),
  ...(since !== undefined && { since }),
});

/** Behind everybody on the last page of these hundred: no page has so many. */
const endOf = (group: number): string => deliveryId(group * GROUP_PAGES, 99);
