import { describe, expect, test } from 'vitest';
import type { Issue } from '../../functions/digest/archive/issue.ts';
import { newEdition } from '../../functions/digest/ledger/edition.ts';
import { aSite } from './aSite.ts';
import { aStory } from './aStory.ts';

const day = (n: number): string => `2026-05-${String(n).padStart(2, '0')}T08:00:00.000Z`;
const articleLinks = (body: string): string[] =>
  [...body.matchAll(/class="story__title"><a href="([^"]+)"/g)].map(([, path = '']) => path);

describe('a topic’s page', () => {
  test('has every live article of the topic by date, announced or not', async () => {
    const site = await aSite({
      articles: [
        aStory('second', { seq: 1, publishedAt: day(2) }),
        aStory('third', { seq: 2, publishedAt: day(3), announcedSeq: null }),
        aStory('first', { seq: 3, publishedAt: day(1) }),
        aStory('elsewhere', { seq: 4, topics: ['climate'] }),
      ],
    });
    const { status, body } = await site.get('/en/topics/mobility');
    expect(status).toBe(200);
    expect(articleLinks(body)).toEqual(['/en/articles/third', '/en/articles/second', '/en/articles/first']);
    expect(body).toContain('href="https://news.example/feeds/en/mobility.atom"');
    expect(body).toContain('aria-current="page"');
  });

  test('turns its pages without leaving an article out or showing one twice', async () => {
    const articles = Array.from({ length: 45 }, (_, i) =>
      aStory(`n${i}`, { seq: i + 1, publishedAt: day(1 + (i % 9)) }),
    );
    const site = await aSite({ articles });
    const seen: string[] = [];
    let pages = 0;
    for (let path: string | undefined = '/en/topics/mobility'; path; pages++) {
      const { body } = await site.get(path);
      seen.push(...articleLinks(body));
      path = /href="([^"]+)" rel="next"/.exec(body)?.[1];
    }
    expect(pages).toBe(3);
    expect(seen.toSorted()).toEqual(articles.map(({ article }) => `/en/articles/${article.slug}`).toSorted());
  });

  test('a later page is its own address and leads back to the newest', async () => {
    const articles = Array.from({ length: 21 }, (_, i) => aStory(`n${i}`, { seq: i + 1, publishedAt: day(i + 1) }));
    const site = await aSite({ articles });
    const next = /href="([^"]+)" rel="next"/.exec((await site.get('/en/topics/mobility')).body)?.[1] ?? '';
    const { body } = await site.get(next);
    expect(body).toContain(`<link rel="canonical" href="https://news.example${next}">`);
    expect(body).toContain('<a href="/en/topics/mobility">Newest articles</a>');
    expect(body).not.toContain('hreflang="fr" href="https://news.example/fr/topics');
  });

  test('a place in the list that cannot be is a 400, a mark of a campaign is not', async () => {
    const site = await aSite();
    expect((await site.get('/en/topics/mobility?before=%3Cscript%3E')).status).toBe(400);
    expect((await site.get('/en/topics/mobility?utm_source=x')).status).toBe(200);
  });

  test('an unknown topic is a 404', async () => {
    expect((await (await aSite()).get('/en/topics/gardening')).status).toBe(404);
  });
});

