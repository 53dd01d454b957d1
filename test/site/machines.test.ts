import { parseOpml } from 'feedsmith';
import { describe, expect, test } from 'vitest';
import { aSite } from './aSite.ts';
import { aPicture, aStory } from './aStory.ts';

describe('what programs look for', () => {
  test('the OPML names every feed by its absolute address', async () => {
    const { status, headers, body } = await (await aSite()).get('/feeds.opml');
    expect(status).toBe(200);
    expect(headers['content-type']).toContain('text/x-opml');
    const outlines = parseOpml(body).body?.outlines ?? [];
    expect(outlines.map(({ text }) => text)).toEqual(['English', 'Français', 'Español']);
    const feeds = outlines.flatMap((one) => one.outlines ?? []);
    expect(feeds).toHaveLength(12);
    expect(feeds[0]).toMatchObject({
      type: 'rss',
      text: 'Delta & Sons (English)',
      xmlUrl: 'https://news.example/feeds/en/all.rss',
      htmlUrl: 'https://news.example/en',
    });
  });

  test.each([
    ['/feed', '/feeds/en/all.rss'],
    ['/rss.xml', '/feeds/en/all.rss'],
    ['/atom.xml', '/feeds/en/all.atom'],
    ['/feed.json', '/feeds/en/all.json'],
  ])('%s leads to the main feed', async (path, location) => {
    const { status, headers } = await (await aSite()).get(path);
    expect([status, headers['location']]).toEqual([302, location]);
  });

  test('/healthz says that all is well, and when it is not', async () => {
    const well = await (await aSite()).get('/healthz');
    expect(well.status).toBe(200);
    expect(JSON.parse(well.body)).toEqual({ state: 'ok', version: '1.2.3' });
    expect(well.headers['cache-control']).toBe('no-store');
    const ill = await aSite({ ports: { table: { get: async () => Promise.reject(new Error('no table')) } } });
    const answer = await ill.get('/healthz');
    expect(answer.status).toBe(503);
    expect(JSON.parse(answer.body)).toEqual({ state: 'failing', version: '1.2.3' });
  });
});

describe('assets', () => {
  test('the stylesheet has the newsroom’s colours, and may be kept for ever under its address', async () => {
    const look = { accent: '#aa0000', accentDark: '#ff8888', ink: '#111111', paper: '#fffff0', logo: 'logo.svg' };
    const site = await aSite({ newsroom: { look } });
    const address = /href="(\/assets\/site\.css\?v=\w+)"/.exec((await site.get('/en')).body)?.[1] ?? '';
    const { headers, body } = await site.get(address);
    expect(headers['content-type']).toContain('text/css');
    expect(headers['cache-control']).toContain('immutable');
    for (const colour of ['#aa0000', '#ff8888', '#111111', '#fffff0']) expect(body).toContain(colour);
    expect((await site.get('/assets/site.css?v=other')).headers['cache-control']).not.toContain('immutable');
  });

  test('another look has another address', async () => {
    const addressOf = async (accent: string): Promise<string | undefined> => {
      const look = { accent, accentDark: '#ff8888', ink: '#111111', paper: '#ffffff', logo: 'logo.svg' };
      return /site\.css\?v=\w+/.exec((await (await aSite({ newsroom: { look } })).get('/en')).body)?.[0];
    };
    expect(await addressOf('#aa0000')).not.toBe(await addressOf('#00aa00'));
  });

  test('pictures come as they are', async () => {
    const site = await aSite();
    const icon = await site.get('/favicon.ico');
    expect(icon.headers['content-type']).toBe('image/png');
    expect(icon.bytes.subarray(1, 4).toString()).toBe('PNG');
    expect((await site.get('/assets/logo.svg')).headers['content-type']).toBe('image/svg+xml');
    expect((await site.get('/assets/samples/ferry.png')).status).toBe(200);
  });

  test.each([
    '/assets/none.png',
    '/assets/..%2flayout.liquid',
    '/assets/%2e%2e%2f%2e%2e%2flocales%2fen.json',
    '/assets/samples/..%2flogo.svg',
  ])('%s is nothing of ours', async (path) => {
    expect((await (await aSite()).get(path)).status).toBe(404);
  });
});

describe('when something is wrong', () => {
  test('a person gets a page in the language of the address', async () => {
    const { status, headers, body } = await (await aSite()).get('/fr/nulle-part');
    expect(status).toBe(404);
    expect(headers['content-language']).toBe('fr');
    expect(body).toContain('Il n’y a rien à cette adresse');
    expect(body).toContain('<meta name="robots" content="noindex">');
    expect(body).not.toContain('rel="canonical"');
  });

  test('else in the language of the browser', async () => {
    const { headers } = await (await aSite()).get('/nada', { accept: 'text/html', 'accept-language': 'es' });
    expect(headers['content-language']).toBe('es');
    expect(headers['vary']).toContain('Accept-Language');
  });

  test('a program gets a problem document', async () => {
    const { status, headers } = await (await aSite()).get('/en/articles/none', { accept: 'application/json' });
    expect([status, headers['content-type']]).toEqual([404, 'application/problem+json']);
  });

  test('a fault of ours is a page that tells nothing of it', async () => {
    const site = await aSite({
      ports: {
        articles: {
          byId: async () => undefined,
          byIds: async () => [],
          bySlug: async () => Promise.reject(new Error('secret detail')),
        },
      },
    });
    const { status, body, headers } = await site.get('/en/articles/x');
    expect(status).toBe(500);
    expect(body).toContain('Something went wrong here');
    expect(body).not.toContain('secret');
    expect(headers['cache-control']).toBe('no-store');
  });
});

describe('every page', () => {
  const pages = ['/en', '/en/articles/ferry', '/en/topics/mobility', '/en/editions', '/en/feeds', '/en/none'];

  test.each(pages)('%s forbids scripts, and has none', async (path) => {
    const site = await aSite({ articles: [aStory('ferry', { image: aPicture() })] });
    const { headers, body } = await site.get(path);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['x-content-type-options']).toBe('nosniff');
    // A block of data is not run.
    expect(body).not.toMatch(/<script(?! type="application\/ld\+json">)|<style|\sstyle=|\son\w+=/);
  });

  test.each(pages)('%s makes its links from the site’s address, never from the host asked', async (path) => {
    const site = await aSite({ articles: [aStory('ferry')] });
    const { body } = await site.get(path, { accept: 'text/html', 'x-forwarded-host': 'evil.example' });
    expect(body).not.toContain('execute-api');
    expect(body).not.toContain('evil.example');
  });

  test('has a text for everything it says in every language', async () => {
    const site = await aSite({
      articles: [aStory('ferry'), aStory('bac', { language: 'fr' }), aStory('barco', { language: 'es' })],
    });
    for (const path of ['/en/articles/ferry', '/fr/articles/bac', '/es/articles/barco', '/en', '/fr', '/es']) {
      const { status, body } = await site.get(path);
      expect(status).toBe(200);
      expect(body).not.toMatch(/\{\w+\}/);
    }
  });

  test('is not sent again to whoever has it', async () => {
    const site = await aSite();
    const { headers } = await site.get('/en');
    const again = await site.get('/en', { accept: 'text/html', 'if-none-match': headers['etag'] ?? '' });
    expect([again.status, again.body]).toEqual([304, '']);
  });
});
