import * as z from 'zod';
import type { Cadence } from '../../shared/config.ts';
import type { Item, Key, Table } from '../../shared/storage/table.ts';
import { versionSchema } from './curation.ts';
import { type Edition, editionSchema, partsOfId } from './edition.ts';
import { heardsIn } from './heard.dynamo.ts';
import { isOpen, type Page, pageSchema } from './page.ts';
import type { Ledger } from './ports.ts';
import { type Tally, tallySchema } from './tally.ts';
import { type Track, trackSchema } from './track.ts';

/**
 * Table `ledger`.
 *
 * | what | pk | sk | index |
 * |---|---|---|---|
 * | edition | `EDITIONS#{newsletter}` | `{stamp}#{cadence}` | `OPEN` / id, until it is over and nobody in it is watched |
 * | page | `PAGES#{edition}` | page number, six digits | `OPEN#{edition}` / page number, while something is to be done |
 * | tally | `TALLIES#{edition}` | number of the hundred pages, six digits | |
 * | heard | `HEARD#{edition}` | number of the twenty pages, six digits | |
 * | track | `TRACK#{newsletter}#{cadence}` | `TRACK` | |
 * | curation | `CURATION#{edition}` | id of the version | |
 * | request | `REQUEST#{hash}` | `REQUEST` | |
 */
export const dynamoLedger = (table: Table): Ledger => ({
  ...editionsIn(table),
  ...tracksIn(table),
  ...pagesIn(table),
  ...talliesIn(table),
  ...heardsIn(table),
  ...curationsIn(table),
  firstAsked: (request, id) => firstAsked(table, request, id),
});

const editionsIn = (table: Table): Pick<Ledger, 'edition' | 'create' | 'save' | 'newest' | 'open'> => ({
  async edition(id) {
    const key = editionKey(id);
    const item = key && (await table.get(key));
    return item && editionSchema.parse(item);
  },

  async create(edition) {
    return (await table.put(editionItem(edition), 'absent')) === 'written' ? 'created' : 'exists';
  },

  async save(edition) {
    const next = { ...edition, version: edition.version + 1 };
    return saved(next, await table.put(editionItem(next), { is: { version: edition.version } }));
  },

  async newest(newsletter, { before, limit }) {
    const after = before === undefined ? undefined : editionKey(before)?.sk;
    const items = await table.query({
      pk: `EDITIONS#${newsletter}`,
      reverse: true,
      limit,
      ...(after !== undefined && { after }),
    });
    return items.map((item) => editionSchema.parse(item));
  },

  async open() {
    const items = await table.query({ pk: 'OPEN', index: true });
    return items.map((item) => editionSchema.parse(item));
  },
});

const tracksIn = (table: Table): Pick<Ledger, 'track' | 'openTrack' | 'saveTrack'> => {
  const track = async (newsletter: string, cadence: Cadence): Promise<Track | undefined> => {
    const item = await table.get(trackKey(newsletter, cadence));
    return item && trackSchema.parse(item);
  };
  return {
    track,

    async openTrack(fresh) {
      const there = await track(fresh.newsletter, fresh.cadence);
      if (there) return there;
      await table.put({ ...trackKey(fresh.newsletter, fresh.cadence), ...fresh }, 'absent');
      return (await track(fresh.newsletter, fresh.cadence)) ?? fresh;
    },

    async saveTrack(before) {
      const next = { ...before, version: before.version + 1 };
      const item = { ...trackKey(next.newsletter, next.cadence), ...next };
      return saved(next, await table.put(item, { is: { version: before.version } }));
    },
  };
};