describe('past newsletters', () => {
  const sent = {
    ...newEdition({ newsletter: 'delta-post', cadence: 'weekly', slot: day(11), now: day(11) }),
    state: 'complete' as const,
    after: 1,
    upTo: 3,
    startedAt: day(11),
  };
  const planned = newEdition({ newsletter: 'delta-post', cadence: 'weekly', slot: day(18), now: day(18) });

  test('lists what went out, and nothing that is still being made', async () => {
    const site = await aSite({ editions: [planned, sent] });
    const { body } = await site.get('/en/editions');
    expect(body).toContain(`href="/en/editions/${sent.id}"`);
    expect(body).toContain('11 May 2026');
    expect(body).not.toContain(planned.id);
    expect((await site.get(`/en/editions/${planned.id}`)).status).toBe(404);
  });

  test('has a page for every fifty, to the first one', async () => {
    const all = Array.from({ length: 120 }, (_, i) => {
      const slot = `2026-0${1 + (i % 5)}-${String(1 + Math.floor(i / 5)).padStart(2, '0')}T06:00:00.000Z`;
      const edition = newEdition({ newsletter: 'delta-post', cadence: 'weekly', slot, now: slot });
      return { ...edition, startedAt: slot, subjects: i % 20 === 0 ? { fr: 'Bacs' } : { en: `Boats ${i}` } };
    });
    const site = await aSite({ editions: all });
    const seen: string[] = [];
    let path = '/en/editions';
    for (let pages = 1; ; pages++) {
      const { body } = await site.get(path);
      seen.push(...articleLinks(body));
      const [, older] = /<a href="([^"]+)" rel="next">/.exec(body) ?? [];
      if (older === undefined) {
        expect(pages).toBe(3);
        break;
      }
      path = older;
    }
    expect(seen).toHaveLength(114);
    expect(new Set(seen).size).toBe(114);
    expect((await site.get('/en/editions?before=x')).status).toBe(400);
  });

  test('an edition’s page has the articles between its bounds that are still public', async () => {
    const site = await aSite({
      editions: [sent],
      articles: [
        aStory('before', { seq: 1 }),
        aStory('in', { seq: 2 }),
        aStory('withdrawn', { seq: 3, state: 'retracted' }),
        aStory('after', { seq: 4 }),
      ],
    });
    const { status, body } = await site.get(`/en/editions/${sent.id}`);
    expect(status).toBe(200);
    expect(articleLinks(body)).toEqual(['/en/articles/in']);
    expect(body).toContain('1 article');
  });

  describe('with what its mails said', () => {
    const kept = { ...sent, issue: sent.id };
    const issue = (articles: string[], over = {}) => ({
      edition: sent.id,
      languages: { en: { label: 'Delta Post', subject: 'Boats & more', intro: null, articles, ...over } },
    });

    test('shows its subject, its intro and its articles in their order', async () => {
      const [first, second, other] = [
        aStory('one', { seq: 2 }),
        aStory('two', { seq: 3 }),
        aStory('left-out', { seq: 1 }),
      ];
      const site = await aSite({
        editions: [kept],
        articles: [first, second, other],
        issues: [issue([second.article.id, first.article.id], { intro: 'Dear *reader* <b>' })],
      });
      const { body } = await site.get(`/en/editions/${sent.id}`);
      expect(articleLinks(body)).toEqual(['/en/articles/two', '/en/articles/one']);
      expect(body).toContain('Boats &amp; more');
      expect(body).toContain('<p>Dear <em>reader</em> &lt;b&gt;</p>');
      expect(body).toContain('href="https://news.example/feeds/en/editions.atom"');
    });

    test('says what was corrected, updated or withdrawn since, and when', async () => {
      const after = day(13);
      const stories = [
        aStory('same', { seq: 1, updatedAt: day(10) }),
        { ...aStory('wrong', { seq: 2, updatedAt: after }), correction: 'It is nine, not <ten>.' },
        aStory('longer', { seq: 3, updatedAt: after }),
        { ...aStory('withdrawn', { seq: 4, state: 'retracted', updatedAt: after }), reason: 'It was not true.' },
        aStory('gone-before', { seq: 5, state: 'retracted', updatedAt: day(10) }),
        aStory('over', { seq: 6, state: 'expired', updatedAt: after }),
      ];
      const site = await aSite({
        editions: [kept],
        articles: stories,
        issues: [issue(stories.map(({ article }) => article.id))],
      });
      const { body } = await site.get(`/en/editions/${sent.id}`);
      expect(articleLinks(body)).toEqual(['same', 'wrong', 'longer', 'withdrawn'].map((one) => `/en/articles/${one}`));
      const said = [...body.matchAll(/<p class="notice">([^<]+)<\/p>/g)].map(([, text]) => text);
      expect(said).toEqual([
        'Corrected on 13 May 2026: It is nine, not &lt;ten&gt;.',
        'Updated on 13 May 2026.',
        'Withdrawn on 13 May 2026. Reason: It was not true.',
      ]);
    });

    describe('in several languages', () => {
      const entry = (articles: string[], over = {}) => ({
        ...{ label: 'Delta Post', subject: 'Boats', intro: null, articles, ...over },
      });
      const boat = aStory('boat', { seq: 1, story: 's' });
      const bac = aStory('bac', { seq: 2, language: 'fr', story: 's' });
      const tram = aStory('tram', { seq: 3, language: 'fr' });
      const inBoth = {
        edition: sent.id,
        languages: { en: entry([boat.article.id]), fr: entry([bac.article.id, tram.article.id], { subject: 'Bacs' }) },
      };
      const inFrench = { edition: sent.id, languages: { fr: inBoth.languages.fr } };
      const site = (issue: Issue) => aSite({ editions: [kept], articles: [boat, bac, tram], issues: [issue] });

      test('shows what a reader of these languages got: each story once, each language named', async () => {
        const { status, body } = await (await site(inBoth)).get(`/en/editions/${sent.id}?also=fr,xx,en`);
        expect(status).toBe(200);
        expect(articleLinks(body)).toEqual(['/en/articles/boat', '/fr/articles/tram']);
        expect(body).toContain('<section lang="fr" dir="ltr">');
        expect(body).toContain('2 articles');
        expect(body).toContain(`rel="canonical" href="https://news.example/en/editions/${sent.id}"`);
        expect(articleLinks((await (await site(inBoth)).get(`/en/editions/${sent.id}`)).body)).toEqual([
          '/en/articles/boat',
        ]);
      });

      test('says where it had nothing in the page’s language, and where it had something', async () => {
        const { body } = await (await site(inFrench)).get(`/en/editions/${sent.id}`);
        expect(body).toContain('This newsletter had no story in English.');
        expect(body).toContain(`<a href="/fr/editions/${sent.id}" hreflang="fr" lang="fr">Français</a>`);
        const also = (await (await site(inFrench)).get(`/en/editions/${sent.id}?also=fr`)).body;
        expect(also).toContain('these came in other languages');
        expect(articleLinks(also)).toEqual(['/fr/articles/bac', '/fr/articles/tram']);
      });

      test('is listed under its subject where it had news, and nowhere else', async () => {
        const room = await site(inFrench);
        expect((await room.get('/fr/editions')).body).toContain(`<a href="/fr/editions/${sent.id}">Bacs</a>`);
        expect((await room.get('/en/editions')).body).toContain('No newsletter has gone out yet.');
      });

      test('stays to be read when its newsletter is no longer in the configuration', async () => {
        const gone = { ...kept, newsletter: 'gone' };
        const room = await aSite({ editions: [gone], articles: [boat], issues: [inBoth] });
        const { status, body } = await room.get(`/en/editions/${sent.id}`);
        expect(status).toBe(200);
        expect(body).toContain('<h1>Delta Post</h1>');
      });
    });

    test('shows what it put right of earlier ones, those a mail had no room for too', async () => {
      const wrong = {
        ...aStory('withdrawn', { seq: 1, state: 'retracted', updatedAt: day(10) }),
        reason: 'It was not true.',
      };
      const story = aStory('one', { seq: 2 });
      const site = await aSite({
        editions: [kept],
        articles: [story, wrong],
        issues: [issue([story.article.id], { corrections: [wrong.article.id] })],
      });
      const { body } = await site.get(`/en/editions/${sent.id}`);
      expect(body).toMatch(
        /<h2 class="list__title">Corrections<\/h2>[\s\S]*Withdrawn on 10 May 2026. Reason: It was not true\./,
      );
    });

    test('is in the feed’s page for people, and in no language in which it had nothing', async () => {
      const story = aStory('one', { seq: 2 });
      const site = await aSite({ editions: [kept], articles: [story], issues: [issue([story.article.id])] });
      const { status, body } = await site.get('/en/feeds/editions');
      expect(status).toBe(200);
      expect(body).toContain('value="https://news.example/feeds/en/editions.rss"');
      expect(articleLinks(body)).toEqual([`/en/editions/${sent.id}`]);
      expect(articleLinks((await site.get('/fr/feeds/editions')).body)).toEqual([]);
      expect((await site.get('/en/feeds')).body).toContain('href="/feeds/en/editions.atom"');
      expect((await site.get('/feeds.opml')).body).toContain('xmlUrl="https://news.example/feeds/fr/editions.rss"');
    });
  });

  test('a newsletter that is not written in a language has no page in it', async () => {
    const site = await aSite({ editions: [sent] });
    expect((await site.get(`/es/editions/${sent.id}`)).status).toBe(404);
    expect((await site.get('/es/editions')).body).toContain('Todavía no ha salido ningún boletín.');
  });
});

