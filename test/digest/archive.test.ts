import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Archive, keepArchive } from '../../functions/digest/archive/archive.ts';
import { begunEditions } from '../../functions/digest/archive/begun.ts';
import { dynamoArchiveStates } from '../../functions/digest/archive/states.dynamo.ts';
import type { Curation } from '../../functions/digest/ledger/curation.ts';
import { newEdition } from '../../functions/digest/ledger/edition.ts';
import { newTrack } from '../../functions/digest/ledger/track.ts';
import { lint } from '../../functions/feeds/lint/lint.ts';
import { bucketShelf } from '../../functions/feeds/publish/shelf.s3.ts';
import { renderers } from '../../functions/feeds/render/renderers.ts';
import { openTemplates, type Templates } from '../../functions/shared/page/templates.ts';
import { MINUTE_MS } from '../../functions/shared/time.ts';
import type { Entry } from '../../functions/wire/entry.ts';
import type { Articles, CurrentArticle } from '../../functions/wire/ports.ts';
import '../feeds/quiet.ts';
import type { Cadence, Newsroom } from '../../functions/shared/config.ts';
import { memoryBucket } from '../support/memoryBucket.ts';
import { aDoor } from './support/aDoor.ts';
import { aNewsroom } from './support/aPress.ts';
import { aSubscriber } from './support/aSubscriber.ts';
import type { TestWire } from './support/aWire.ts';

let templates: Templates;
beforeAll(async () => {
  process.env['TEMPLATES_DIR'] = fileURLToPath(new URL('../../templates', import.meta.url));
  templates = await openTemplates();
});

/** What a wire says of its articles now. */
const articlesOn = (wire: TestWire): Articles => {
  const byIds = async (ids: readonly string[]): Promise<CurrentArticle[]> => {
    const entries = await wire.after(0, 1000);
    return ids.flatMap((id) => {
      const latest = entries.findLast(({ article }) => article.id === id);
      return latest ? [currentOf(latest)] : [];
    });
  };
  return { byIds, byId: async (id) => (await byIds([id]))[0], bySlug: async () => undefined };
};

const currentOf = ({ kind, seq, announcedSeq, article, reason, correction }: Entry): CurrentArticle => ({
  ...{ seq, announcedSeq, article, reason, state: kind === 'retracted' ? 'retracted' : 'live' },
  ...(correction !== undefined && { correction }),
});

/** A newsroom with two weekly readers, and the archive over the same stores. */
const aHouse = async (over: Partial<Newsroom['newsletters'][number]> = {}) => {
  const newsroom = aNewsroom();
  const newsletters = newsroom.newsletters.map((one) => ({ ...one, ...over }));
  const { room, call } = await aDoor({ newsroom: { ...newsroom, newsletters } });
  await room.join(aSubscriber('ana'), aSubscriber('bea', { languages: ['fr'] }));
  const { wire, ledger } = room;
  const bucket = memoryBucket();
  const archive: Archive = {
    ...{ ledger, wire, articles: articlesOn(wire), version: '1', renderers: renderers() },
    press: { ...room.planning.press, templates },
    shelf: room.planning.shelf,
    states: dynamoArchiveStates(room.table),
    feeds: bucketShelf(bucket),
  };
  const text = async (feed: string): Promise<string> => {
    const object = await bucket.get(`feeds/${feed}`);
    if (!object) throw new Error(`There is no ${feed}.`);
    return Buffer.from(object.bytes).toString('utf8');
  };
  return {
    ...{ room, wire, bucket, archive, text, call },
    keep: () => keepArchive(archive),
    items: async (language = 'en') => parseJsonFeed(await text(`${language}/editions.json`)).items ?? [],
    /** The edition of this Monday, curated before it begins, and sent. */
    async send(monday: string, curation?: Partial<Curation>): Promise<string> {
      room.turnTo(`${monday}T07:59:00.000Z`);
      await room.sweep();
      room.turnTo(`${monday}T08:00:00.000Z`);
      await room.sweep();
      const id = `city-news-weekly-${monday.replaceAll('-', '')}T080000Z`;
      await room.work();
      if (curation) {
        await call('PUT', `/api/v1/editions/${id}/curation`, curation);
        await room.work();
        await call('POST', `/api/v1/editions/${id}/approve`);
        await room.work();
      }
      room.later(MINUTE_MS);
      return id;
    },
  };
};

type House = Awaited<ReturnType<typeof aHouse>>;

const someNews = ({ wire }: House) => ({
  bridge: wire.publish({
    title: 'The <bridge> opens & stays',
    summary: 'After 3 years.',
    topics: ['mobility'],
    story: 's',
  }),
  pont: wire.publish({ language: 'fr', title: 'Le pont est ouvert', summary: null, story: 's' }),
  fares: wire.publish({ title: 'Fares fall', summary: 'By a tenth.', topics: ['mobility'] }),
});

