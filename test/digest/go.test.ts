import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import '../feeds/quiet.ts';
import { builtTemplates } from '../mail/aDigest.ts';
import { aCountedEdition, BROWSER } from './support/aCountedEdition.ts';

let built: Awaited<ReturnType<typeof builtTemplates>>;
beforeAll(async () => {
  built = await builtTemplates();
});
afterAll(() => rm(built.directory, { recursive: true }));

const linkTo = (links: readonly string[], { article }: { readonly article: { readonly id: string } }): string =>
  links.find((link) => link.includes(article.id)) ?? '';

describe('a link that counts', () => {
  test('leads to where the article is now, and is kept and found by nobody', async () => {
    const { follow, links, boat, tram, room } = await aCountedEdition(built.templates);
    const answer = await follow(linkTo(links(), boat));
    expect(answer).toMatchObject({
      statusCode: 302,
      headers: {
        location: 'https://elsewhere.example/boat?a=1&b=2',
        'cache-control': 'no-store',
        'x-robots-tag': 'noindex',
        'referrer-policy': 'no-referrer',
      },
    });
    expect((await follow(linkTo(links(), tram))).headers['location']).toBe(
      'https://news.example/en/articles/article-2',
    );
    room.wire.revise(boat, { url: 'https://moved.example/böat' });
    expect((await follow(linkTo(links(), boat))).headers['location']).toBe('https://moved.example/b%C3%B6at');
  });

  test('of an article that was retracted leads to our page, which says so', async () => {
    const { follow, links, boat, room } = await aCountedEdition(built.templates);
    room.wire.retract(boat);
    expect((await follow(linkTo(links(), boat))).headers['location']).toBe(
      'https://news.example/en/articles/article-1',
    );
  });

  test('leads nowhere else, whatever is added to it', async () => {
    const { follow, links, boat } = await aCountedEdition(built.templates);
    const link = linkTo(links(), boat);
    for (const added of ['?to=https://evil.example', '?url=//evil.example&next=/x', '#https://evil.example']) {
      expect((await follow(link + added)).headers['location']).toBe('https://elsewhere.example/boat?a=1&b=2');
    }
    for (const path of ['/https://evil.example', '//evil.example', '%2f..%2f', '@evil.example']) {
      const { statusCode, headers } = await follow(link + path);
      expect([path, statusCode, headers['location']]).toEqual([path, 404, undefined]);
    }
  });

  test('leads to our page where the address is none that a browser should go to', async () => {
    const { follow, links, boat, room } = await aCountedEdition(built.templates);
    room.wire.revise(boat, { url: 'javascript:alert(1)' });
    expect((await follow(linkTo(links(), boat))).headers['location']).toBe(
      'https://news.example/en/articles/article-1',
    );
  });

  test('with one letter changed is the site’s page for what is not there, in the reader’s language', async () => {
    const { follow, links, visitsTable } = await aCountedEdition(built.templates);
    const [link = ''] = links();
    const changed = link.slice(0, -1) + (link.endsWith('A') ? 'B' : 'A');
    const french = await follow(changed, { headers: { ...BROWSER, 'accept-language': 'fr' } });
    expect(french).toMatchObject({
      statusCode: 404,
      headers: { 'cache-control': 'no-store', 'content-language': 'fr' },
    });
    const program = await follow(changed, { headers: { accept: '*/*' } });
    expect(program).toMatchObject({ statusCode: 404, headers: { 'content-type': 'application/problem+json' } });
    expect(visitsTable.items()).toEqual([]);
  });

  test('leads to the article although the click cannot be counted', async () => {
    const visits = {
      note: async () => {
        throw new Error('The table is away.');
      },
    };
    const { follow, links } = await aCountedEdition(built.templates, { ports: { visits } });
    expect((await follow(links()[0] ?? '')).statusCode).toBe(302);
  });
});

describe('the statistics of an edition', () => {
  test('are without clicks where none are counted', async () => {
    const { statistics } = await aCountedEdition(built.templates, { clicks: false });
    expect(await statistics()).toMatchObject({ clicks: null });
  });

  test('say how often each article was opened by people, and how often by programs', async () => {
    const { follow, links, boat, tram, french, count, statistics } = await aCountedEdition(built.templates);
    expect(await statistics()).toMatchObject({ clicks: { people: 0, automated: 0, articles: [], countedTo: null } });
    const [toBoat, toTram, toFrench] = [boat, tram, french].map((one) => linkTo(links(), one));
    for (const from of ['192.0.2.7', '192.0.2.8', '192.0.2.7']) await follow(toBoat ?? '', { from });
    await follow(toFrench ?? '', { from: '192.0.2.9' });
    await follow(toTram ?? '', { from: '192.0.2.9', method: 'HEAD', headers: { 'user-agent': 'curl/8.9.1' } });
    // A scanner in a browser's dress follows all that a mail has at once.
    await Promise.all([toBoat, toTram, toFrench].map((link) => follow(link ?? '', { from: '198.51.100.1' })));
    await count();
    expect(await statistics()).toMatchObject({
      languages: { en: { clicks: 2 }, fr: { clicks: 1 } },
      clicks: {
        people: 3,
        automated: 4,
        articles: [
          { id: boat.article.id, title: 'Boat', language: 'en', people: 2, automated: 1 },
          { id: french.article.id, title: 'Le tram', language: 'fr', people: 1, automated: 1 },
          { id: tram.article.id, title: 'Tram', language: 'en', people: 0, automated: 2 },
        ],
        countedTo: '2026-05-04T07:40:00.000Z',
      },
    });
  });

  test('go on showing clicks after the newsletter has stopped counting them', async () => {
    const { room, follow, links, count, statistics } = await aCountedEdition(built.templates);
    await follow(links()[0] ?? '');
    await count();
    const { newsroom } = room.newsletters.press;
    for (const newsletter of newsroom.newsletters) Object.assign(newsletter, { clicks: false });
    expect(await statistics()).toMatchObject({ clicks: { people: 1 } });
  });

  test('say nothing of anybody: what is kept until it is counted names no address, and is gone then', async () => {
    const { follow, links, count, visitsTable } = await aCountedEdition(built.templates);
    await follow(links()[0] ?? '', { from: '203.0.113.77' });
    const kept = JSON.stringify(visitsTable.items());
    expect(kept).toContain('VISITS#');
    expect(kept).not.toMatch(/203\.0\.113|Firefox|readers\.example/);
    await count();
    expect(visitsTable.items()).toEqual([]);
  });
});
