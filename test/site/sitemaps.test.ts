import { DOMParser } from '@xmldom/xmldom';
import { describe, expect, test } from 'vitest';
import { aSite } from './aSite.ts';
import { aStory } from './aStory.ts';

type Setup = NonNullable<Parameters<typeof aSite>[0]>;

const mapAt = async (path: string, setup: Setup = {}) => {
  const { status, headers, body } = await (await aSite(setup)).get(path);
  expect([status, headers['content-type']]).toEqual([200, 'application/xml; charset=utf-8']);
  // A parser that takes nothing but well-formed XML.
  const onError = (_: string, message: string): never => {
    throw new Error(message);
  };
  const map = new DOMParser({ onError }).parseFromString(body, 'application/xml');
  const all = (name: string) => Array.from(map.getElementsByTagName(name));
  return { headers, all, texts: (name: string) => all(name).map((node) => node.textContent) };
};

const title = '5 < 6 & "7" > \'3\' ]]></news:title>';

describe('the sitemap', () => {
  test('robots.txt names the sitemaps and keeps readers’ own pages out', async () => {
    const { body } = await (await aSite()).get('/robots.txt');
    expect(body).toContain('Sitemap: https://news.example/sitemap.xml\n');
    expect(body).toContain('Sitemap: https://news.example/news-sitemap.xml\n');
    expect(body).toContain('Disallow: /unsubscribe/\n');
    expect(body).toContain('Disallow: /go/\n');
  });

  test('is a list of one for each language, and each of them is there', async () => {
    const index = await mapAt('/sitemap.xml');
    expect(index.headers['cache-control']).toBe('public, max-age=3600');
    const maps = index.texts('loc');
    expect(maps).toEqual(['en', 'fr', 'es'].map((id) => `https://news.example/sitemap-${id}.xml`));
    for (const map of maps) await mapAt(new URL(map ?? '').pathname);
    expect(index.all('sitemapindex')).toHaveLength(1);
  });

  test.each(['/sitemap-de.xml', '/sitemap-.xml', '/sitemap-en.xml.xml', '/sitemap-en', '/sitemap-en%2fx.xml'])(
    '%s is nothing of ours',
    async (path) => {
      expect((await (await aSite()).get(path)).status).toBe(404);
    },
  );

  test('of a language has its pages and the live articles that live here', async () => {
    const map = await mapAt('/sitemap-en.xml', {
      articles: [
        aStory('ferry', { seq: 1 }),
        aStory('withdrawn', { seq: 2, state: 'retracted' }),
        aStory('elsewhere', { seq: 3, url: 'https://city.example/x' }),
        aStory('bac', { seq: 4, language: 'fr' }),
      ],
    });
    const places = map.texts('loc');
    expect(places).toContain('https://news.example/en/topics/climate');
    expect(places.filter((place) => place?.includes('/articles/'))).toEqual(['https://news.example/en/articles/ferry']);
    expect(places.filter((place) => !place?.startsWith('https://news.example/en'))).toEqual([]);
    expect(map.texts('lastmod')).toEqual(['2026-05-01T08:00:05.000Z']);
  });

  test('names a story in all its languages, the article’s own too', async () => {
    const articles = [
      aStory('ferry', { story: 's' }),
      aStory('bac', { story: 's', language: 'fr' }),
      aStory('barco', { story: 's', language: 'es', state: 'retracted' }),
      aStory('alone'),
    ];
    for (const language of ['en', 'fr']) {
      const map = await mapAt(`/sitemap-${language}.xml`, { articles });
      const links = map.all('xhtml:link').map((link) => [link.getAttribute('hreflang'), link.getAttribute('href')]);
      expect(links.filter(([, href]) => href?.includes('/articles/')).sort()).toEqual([
        ['en', 'https://news.example/en/articles/ferry'],
        ['fr', 'https://news.example/fr/articles/bac'],
      ]);
    }
  });
});

describe('the news sitemap', () => {
  test('has the last two days in every language, the newest first', async () => {
    const map = await mapAt('/news-sitemap.xml', {
      articles: [
        aStory('ferry', { seq: 1, publishedAt: '2026-05-01T08:00:00.000Z' }),
        aStory('bac', { seq: 2, language: 'fr', publishedAt: '2026-05-02T08:00:00.000Z' }),
        aStory('just', { seq: 3, publishedAt: '2026-04-30T12:00:00.000Z' }),
        aStory('old', { seq: 4, publishedAt: '2026-04-30T11:59:59.999Z' }),
        aStory('withdrawn', { seq: 5, state: 'retracted' }),
        aStory('elsewhere', { seq: 6, url: 'https://city.example/x' }),
      ],
    });
    expect(map.texts('loc')).toEqual([
      'https://news.example/fr/articles/bac',
      'https://news.example/en/articles/ferry',
      'https://news.example/en/articles/just',
    ]);
    expect(map.texts('news:language')).toEqual(['fr', 'en', 'en']);
    expect(map.texts('news:publication_date')[0]).toBe('2026-05-02T08:00:00.000Z');
    expect(map.headers['cache-control']).toBe('public, max-age=300');
  });

  test('holds a thousand articles and no more', async () => {
    const articles = Array.from({ length: 1001 }, (_, i) => aStory(`n${i}`, { seq: i + 1 }));
    expect((await mapAt('/news-sitemap.xml', { articles })).all('url')).toHaveLength(1000);
  });

  test('gives names and titles back as they were', async () => {
    const map = await mapAt('/news-sitemap.xml', { articles: [aStory('ferry', { title })] });
    expect(map.texts('news:title')).toEqual([title]);
    expect(map.texts('news:name')).toEqual(['Delta & Sons']);
  });
});
