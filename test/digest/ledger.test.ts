import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changeEdition, changePage } from '../../functions/digest/ledger/change.ts';
import { editionId, newEdition, partsOfId } from '../../functions/digest/ledger/edition.ts';
import { dynamoLedger } from '../../functions/digest/ledger/ledger.dynamo.ts';
import type { Page } from '../../functions/digest/ledger/page.ts';
import { newTrack } from '../../functions/digest/ledger/track.ts';
import type { Table } from '../../functions/shared/storage/table.ts';
import { type Emulators, startEmulators } from '../support/emulators.ts';
import { memoryTable } from '../support/memoryTable.ts';

let emulators: Emulators;
beforeAll(async () => {
  emulators = await startEmulators();
});
afterAll(() => emulators.stop());

const kinds: [string, () => Promise<Table>][] = [
  ['memory', async () => memoryTable()],
  ['dynalite', () => emulators.table()],
];

const anEdition = (at: string, suffix?: string) =>
  newEdition({
    newsletter: 'city-news',
    cadence: 'weekly',
    slot: suffix === undefined ? at : null,
    now: at,
    ...(suffix !== undefined && { suffix }),
  });

const aPage = (over: Partial<Page> = {}): Page => ({
  edition: 'city-news-weekly-20260504T080000Z',
  page: 1,
  version: 1,
  through: 'b',
  total: 2,
  end: false,
  deliveries: [
    { reader: 'a', state: 'ready' },
    { reader: 'b', state: 'ready', after: 3 },
  ],
  claim: null,
  retry: null,
  ...over,
});

const MAY_4 = '2026-05-04T08:00:00.000Z';

