import { type Edition, newEdition } from '../../../functions/digest/ledger/edition.ts';
import type { DeliveryState, Page } from '../../../functions/digest/ledger/page.ts';
import type { Ledger } from '../../../functions/digest/ledger/ports.ts';

const AT = '2026-05-04T07:30:00.000Z';

interface Big {
  readonly pages: number;
  readonly stateOf: (page: number) => DeliveryState;
  readonly rung?: number;
  readonly suffix?: string;
}

/** An edition that is being sent, with so many pages of one reader each, in the states that `stateOf` says. */
export const aBigEdition = async (
  ledger: Ledger,
  { pages, stateOf, rung = pages, suffix = 'big' }: Big,
): Promise<Edition> => {
  const fresh = newEdition({ newsletter: 'city-news', cadence: 'weekly', slot: null, now: AT, suffix });
  for (let page = 1; page <= pages; page++) await ledger.addPage(aPage(fresh.id, page, stateOf(page)));
  await ledger.addPage({ ...aPage(fresh.id, pages + 1), total: pages, end: true });
  const edition: Edition = {
    ...fresh,
    ...{ state: 'sending', startedAt: AT, plannedAt: AT, after: 0, upTo: 1, from: 0 },
    ...{ audience: pages, pages, rung, reach: rung },
  };
  await ledger.create(edition);
  return edition;
};

const aPage = (edition: string, page: number, state?: DeliveryState): Page => ({
  ...{ edition, page, version: 1, through: String(page), total: page, end: false, claim: null, retry: null },
  deliveries: state ? [{ reader: `r${page}`, state, ...(state === 'unknown' && { claim: 'lost', since: AT }) }] : [],
});
