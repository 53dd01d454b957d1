import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { rss, rssItem } from '../ingest/sources/someFeeds.ts';
import { type Courant, eventually, startCourant } from '../support/courant.ts';
import { openTestSite, type TestSite } from '../support/httpServer.ts';

let courant: Courant;
let site: TestSite;
beforeAll(async () => {
  [courant, site] = await Promise.all([startCourant(), openTestSite()]);
});
afterAll(() => Promise.all([courant.remove(), site.close()]));

const PATIENCE_MS = 20_000;

const health = z.looseObject({
  state: z.string(),
  trouble: z.string().nullable(),
  counts: z.looseObject({ looks: z.int() }),
});
const healthOf = async () => health.parse((await courant.api('GET', '/api/v1/sources/city')).json['health']);

const looked = (times: number) =>
  eventually(
    async () => {
      const found = await healthOf();
      return found.counts.looks >= times ? found : undefined;
    },
    `look ${times}`,
    PATIENCE_MS,
  );

const articles = async (): Promise<unknown[]> => {
  const { json } = await courant.api('GET', '/api/v1/articles');
  return z
    .array(z.looseObject({ title: z.string() }))
    .parse(json['items'])
    .map(({ title }) => title)
    .sort();
};

const item = (name: string): string =>
  rssItem({
    guid: name,
    link: `https://city.example/${name}`,
    title: `Story ${name}`,
    more: '<category>Transport</category>',
  });

test('a source is added; what it has comes in quietly, what it shows next is news in the feed; and it can be removed', async () => {
  site.says('/feed', {
    headers: { etag: '"1"', 'content-type': 'application/rss+xml' },
    body: rss([item('one'), item('two')]),
  });
  const added = await courant.api('POST', '/api/v1/sources', { id: 'city', url: `${site.url}/feed`, language: 'en' });
  expect(added.status).toBe(201);
  expect(await looked(1)).toMatchObject({ state: 'well', trouble: null });
  expect(await articles()).toEqual(['Story one', 'Story two']);

  site.says('/feed', { headers: { etag: '"2"' }, body: rss([item('three'), item('one'), item('two')]) });
  expect((await courant.api('POST', '/api/v1/sources/city/poll')).status).toBe(202);
  await looked(2);
  await eventually(
    async () => {
      const feed = await (await courant.fetch('/feeds/en/mobility.rss')).text();
      return feed.includes('Story three') && !feed.includes('Story one') ? true : undefined;
    },
    'the new article in the feed, without the old ones',
    PATIENCE_MS,
  );
  expect(site.heard.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, '"1"']);

  site.says('/feed', '<!doctype html><title>Log in</title>');
  await courant.api('POST', '/api/v1/sources/city/poll');
  expect(await looked(3)).toMatchObject({ state: 'trouble', trouble: expect.stringContaining('web page') });
  expect(await articles()).toHaveLength(3);

  expect(
    (
      await courant.fetch('/api/v1/sources/city', {
        method: 'DELETE',
        headers: { authorization: `Bearer ${courant.key}` },
      })
    ).status,
  ).toBe(204);
  expect(await articles()).toHaveLength(3);
});
