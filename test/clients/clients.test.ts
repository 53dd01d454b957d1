import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseJsonFeed } from 'feedsmith';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Courant, eventually, startCourant } from '../support/courant.ts';
import { ARTICLES, type Sent } from './articles.ts';
import { type FeedReader, POLLING, READING, type Shown, type Subscribed, textOf } from './debian.ts';
import { openRecorder, type Recorder } from './recorder.ts';

/**
 * What people have on their machines reads our feeds: Debian's feed readers against a running Courant. `install.sh` beside
 * this file installs them where it can; what is not there is skipped by name.
 */

const A_WHILE = 120_000;
const LANGUAGES = ['en', 'fr', 'es'] as const;
const wanted = ({ formats, ...reader }: FeedReader) => formats.map((format) => ({ ...reader, formats, format }));

let courant: Courant;
let recorder: Recorder;
let directory: string;
/** By title. */
const ids = new Map<string, string>();

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'courant-clients-'));
  courant = await startCourant();
  recorder = await openRecorder(courant.url);
  for (const article of ARTICLES) ids.set(article.title, await publish(article));
  for (const language of LANGUAGES) await inFeed(language, titlesIn(language).length);
}, A_WHILE);

afterAll(async () => {
  await recorder.close();
  await courant.remove();
  await rm(directory, { recursive: true, force: true });
});

const titlesIn = (language: string): string[] =>
  ARTICLES.filter((article) => article.language === language).map(({ title }) => title);

const publish = async ({ language, title, html, authors, at }: Sent): Promise<string> => {
  const { status, json } = await courant.api('POST', '/api/v1/articles', {
    ...{ language, title, body: { html }, topics: ['mobility'], publishAt: at, externalId: `${at}-${language}` },
    authors: authors.map((name) => ({ name })),
  });
  expect(status).toBeLessThan(300);
  return z.string().parse(json['id']);
};

const jsonFeed = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      content_html: z.string(),
      authors: z.array(z.object({ name: z.string() })).default([]),
      date_published: z.string(),
    }),
  ),
});
const itemsOf = async (answer: Response) => jsonFeed.parse(await answer.json()).items;

/** Waits until the feed has so many articles, in every format: JSON is not the last that is written. */
const inFeed = async (language: string, count: number, word = ''): Promise<void> => {
  await eventually(
    async () => {
      const texts = await Promise.all(
        ['rss', 'atom', 'json'].map(async (format) => (await courant.fetch(`/feeds/${language}/all.${format}`)).text()),
      );
      const have = texts.map((text) => text.match(/<item>|<entry>|"content_html":/g)?.length ?? 0);
      return (have.every((n) => n === count) && texts.every((text) => text.includes(word))) || undefined;
    },
    `${count} articles in the feeds`,
    A_WHILE / 2,
  );
};

/** What a reader ought to show of the articles in this language, newest first. */
const expected = (language: string, authors: (names: readonly string[]) => string): Shown[] =>
  ARTICLES.filter((article) => article.language === language)
    .map(({ title, html, at, authors: names }) => ({
      id: guid(title),
      title,
      authors: authors(names),
      at,
      text: textOf(html),
    }))
    .toReversed();

const guid = (title: string): string => expect.stringMatching(new RegExp(`^tag:.*:${ids.get(title)}$`));

const newPlace = () => mkdtemp(join(directory, 'reader-'));

describe.each(READING.flatMap(wanted))('$name, of $format,', (reader) => {
  const { isThere, format, name } = reader;
  // Each of its runs takes a second, and it reads with feedparser.
  const languages = name === 'rss2email' ? (['en'] as const) : LANGUAGES;

  test.skipIf(!isThere)(
    'shows title, authors, date, text, id and order as they were sent',
    async () => {
      for (const language of languages) {
        const feed = await reader.subscribe(`${courant.url}/feeds/${language}/all.${format}`, await newPlace());
        const articles = expected(language, (names) => reader.authors(names, format));
        // When the articles came onto the wire, in this run of the test.
        const updated = articles.map((article) => ({ ...article, at: expect.stringMatching(/^20.*Z$/) }));
        expect(await feed.poll()).toEqual(reader.datesBy?.[format] === 'updated' ? updated : articles);
      }
    },
    A_WHILE,
  );
});

test('as JSON Feed, which no reader of Debian 12 knows, they are what was sent to a parser of others too', async () => {
  for (const language of LANGUAGES) {
    const text = await (await courant.fetch(`/feeds/${language}/all.json`)).text();
    const items = (parseJsonFeed(JSON.parse(text)).items ?? []).map((item) => ({
      id: item.id ?? '',
      title: item.title ?? '',
      authors: (item.authors ?? []).map(({ name }) => name).join(', '),
      at: new Date(item.date_published ?? '').toISOString(),
      text: textOf(item.content_html ?? ''),
    }));
    expect(items).toEqual(expected(language, (names) => names.join(', ')));
  }
});