describe('the feeds’ page', () => {
  test('has every feed in every format, the reader’s language first', async () => {
    const { body } = await (await aSite()).get('/fr/feeds');
    for (const language of ['en', 'fr', 'es'])
      for (const topic of ['all', 'mobility', 'climate'])
        for (const format of ['rss', 'atom', 'json'])
          expect(body).toContain(`href="/feeds/${language}/${topic}.${format}"`);
    expect(body.indexOf('/feeds/fr/all.rss" type')).toBeLessThan(body.indexOf('/feeds/en/all.rss" type'));
    expect(body).toContain('href="/feeds.opml"');
    expect(body).toContain('<li id="mobility">');
  });
});

describe('a feed’s page', () => {
  test('has the latest of the feed and nothing that was not announced', async () => {
    const site = await aSite({
      articles: [
        aStory('first', { seq: 1 }),
        aStory('second', { seq: 2 }),
        aStory('quiet', { seq: 3, announcedSeq: null }),
        aStory('elsewhere', { seq: 4, topics: ['climate'] }),
      ],
    });
    expect(articleLinks((await site.get('/en/feeds/mobility')).body)).toEqual([
      '/en/articles/second',
      '/en/articles/first',
    ]);
    expect(articleLinks((await site.get('/en/feeds/all')).body)).toHaveLength(3);
  });

  test('has the three addresses to copy, and links that open it in readers', async () => {
    const { body } = await (await aSite()).get('/fr/feeds/climate');
    for (const format of ['rss', 'atom', 'json'])
      expect(body).toContain(`value="https://news.example/feeds/fr/climate.${format}" readonly>`);
    const address = encodeURIComponent('https://news.example/feeds/fr/climate.rss');
    expect(body).toContain(`href="https://feedly.com/i/subscription/feed%2F${address}"`);
    expect(body).toContain(`href="https://www.inoreader.com/?add_feed=${address}"`);
    expect(body).toContain(`href="https://www.newsblur.com/?url=${address}"`);
    expect(body).toContain('href="feed:https://news.example/feeds/fr/climate.rss"');
    expect(body).toContain('<h1>Flux : Climat</h1>');
    expect(body).toContain('Un flux est une adresse');
  });

  test('is where a topic’s page and the list of feeds lead', async () => {
    const site = await aSite();
    expect((await site.get('/en/topics/climate')).body).toContain('href="/en/feeds/climate"');
    const { body } = await site.get('/en/feeds');
    for (const path of ['/en/feeds/all', '/fr/feeds/climate']) expect(body).toContain(`href="${path}"`);
  });

  test.each(['/en/feeds/gardening', '/de/feeds/all', '/en/feeds/all.rss'])('%s is nothing of ours', async (path) => {
    expect((await (await aSite()).get(path)).status).toBe(404);
  });
});
