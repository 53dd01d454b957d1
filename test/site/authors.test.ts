import { parseOpml } from 'feedsmith';
import { describe, expect, test } from 'vitest';
import { lint } from '../../functions/feeds/lint/lint.ts';
import { aSite } from './aSite.ts';
import { aStory } from './aStory.ts';

const by = (...names: string[]) => ({ authors: names.map((name) => ({ name })) });
const articles = [
  aStory('ferry', { ...by('Ana Prat', '王小明', '***') }),
  aStory('tram', { ...by('José Núñez'), seq: 2 }),
  aStory('canal', { ...by('Jose Nunez'), seq: 3 }),
  aStory('archived', { ...by('Ana Prat'), announcedSeq: null }),
  aStory('bac', { ...by('Zoé <b>Petit</b>'), language: 'fr' }),
];
const site = await aSite({ articles });

describe('the page of an author’s feed', () => {
  test('shows the latest articles, and the feed’s addresses', async () => {
    const { status, body } = await site.get('/en/feeds/authors/ana-prat');
    expect(status).toBe(200);
    expect(body).toContain('<h1>Feed: Ana Prat</h1>');
    expect(body).toContain('value="https://news.example/feeds/en/authors/ana-prat.atom"');
    expect(body).toContain('/en/articles/ferry');
    expect(body).not.toContain('/en/articles/tram');
    expect(body).toContain(
      '<link rel="alternate" type="application/rss+xml" title="Delta &amp; Sons – Ana Prat (RSS)" href="https://news.example/feeds/en/authors/ana-prat.rss" hreflang="en">',
    );
  });

  test('names every spelling that meets at its address', async () => {
    expect((await site.get('/en/feeds/authors/jose-nunez')).body).toContain('Feed: Jose Nunez, José Núñez');
  });

  test.each(['/en/feeds/authors/nobody', '/fr/feeds/authors/ana-prat', '/xx/feeds/authors/ana-prat'])(
    '%s is not there',
    async (path) => {
      expect((await site.get(path)).status).toBe(404);
    },
  );
});

describe('an article’s page', () => {
  test('leads from the byline to the feeds of its authors, and browsers find them', async () => {
    const { body } = await site.get('/en/articles/ferry');
    expect(body).toMatch(
      /By <a href="\/en\/feeds\/authors\/ana-prat" rel="author">Ana Prat<\/a>, <a href="\/en\/feeds\/authors\/author-\w{12}" rel="author">王小明<\/a>,? and \*\*\*/,
    );
    expect(body).toContain('href="https://news.example/feeds/en/authors/ana-prat.json"');
  });

  test('leads to no feed that is not there: an article that was never announced is in none', async () => {
    const { body } = await site.get('/en/articles/archived');
    expect(body).toContain('By Ana Prat');
    expect(body).not.toContain('authors/ana-prat');
  });

  test('shows a name as text, whatever is in it', async () => {
    const { body } = await site.get('/fr/articles/bac');
    expect(body).toContain('Zoé &lt;b&gt;Petit&lt;/b&gt;</a>');
  });
});

test('all feeds: those of the authors of one’s language stand on the page, those of all in the OPML', async () => {
  const { body } = await site.get('/en/feeds');
  expect(body).toContain('<a href="/en/feeds/authors/ana-prat">Ana Prat</a>');
  expect(body).not.toContain('/fr/feeds/authors');
  const opml = (await site.get('/feeds.opml')).body;
  expect(lint(Buffer.from(opml))).toEqual([]);
  const [en, fr] = parseOpml(opml).body?.outlines ?? [];
  expect(en?.outlines?.map(({ xmlUrl }) => xmlUrl)).toContain('https://news.example/feeds/en/authors/jose-nunez.rss');
  expect(fr?.outlines?.map(({ text }) => text)).toContain('Delta & Sons (Français) – Zoé <b>Petit</b>');
});
