import { beforeEach, describe, expect, test } from 'vitest';
import { DAY_MS } from '../../functions/shared/time.ts';
import { aDoor, type Door } from './aDoor.ts';

// It is 10 in the morning of 4 May 2026 in the newsroom, 08:00 UTC.
let door: Door;
beforeEach(async () => {
  door = await aDoor();
});

const good = { language: 'en', title: 'A bridge opens', body: { html: '<p>Cyclists waited for nine years.</p>' } };

const post = (body: unknown) => door.call('POST', '/api/v1/articles', { body });

const page = (body: string, type = 'text/markdown') => door.call('POST', '/api/v1/articles', { body, type });

const text = 'Cyclists waited for nine years, and most of them forgot.\n\nThe band forgot nothing.';

describe('a day without a time', () => {
  const today = `# A bridge opens\n\n4 May 2026\n\n${text}`;

  test('that is today is out at once, though its noon is still to come', async () => {
    const { status, json } = await page(today);
    expect([status, json['state'], json['seq']]).toEqual([201, 'published', 1]);
  });

  test('gives the same article in the morning, in the evening and the day after', async () => {
    await page(today);
    for (const _ of ['evening', 'the day after']) {
      door.desk.pass(DAY_MS / 2);
      const { status, json } = await page(today);
      expect([status, json['unchanged'], json['revision']]).toEqual([200, true, 1]);
    }
  });

  test('that is to come is a schedule for its noon', async () => {
    const { json } = await post({ ...good, publishAt: '2026-05-05' });
    expect(json).toMatchObject({ state: 'draft', dueAt: '2026-05-05T10:00:00.000Z' });
  });

  test('holds as an embargo even if it is today', async () => {
    const { json } = await post({ ...good, embargoUntil: '2026-05-04' });
    expect(json).toMatchObject({ state: 'draft', dueAt: '2026-05-04T10:00:00.000Z' });
  });
});

describe('an end before the beginning', () => {
  test.each(['publishAt', 'embargoUntil'])('is refused: expiresAt before %s', async (begin) => {
    const dates = { [begin]: '2026-06-01T08:00:00Z', expiresAt: '2026-06-01T08:00:00Z' };
    const { status, json } = await post({ ...good, ...dates });
    expect([status, json['field']]).toEqual([400, 'expiresAt']);
    expect(door.stored()).toEqual([]);
  });
});

describe('the topic above a headline', () => {
  const kicked = (kicker: string, front = ''): string =>
    `${front}## rivergates 🌊\n\n## **NEWS**\n\n${kicker}\n\n## A bridge opens\n\n5 March 2025\n\n${text}`;

  test('that nobody knows is refused rather than forgotten', async () => {
    const { status, json } = await page(kicked('Beekeeping'));
    expect([status, json['field'], json['detail']]).toEqual([400, 'topics[0]', expect.stringContaining('mobility')]);
    expect(door.stored()).toEqual([]);
  });

  test('counts in any language and any case, and may be said in the front matter instead', async () => {
    const kickers = ['MOBILITÉ', 'movilidad', 'Public Transport'].map((kicker) => kicked(kicker));
    for (const sent of [...kickers, kicked('Beekeeping', '---\ntopics: [mobility]\n---\n')]) {
      door = await aDoor();
      const { status, json } = await page(sent);
      expect(status).toBe(201);
      expect((await door.call('GET', `/api/v1/articles/${String(json['id'])}`)).json['topics']).toEqual(['mobility']);
    }
  });
});

test('a chronicle keeps the dates that are its headings', async () => {
  const { json } = await page(`# Floods of a summer\n\nIt began as rain does.\n\n## 8 July 2019\n\n${text}`);
  const read = await door.call('GET', `/api/v1/articles/${String(json['id'])}`);
  expect(read.json).toMatchObject({
    publishedAt: door.desk.now(),
    body: { html: expect.stringContaining('<h2>8 July 2019</h2>') },
  });
});

describe('a page that says its language', () => {
  const inLanguage = (lang: string): string =>
    `<html lang="${lang}"><body><h1>Die Brücke öffnet</h1><p>Neun Jahre.</p></body></html>`;

  test('is refused where the newsroom has no such language', async () => {
    const { status, json } = await page(inLanguage('de-AT'), 'text/html');
    expect([status, json['field']]).toEqual([400, 'language']);
    expect(door.stored()).toEqual([]);
  });

  test.each([
    ['fr-BE', 'fr'],
    ['', 'en'],
    ['??', 'en'],
  ])('as “%s” comes out in %s', async (lang, language) => {
    const { json } = await page(inLanguage(lang), 'text/html');
    expect((await door.call('GET', `/api/v1/articles/${String(json['id'])}`)).json['language']).toBe(language);
  });
});

describe('the front matter of a page', () => {
  const sent = (...lines: string[]) => page(`---\n${lines.join('\n')}\n---\n# A bridge opens\n\n${text}`);

  test.each(['embargoUntil', 'embargo'])('keeps the page back until its “%s”', async (name) => {
    const { status, json } = await sent(`${name}: 2026-05-06T06:00:00Z`);
    expect([status, json['state'], json['dueAt']]).toEqual([201, 'draft', '2026-05-06T06:00:00.000Z']);
    expect(await door.desk.wire.head()).toBe(0);
  });

  test('may say that the page is over one day, and that it is no news', async () => {
    const { status, json } = await sent('expires: 2026-06-01T06:00:00Z', 'announce: false');
    expect(status).toBe(201);
    const read = await door.call('GET', `/api/v1/articles/${json['id']}`);
    expect(read.json).toMatchObject({ expiresAt: '2026-06-01T06:00:00.000Z', announced: false });
  });

  test('is refused where an embargo is no date', async () => {
    expect(await sent('embargo: soon')).toMatchObject({ status: 400, json: { field: 'embargoUntil' } });
  });
});