const pagesIn = (table: Table): Pick<Ledger, 'page' | 'addPage' | 'savePage' | 'lastPage' | 'pages' | 'openPages'> => ({
  async page(edition, page) {
    const item = await table.get(pageKey(edition, page));
    return item && pageSchema.parse(item);
  },

  async addPage(page) {
    return (await table.put(pageItem(page), 'absent')) === 'written' ? 'added' : 'exists';
  },

  async savePage(page) {
    const next = { ...page, version: page.version + 1 };
    return saved(next, await table.put(pageItem(next), { is: { version: page.version } }));
  },

  async lastPage(edition) {
    const [item] = await table.query({ pk: pagesOf(edition), reverse: true, limit: 1 });
    return item && pageSchema.parse(item);
  },

  async pages(edition, { after, limit }) {
    const items = await table.query({
      pk: pagesOf(edition),
      after: padded(after),
      ...(limit !== undefined && { limit }),
    });
    return items.map((item) => pageSchema.parse(item));
  },

  async openPages(edition, limit) {
    const items = await table.query({ pk: openPagesOf(edition), index: true, limit });
    return items.map((item) => pageSchema.parse(item));
  },
});

const talliesIn = (table: Table): Pick<Ledger, 'tallies' | 'tally' | 'saveTally'> => ({
  async tallies(edition) {
    const items = await table.query({ pk: `TALLIES#${edition}` });
    return items.map((item) => tallySchema.parse(item));
  },

  async tally(edition, group) {
    const item = await table.get(tallyKey({ edition, group }));
    return item && tallySchema.parse(item);
  },

  async saveTally(tally) {
    const next = { ...tally, version: tally.version + 1 };
    const condition = tally.version === 0 ? 'absent' : { is: { version: tally.version } };
    return saved(next, await table.put({ ...tallyKey(next), ...next }, condition));
  },
});

const curationsIn = (table: Table): Pick<Ledger, 'curation' | 'keepCuration'> => ({
  async curation(edition, id) {
    const item = await table.get(curationKey(edition, id));
    return item && versionSchema.parse(item);
  },

  async keepCuration(version) {
    // Its id is random: what stands there already is this very version, from a try whose answer was lost.
    await table.put({ ...curationKey(version.edition, version.id), ...version }, 'absent');
  },
});

const curationKey = (edition: string, id: string): Key => ({ pk: `CURATION#${edition}`, sk: id });

const firstAsked = async (table: Table, request: string, id: string): Promise<string> => {
  const key = { pk: `REQUEST#${request}`, sk: 'REQUEST' };
  await table.put({ ...key, edition: id }, 'absent');
  return requestSchema.parse(await table.get(key)).edition;
};

const requestSchema = z.object({ edition: z.string() });

const saved = <T>(value: T, written: 'written' | 'refused'): T | undefined =>
  written === 'written' ? value : undefined;

const editionKey = (id: string): Key | undefined => {
  const parts = partsOfId(id);
  return parts && { pk: `EDITIONS#${parts.newsletter}`, sk: `${parts.stamp}#${parts.cadence}` };
};

const editionItem = (edition: Edition): Item => {
  const key = editionKey(edition.id);
  if (!key) throw new Error('This is no id of an edition.');
  return {
    ...key,
    ...edition,
    ...((edition.closedAt === null || edition.watched) && { ipk: 'OPEN', isk: edition.id }),
  };
};

const trackKey = (newsletter: string, cadence: Cadence): Key => ({ pk: `TRACK#${newsletter}#${cadence}`, sk: 'TRACK' });

const tallyKey = ({ edition, group }: Pick<Tally, 'edition' | 'group'>): Key => ({
  pk: `TALLIES#${edition}`,
  sk: padded(group),
});

const pagesOf = (edition: string): string => `PAGES#${edition}`;
const openPagesOf = (edition: string): string => `OPEN#${edition}`;
const padded = (page: number): string => String(page).padStart(6, '0');
const pageKey = (edition: string, page: number): Key => ({ pk: pagesOf(edition), sk: padded(page) });

const pageItem = (page: Page): Item => ({
  ...pageKey(page.edition, page.page),
  ...page,
  ...(isOpen(page) && { ipk: openPagesOf(page.edition), isk: padded(page.page) }),
});