describe.each(kinds)('a ledger in %s', (_, open) => {
  test('has an edition once, however many create it', async () => {
    const ledger = dynamoLedger(await open());
    const edition = anEdition(MAY_4);
    expect(await Promise.all([ledger.create(edition), ledger.create(edition)])).toContain('exists');
    expect(await ledger.edition(edition.id)).toEqual(edition);
    expect(await ledger.edition('city-news-weekly-20260511T080000Z')).toBeUndefined();
    expect(await ledger.edition('no edition#at all')).toBeUndefined();
  });

  test('takes a change only in place of what was read', async () => {
    const ledger = dynamoLedger(await open());
    const edition = anEdition(MAY_4);
    await ledger.create(edition);
    const held = await ledger.save({ ...edition, state: 'held' });
    expect(held).toMatchObject({ state: 'held', version: 2 });
    expect(await ledger.save({ ...edition, state: 'cancelled' })).toBeUndefined();
    expect(await ledger.edition(edition.id)).toEqual(held);
  });

  test('loses none of the changes that many make at the same time', async () => {
    const ledger = dynamoLedger(await open());
    const edition = anEdition(MAY_4);
    await ledger.create(edition);
    const ring = () => changeEdition(ledger, edition.id, (there) => ({ ...there, rung: there.rung + 1 }));
    await Promise.all([ring(), ring(), ring(), ring(), ring()]);
    expect((await ledger.edition(edition.id))?.rung).toBe(5);
    await ledger.addPage(aPage());
    const grow = () => changePage(ledger, aPage(), (there) => ({ ...there, total: there.total + 1 }));
    await Promise.all([grow(), grow(), grow()]);
    expect((await ledger.page(edition.id, 1))?.total).toBe(5);
  });

  test('lists a newsletter’s editions newest first, and goes on behind the last one seen', async () => {
    const ledger = dynamoLedger(await open());
    const days = ['2026-05-04', '2026-05-11', '2026-05-18'].map((day) => anEdition(`${day}T08:00:00.000Z`));
    const asked = anEdition('2026-05-12T10:00:00.000Z', 'abc');
    for (const edition of [...days, asked]) await ledger.create(edition);
    await ledger.create({ ...anEdition(MAY_4), id: 'other-weekly-20260525T080000Z', newsletter: 'other' });
    const first = await ledger.newest('city-news', { limit: 2 });
    expect(first.map(({ id }) => id)).toEqual([days[2]?.id, asked.id]);
    const rest = await ledger.newest('city-news', { limit: 5, before: asked.id });
    expect(rest.map(({ id }) => id)).toEqual([days[1]?.id, days[0]?.id]);
  });

  test('finds the editions that are not over, and forgets them when they are', async () => {
    const ledger = dynamoLedger(await open());
    const edition = anEdition(MAY_4);
    await ledger.create(edition);
    expect((await ledger.open()).map(({ id }) => id)).toEqual([edition.id]);
    await ledger.save({ ...edition, state: 'complete', closedAt: MAY_4 });
    expect(await ledger.open()).toEqual([]);
  });

  test('has each page once, in order, and finds those on which something is left to do', async () => {
    const ledger = dynamoLedger(await open());
    const done = aPage({ page: 2, through: 'd', deliveries: [{ reader: 'c', state: 'sent', messageId: 'm' }] });
    const end = aPage({ page: 3, through: 'd', deliveries: [], end: true });
    for (const page of [aPage(), done, end]) expect(await ledger.addPage(page)).toBe('added');
    expect(await ledger.addPage(aPage({ through: 'z' }))).toBe('exists');
    const { edition } = aPage();
    expect(await ledger.page(edition, 1)).toEqual(aPage());
    expect((await ledger.pages(edition, { after: 0 })).map(({ page }) => page)).toEqual([1, 2, 3]);
    expect((await ledger.pages(edition, { after: 1, limit: 1 })).map(({ page }) => page)).toEqual([2]);
    expect(await ledger.lastPage(edition)).toEqual(end);
    expect((await ledger.openPages(edition, 10)).map(({ page }) => page)).toEqual([1]);
    await ledger.savePage(aPage({ deliveries: [{ reader: 'a', state: 'unknown' }] }));
    expect(await ledger.openPages(edition, 10)).toEqual([]);
    expect(await ledger.lastPage('city-news-weekly-20270101T080000Z')).toBeUndefined();
  });

  test('opens a track once, and moves it only in place of what was read', async () => {
    const ledger = dynamoLedger(await open());
    const first = await ledger.openTrack(newTrack('city-news', 'weekly', MAY_4, 7));
    const second = await ledger.openTrack(newTrack('city-news', 'weekly', '2026-05-05T08:00:00.000Z', 9));
    expect(second).toEqual(first);
    expect(await ledger.saveTrack({ ...first, coveredThrough: 12 })).toMatchObject({ coveredThrough: 12, version: 2 });
    expect(await ledger.saveTrack({ ...first, coveredThrough: 13 })).toBeUndefined();
    expect((await ledger.track('city-news', 'weekly'))?.coveredThrough).toBe(12);
    expect(await ledger.track('city-news', 'daily')).toBeUndefined();
  });

  test('answers a request that comes again with the edition of the first', async () => {
    const ledger = dynamoLedger(await open());
    expect(await ledger.firstAsked('hash', 'one')).toBe('one');
    expect(await ledger.firstAsked('hash', 'two')).toBe('one');
  });
});

describe('an edition’s id', () => {
  test('says newsletter, cadence and slot in letters that SES takes in a tag', () => {
    const id = editionId('city-news', 'weekly', MAY_4);
    expect(id).toBe('city-news-weekly-20260504T080000Z');
    expect(partsOfId(id)).toEqual({ newsletter: 'city-news', cadence: 'weekly', stamp: '20260504T080000Z' });
    expect(partsOfId(editionId('weekly-daily', 'monthly', MAY_4, 'a1'))).toEqual({
      newsletter: 'weekly-daily',
      cadence: 'monthly',
      stamp: '20260504T080000Z-a1',
    });
  });

  test('of foreign making is none', () => {
    for (const id of ['', 'city-news', 'city-news-yearly-20260504T080000Z', 'a#b-weekly-20260504T080000Z'])
      expect(partsOfId(id)).toBeUndefined();
  });
});