/** Runs in order: each of these goes on from what the one before left. */
describe('a reader that polls', () => {
  const subscriptions = new Map<string, { feed: Subscribed; before: Shown[] }>();
  const polling = POLLING.flatMap(wanted);
  const keyOf = ({ name, format }: { name: string; format: string }): string => `${name} ${format}`;
  const subscriptionOf = (one: { name: string; format: string }) => {
    const found = subscriptions.get(keyOf(one));
    if (!found) throw new Error(`${keyOf(one)} has not polled before.`);
    return found;
  };

  for (const reader of polling) {
    test.skipIf(!reader.isThere)(
      `asks again with a condition, is answered 304, and shows nothing new: ${keyOf(reader)}`,
      async () => {
        const path = `/feeds/en/all.${reader.format}`;
        const feed = await reader.subscribe(recorder.url + path, await newPlace());
        const before = await feed.poll();
        expect(before).toHaveLength(titlesIn('en').length);
        for (let polls = 1; polls < (reader.pollsToKnow ?? 1); polls++) expect(await feed.poll()).toEqual(before);
        for (const one of recorder.taken()) expect(one).toEqual({ path, status: 200, isConditional: false });
        expect(await feed.poll()).toEqual(before);
        expect(recorder.taken()).toEqual([{ path, status: 304, isConditional: true }]);
        subscriptions.set(keyOf(reader), { feed, before });
      },
      A_WHILE,
    );
  }

  test('as JSON Feed is answered 304 as well', async () => {
    const first = await fetch(`${recorder.url}/feeds/en/all.json`);
    await first.arrayBuffer();
    const headers = { 'if-none-match': first.headers.get('etag') ?? '' };
    expect((await fetch(`${recorder.url}/feeds/en/all.json`, { headers })).status).toBe(304);
    recorder.taken();
  });

  describe('after a revision', () => {
    beforeAll(async () => {
      const [first] = ARTICLES;
      if (!first) throw new Error('There is no article.');
      await publish({ ...first, html: '<p>It was put right.</p>' });
      await inFeed('en', titlesIn('en').length, 'put right');
    }, A_WHILE);

    for (const reader of polling) {
      test.skipIf(!reader.isThere)(
        `shows the same articles, none of them twice: ${keyOf(reader)}`,
        async () => {
          const { feed, before } = subscriptionOf(reader);
          const after = await feed.poll();
          expect(recorder.taken()).toMatchObject([{ status: 200, isConditional: true }]);
          expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
          // A mail that was sent stays as it was; the others show the article as it is now.
          const texts = reader.name === 'rss2email' ? before.at(-1)?.text : 'It was put right.';
          expect(after.at(-1)?.text).toBe(texts);
        },
        A_WHILE,
      );
    }

    test('shows the same ids as JSON Feed, and the new text', async () => {
      const items = await itemsOf(await courant.fetch('/feeds/en/all.json'));
      expect(items.map(({ id }) => id)).toEqual(expected('en', String).map(({ id }) => id));
      expect(items.at(-1)?.content_html).toContain('put right');
    });
  });

  describe('after a retraction', () => {
    const wrong = 'A figure that was wrong';
    const left = titlesIn('en').filter((title) => title !== wrong);
    beforeAll(async () => {
      expect((await courant.api('DELETE', `/api/v1/articles/${ids.get(wrong)}?reason=Wrong.`)).status).toBe(200);
      await inFeed('en', left.length);
    }, A_WHILE);

    for (const reader of polling) {
      test.skipIf(!reader.isThere)(
        `shows nothing new, and a new reader never sees it: ${keyOf(reader)}`,
        async () => {
          const { feed, before } = subscriptionOf(reader);
          const known = new Set(before.map(({ id }) => id));
          expect((await feed.poll()).filter(({ id }) => !known.has(id))).toEqual([]);
          const address = `${courant.url}/feeds/en/all.${reader.format}`;
          const fresh = await (await reader.subscribe(address, await newPlace())).poll();
          expect(fresh.map(({ title }) => title)).toEqual(left.toReversed());
        },
        A_WHILE,
      );
    }

    test('is not told of it as JSON Feed', async () => {
      const items = await itemsOf(await courant.fetch('/feeds/en/all.json'));
      expect(items.map(({ title }) => title)).toEqual(left.toReversed());
    });
  });
});
