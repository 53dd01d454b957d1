import { describe, expect, test } from 'vitest';
import { planFront } from '../../functions/site/pages/frontPlan.ts';
import { aSite } from './aSite.ts';
import { aPicture, aStory } from './aStory.ts';

const article = (...args: Parameters<typeof aStory>) => aStory(...args).article;

describe('the door of the house', () => {
  test.each([
    ['fr-BE, en;q=0.5', '/fr'],
    ['de', '/en'],
    ['de, es;q=0.4, fr;q=0.2', '/es'],
    ['', '/en'],
  ])('“%s” is sent to %s', async (acceptLanguage, location) => {
    const site = await aSite();
    const { status, headers } = await site.get('/', { 'accept-language': acceptLanguage });
    expect(status).toBe(302);
    expect(headers['location']).toBe(location);
    expect(headers['vary']).toBe('Accept-Language');
    expect(headers['cache-control']).toContain('private');
  });
});

describe('the front page', () => {
  test('shows the announced articles of its language and no others', async () => {
    const site = await aSite({
      articles: [
        aStory('ferry', { seq: 1 }),
        aStory('bac', { seq: 2, language: 'fr' }),
        aStory('import', { seq: 3, announcedSeq: null }),
        aStory('withdrawn', { seq: 4, state: 'retracted' }),
      ],
    });
    const { status, body, headers } = await site.get('/en');
    expect(status).toBe(200);
    expect(headers['content-language']).toBe('en');
    expect(headers['cache-control']).toContain('max-age=60');
    expect(body).toContain('href="/en/articles/ferry"');
    expect(body).not.toContain('/articles/bac');
    expect(body).not.toContain('/articles/import');
    expect(body).not.toContain('/articles/withdrawn');
  });

  test('a list that is a moment behind shows nothing that was withdrawn since', async () => {
    const gone = aStory('gone', { seq: 2, state: 'retracted' });
    const site = await aSite({
      articles: [aStory('ferry'), gone],
      ports: {
        lists: {
          news: async () => [
            { id: 'gone', announcedSeq: 2 },
            { id: 'ferry', announcedSeq: 1 },
          ],
          byDate: async () => [],
          translations: async () => [],
          authors: async () => [],
        },
      },
    });
    const { body } = await site.get('/en');
    expect(body).toContain('/articles/ferry');
    expect(body).not.toContain('/articles/gone');
  });

  test('of a newsroom that has only imported its past shows that', async () => {
    const site = await aSite({ articles: [aStory('old-news', { announcedSeq: null })] });
    expect((await site.get('/en')).body).toContain('/articles/old-news');
  });

  test('of a newsroom without articles says so', async () => {
    const { status, body } = await (await aSite()).get('/fr');
    expect(status).toBe(200);
    expect(body).toContain('Il n’y a encore rien ici.');
  });

  test('names its other languages, its feeds, imprint and privacy', async () => {
    const { body } = await (await aSite()).get('/en');
    expect(body).toContain('<link rel="canonical" href="https://news.example/en">');
    expect(body).toContain('<link rel="alternate" hreflang="fr" href="https://news.example/fr">');
    expect(body).toContain('<link rel="alternate" hreflang="x-default" href="https://news.example/">');
    for (const [type, ending] of [
      ['rss+xml', 'rss'],
      ['atom+xml', 'atom'],
      ['feed+json', 'json'],
    ]) {
      expect(body).toMatch(
        new RegExp(
          `type="application/${type?.replace('+', '\\+')}".*href="https://news.example/feeds/en/all.${ending}"`,
        ),
      );
    }
    expect(body).toContain('href="https://delta.example/imprint"');
    expect(body).toContain('href="https://delta.example/privacy"');
    expect(body).toContain('Courant 1.2.3');
  });

  test('offers the newsletter only where it is written in the page’s language', async () => {
    const site = await aSite();
    expect((await site.get('/en')).body).toContain('Delta Post');
    expect((await site.get('/es')).body).not.toContain('class="invitation"');
  });

  test('of a language that is none of ours is a 404', async () => {
    expect((await (await aSite()).get('/de')).status).toBe(404);
  });
});

describe('the plan of a front page', () => {
  const pictured = (name: string) => article(name, { image: aPicture() });

  test('the newest with a picture leads, if it is among the first', () => {
    const newest = [article('a'), pictured('b'), pictured('c')];
    expect(planFront(newest, []).lead?.id).toBe('b');
  });

  test('without a picture the newest leads', () => {
    expect(planFront([article('a'), article('b')], []).lead?.id).toBe('a');
  });

  test('every article stands once, under the first of its topics', () => {
    const newest = ['a', 'b', 'c', 'd', 'e'].map((name) => article(name, { topics: ['mobility', 'climate'] }));
    const { lead, beside, strips, more } = planFront(newest, [
      { topic: 'climate', articles: newest },
      { topic: 'mobility', articles: newest },
    ]);
    const shown = [lead, ...beside, ...strips.flatMap(({ articles }) => articles), ...more].map((one) => one?.id);
    expect(shown.toSorted()).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(strips.map(({ topic }) => topic)).toEqual(['mobility']);
  });

  test('an article without a topic is not lost', () => {
    const newest = ['a', 'b', 'c', 'd'].map((name) => article(name, { topics: [] }));
    expect(planFront(newest, []).more.map(({ id }) => id)).toEqual(['d']);
  });
});