describe('the feed of editions', () => {
  test('is there, in every language and format, before anything went out', async () => {
    const house = await aHouse();
    await house.keep();
    for (const language of ['en', 'fr']) expect(await house.items(language)).toEqual([]);
    expect(house.bucket.keys()).toContain('br/feeds/fr/editions.atom');
  });

  test('has an edition that began, in each of its languages, under the subject of its mails', async () => {
    const house = await aHouse();
    someNews(house);
    const id = await house.send('2026-05-04');
    await house.keep();
    const [item] = await house.items('en');
    expect(item).toMatchObject({
      id: `tag:example.org,2026:editions/${id}/en`,
      url: `https://news.example/en/editions/${id}`,
      title: 'Fares fall',
      summary: 'City News, 4 May 2026',
    });
    const subjects = house.room.sent.map(({ raw }) => /^Subject: (.*)$/m.exec(String(raw))?.[1]?.trim());
    expect(subjects.sort()).toEqual(['Fares fall', 'Le pont est ouvert']);
    expect(item?.content_html).toContain('>The &lt;bridge&gt; opens &amp; stays</a>');
    expect(item?.content_html).toContain('By a tenth.');
    const [french] = await house.items('fr');
    expect(french?.title).toBe('Le pont est ouvert');
    expect(french?.content_html).not.toContain('Fares fall');
  });

  test('keeps the weekly edition, however many go out at once', async () => {
    const begun = (cadence: string, count: number, day: string) =>
      Array.from({ length: count }, (_, i) => {
        const startedAt = `2026-05-${day}T${String(i % 24).padStart(2, '0')}:${String(Math.floor(i / 24)).padStart(2, '0')}:00.000Z`;
        return { edition: `${cadence}-${i}`, plannedAt: startedAt, startedAt, upTo: i };
      });
    const tracks = { weekly: begun('weekly', 2, '04'), immediate: begun('immediate', 60, '05') };
    const ledger = {
      track: async (newsletter: string, cadence: Cadence) => ({
        ...newTrack(newsletter, cadence, '2026-05-01T00:00:00.000Z', 0),
        begun: cadence === 'weekly' || cadence === 'immediate' ? tracks[cadence] : [],
      }),
      edition: async (id: string) => ({
        ...newEdition({ newsletter: 'city-news', cadence: 'weekly', slot: null, now: '2026-05-04T00:00:00.000Z' }),
        ...{ id, startedAt: '2026-05-04T00:00:00.000Z' },
      }),
    };
    const [newsletter] = aNewsroom().newsletters;
    if (!newsletter) throw new Error('There is no newsletter.');
    const cadences = { ...newsletter.cadences, immediate: { gatherMinutes: 0 } };
    const { editions } = await begunEditions(ledger, [{ ...newsletter, cadences }]);
    const ids = editions.map(({ id }) => id);
    expect(ids).toHaveLength(32);
    expect(ids.slice(-2)).toEqual(['weekly-1', 'weekly-0']);
  });

  test('has nothing of an edition that waits for an approval, or never began', async () => {
    const house = await aHouse({ approval: 'required' });
    someNews(house);
    const id = await house.send('2026-05-04');
    await house.keep();
    expect(await house.items()).toEqual([]);
    await house.call('POST', `/api/v1/editions/${id}/cancel`);
    await house.room.work();
    await house.keep();
    expect(await house.items()).toEqual([]);
  });

  test('says what an editor made of it: subject, intro, order, and nothing that was left out', async () => {
    const house = await aHouse({ approval: 'required' });
    const { bridge, fares } = someNews(house);
    const third = house.wire.publish({ title: 'A park' });
    await house.send('2026-05-04', {
      subject: { en: 'Bridges & more' },
      intro: { en: 'Dear reader, *look*: [a map](https://maps.example/?a=1&b=2)' },
      pinned: [bridge.article.id],
      excluded: [fares.article.id],
    });
    await house.keep();
    const [item] = await house.items();
    expect(item?.title).toBe('Bridges & more');
    const html = item?.content_html ?? '';
    expect(html).toContain('<p>Dear reader, <em>look</em>: <a href="https://maps.example/?a=1&amp;b=2">a map</a></p>');
    expect(html).not.toContain('Fares fall');
    expect(html.indexOf('bridge')).toBeLessThan(html.indexOf(third.article.title));
  });

  test('says of an article what became of it after it went out', async () => {
    const house = await aHouse();
    const { bridge, fares } = someNews(house);
    await house.send('2026-05-04');
    await house.keep();
    house.wire.revise(fares, { updatedAt: '2026-05-05T09:00:00.000Z' }, { correction: 'By a fifth.' });
    await house.keep();
    const [corrected] = await house.items();
    expect(corrected?.content_html).toContain('Corrected on 5 May 2026: By a fifth.');
    expect(corrected?.date_modified).toBe('2026-05-05T09:00:00.000Z');
    const { revision } = bridge.article;
    const withdrawn = { ...bridge.article, revision: revision + 1, html: '', summary: null };
    house.wire.retract(
      { ...bridge, article: { ...withdrawn, updatedAt: '2026-05-06T09:00:00.000Z' } },
      { reason: 'It is closed.' },
    );
    await house.keep();
    const [item] = await house.items();
    expect(item?.content_html).toContain('Withdrawn on 6 May 2026. Reason: It is closed.');
    expect(item?.content_html).not.toContain('After 3 years.');
    expect(item?.date_modified).toBe('2026-05-06T09:00:00.000Z');
  });

  test('is not written again where nothing changed, and says the same bytes when it is worked out anew', async () => {
    const house = await aHouse();
    someNews(house);
    await house.send('2026-05-04');
    await house.keep();
    const before = await house.bucket.head('feeds/en/editions.atom');
    const text = await house.text('en/editions.atom');
    house.wire.publish({ title: 'News for next week' });
    await house.keep();
    expect(await house.bucket.head('feeds/en/editions.atom')).toEqual(before);
    // As after somebody died before he could say that he was done.
    const state = await house.archive.states.read();
    await house.archive.states.save({ ...state, looked: '' });
    await house.keep();
    expect(await house.text('en/editions.atom')).toBe(text);
  });

  test('is right in the end wherever an archivist dies', async () => {
    let at = 0;
    for (let isDone = false; !isDone; at++) {
      const house = await aHouse();
      const { fares } = someNews(house);
      await house.send('2026-05-04');
      await house.keep();
      house.wire.revise(fares, { updatedAt: '2026-05-05T09:00:00.000Z' }, { correction: 'By a fifth.' });
      let left = at;
      const step = <Args extends unknown[], T>(run: (...args: Args) => Promise<T>): ((...args: Args) => Promise<T>) => {
        return async (...args) => {
          if (left-- === 0) throw new Error('He dies here.');
          return run(...args);
        };
      };
      const { feeds, states } = house.archive;
      const mortal: Archive = {
        ...house.archive,
        feeds: { ...feeds, find: step(feeds.find), put: step(feeds.put) },
        states: { read: step(states.read), save: step(states.save) },
      };
      isDone = await keepArchive(mortal).then(
        () => true,
        () => false,
      );
      await house.keep();
      for (const format of ['rss', 'atom', 'json']) {
        expect(await house.text(`en/editions.${format}`)).toContain('By a fifth.');
        const plain = await house.bucket.get(`feeds/en/editions.${format}`);
        const zipped = await house.bucket.get(`gzip/feeds/en/editions.${format}`);
        expect(gunzipSync(zipped?.bytes ?? Buffer.alloc(0))).toEqual(Buffer.from(plain?.bytes ?? []));
      }
    }
    // A state read and saved twice, and three objects for each of three formats.
    expect(at).toBeGreaterThan(12);
  });

  test('does not go back when a slow archivist comes after a fast one', async () => {
    const house = await aHouse();
    const { fares } = someNews(house);
    await house.send('2026-05-04');
    const shelf = house.archive.feeds;
    let overtaken = false;
    const slow: Archive = {
      ...house.archive,
      feeds: {
        ...shelf,
        async find(path) {
          if (!overtaken) {
            overtaken = true;
            house.wire.revise(fares, { title: 'Fares rise', updatedAt: '2026-05-05T09:00:00.000Z' });
            await house.keep();
          }
          return shelf.find(path);
        },
      },
    };
    await keepArchive(slow);
    for (const format of ['rss', 'atom', 'json'])
      expect(await house.text(`en/editions.${format}`)).toContain('Fares rise');
  });

  test.each(['rss', 'atom', 'json'])('has nothing to mend in %s, and is the golden one', async (format) => {
    const house = await aHouse({ approval: 'required' });
    const { fares } = someNews(house);
    await house.send('2026-05-04', { subject: { en: 'Bridges & <fares>' } });
    house.wire.publish({ title: 'A park', summary: 'With trees.', url: 'https://parks.example/a?b=1&c=2' });
    await house.send('2026-05-11', { intro: { en: 'A **short** week.' } });
    house.wire.revise(fares, { updatedAt: '2026-05-12T09:00:00.000Z' }, { correction: 'By a fifth.' });
    await house.keep();
    const text = await house.text(`en/editions.${format}`);
    expect(lint(Buffer.from(text))).toEqual([]);
    await expect(text).toMatchFileSnapshot(`../golden/feeds/en-editions.${format}`);
  });

  test('reads the same in every format, by another library', async () => {
    const house = await aHouse();
    someNews(house);
    await house.send('2026-05-04');
    house.wire.publish({ title: 'A park' });
    await house.send('2026-05-11');
    await house.keep();
    const json = (await house.items()).map(({ id, title, url }) => ({ id, title, url }));
    expect(json).toHaveLength(2);
    expect(json[0]?.title).toBe('A park');
    const atom = parseAtomFeed(await house.text('en/editions.atom'));
    expect(atom.entries?.map(({ id, title, links }) => ({ id, title: title?.value, url: links?.[0]?.href }))).toEqual(
      json,
    );
    const rss = parseRssFeed(await house.text('en/editions.rss'));
    expect(rss.items?.map(({ guid, title, link }) => ({ id: guid?.value, title, url: link }))).toEqual(json);
  });
});
