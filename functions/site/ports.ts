import type { Editions } from '../digest/editions.ts';
import type { Lists } from '../feeds/lists.ts';
import { routeFor } from '../shared/http/route.ts';
import type { House } from '../shared/page/house.ts';
import type { Table } from '../shared/storage/table.ts';
import type { Instant } from '../shared/time.ts';
import type { TokenKeys } from '../shared/tokenKeys.ts';
import type { Articles, Draft } from '../wire/ports.ts';

/** What the public pages are made from. All of it is only read. */
export interface Site {
  readonly house: House;
  readonly articles: Articles;
  readonly lists: Lists;
  readonly editions: Editions;
  /** A draft, for who holds the link of its preview. */
  readonly draft: (id: string) => Promise<Draft | undefined>;
  /** What the links of previews are signed with: no key yet, no link yet. */
  readonly linkKeys: () => Promise<Pick<TokenKeys, 'byId'>>;
  readonly now: () => Instant;
  /** Asked for nothing in particular, to see that it answers. */
  readonly table: Pick<Table, 'get'>;
}

export const siteRoute = routeFor<Site>();
