import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Reader } from '../../../functions/ingest/sources/reading/reader.ts';
import { openTestSite, type TestSite } from '../../support/httpServer.ts';
import { aPollingRoom, aReader, type PollingRoom } from './aPollingRoom.ts';
import { rss, rssItem } from './someFeeds.ts';
import { articlePage, jsonLd, openWordpress, png, type SomePost } from './someSite.ts';

let site: TestSite;
let reader: Reader;
let room: PollingRoom;
beforeAll(async () => {
  reader = aReader();
});
beforeEach(async () => {
  site = await openTestSite();
  room = aPollingRoom(reader);
  return () => site.close();
});
afterAll(() => reader.close());

const articles = async () => (await room.entries()).map(({ article }) => article);

describe('a WordPress site', () => {
  const post = (id: number, over: Partial<SomePost> = {}): SomePost => ({
    id,
    title: `Post ${id}`,
    modified: `2026-05-04T08:${String(Math.floor(id / 60)).padStart(2, '0')}:${String(id % 60).padStart(2, '0')}`,
    ...over,
  });

  test('brings its posts with author, terms and picture', async () => {
    openWordpress(site, [post(1, { title: 'Tramway &#8211; &amp; more' })]);
    await room.keep({ kind: 'wordpress', url: `${site.url}/` });
    await room.look();
    expect(await articles()).toMatchObject([
      {
        title: 'Tramway – & more',
        summary: 'In short: Tramway – & more …',
        url: `${site.url}/post-1/`,
        authors: [{ name: 'Anaïs Lefèvre' }],
        topics: ['mobility', 'housing'],
        publishedAt: '2026-05-04T08:00:00.000Z',
        image: { url: `${site.url}/uploads/tram.jpg`, alt: 'A tram', width: 1200, height: 800 },
      },
    ]);
  });

  test('is read to its end, page by page, and then only what changed is asked for', async () => {
    const posts = Array.from({ length: 120 }, (_, i) => post(i + 1));
    openWordpress(site, posts);
    await room.keep({ kind: 'wordpress', url: site.url });
    expect(await room.look()).toMatchObject({ state: 'well', counts: { articles: 120 } });
    expect(site.heard).toHaveLength(3);
    posts.push(post(121));
    posts[4] = post(5, { title: 'Post 5, corrected', modified: '2026-05-04T09:00:00' });
    expect(await room.look()).toMatchObject({ counts: { articles: 121, revisions: 1 } });
    expect(site.heard).toHaveLength(4);
    const announced = (await room.entries()).filter(({ announce }) => announce).map(({ article }) => article.title);
    expect(announced).toEqual(['Post 121']);
  });

  test('posts changed in the same second are all found, and a quiet look brings nothing', async () => {
    openWordpress(
      site,
      Array.from({ length: 100 }, (_, i) => post(i + 1, { modified: '2026-05-04T08:00:00' })),
    );
    await room.keep({ kind: 'wordpress', url: `${site.url}/wp-json/` });
    expect((await room.look()).counts.articles).toBe(100);
    expect(await room.look()).toMatchObject({ state: 'well', counts: { articles: 100, revisions: 0 } });
  });

  test('more posts than one look can read, changed in one second, are read to their end; what comes then is news', async () => {
    const sameSecond = (id: number) => post(id, { modified: '2026-05-04T08:00:00' });
    const posts = Array.from({ length: 560 }, (_, i) => sameSecond(i + 1));
    openWordpress(site, posts);
    await room.keep({ kind: 'wordpress', url: site.url });
    expect((await room.look()).counts.articles).toBe(450);
    // Some of those that were read are changed meanwhile, so that the others move forward by a page.
    for (let i = 0; i < 40; i++) posts[i] = post(i + 1, { modified: '2026-05-04T08:30:00' });
    expect((await room.look()).counts.articles).toBe(560);
    await room.look();
    expect(await room.state()).toMatchObject({ state: 'well', cursor: '2026-05-04T08:30:00.000Z', page: 1 });
    posts.push(post(561, { modified: '2026-05-04T09:00:00' }));
    expect((await room.look()).counts.articles).toBe(561);
    const announced = (await room.entries()).filter(({ announce }) => announce).map(({ article }) => article.title);
    expect(announced).toEqual(['Post 561']);
  });

  test('posts that are gone when a look goes on cost nothing', async () => {
    const posts = Array.from({ length: 510 }, (_, i) => post(i + 1, { modified: '2026-05-04T08:00:00' }));
    openWordpress(site, posts);
    await room.keep({ kind: 'wordpress', url: site.url });
    await room.look();
    posts.splice(20);
    expect(await room.look()).toMatchObject({ state: 'well', trouble: null, page: 1 });
  });

  test('posts behind a password and of other languages stay out; translations are one story', async () => {
    openWordpress(site, [
      post(1, { over: { lang: 'en', translations: { en: 1, fr: 2 } } }),
      post(2, { over: { lang: 'fr', translations: { en: 1, fr: 2 } } }),
      post(3, { over: { lang: 'de' } }),
      post(4, { over: { content: { rendered: '', protected: true } } }),
      post(5, { over: { title: 'not an object' } }),
    ]);
    await room.keep({ kind: 'wordpress', url: site.url });
    const state = await room.look();
    const found = await articles();
    expect(found.map(({ language }) => language).sort()).toEqual(['en', 'fr']);
    expect(new Set(found.map(({ story }) => story)).size).toBe(1);
    expect(found[0]?.story).toContain('/story/1');
    expect(state.refused.map(({ because }) => because).sort()).toEqual([
      'Its language is none of this newsroom’s.',
      'it is behind a password',
      'it is no post',
    ]);
  });

  test('an answer that is none of WordPress’s costs nothing', async () => {
    openWordpress(site, [post(1)]);
    await room.keep({ kind: 'wordpress', url: site.url });
    await room.look();
    for (const body of ['<html>', '{"code":"rest_disabled"}']) {
      site.says('/wp-json/wp/v2/posts', body);
      expect(await room.look()).toMatchObject({ state: 'trouble', cursor: '2026-05-04T08:00:01.000Z' });
    }
  });
});

describe('a page that lists articles', () => {
  const listing = `<html><body><nav><a href="/in-the-menu">Menu</a></nav><main>
    <article><header><h2><a href="/news/first-quay-opens">First</a></h2></header></article>
    <a href="/news/second-story#comments">Second</a><a href="/news/second-story">Again</a>
    <a href="/news/">All news</a><a href="/news/plan-2026.pdf">Plan</a><a href="https://elsewhere.example/a-b">Away</a>
    <a href="/about-our-city">About</a></main></body></html>`;

  beforeEach(async () => {
    site.says('/news/', listing);
    site.says(
      '/news/first-quay-opens',
      articlePage(
        `${jsonLd({
          headline: 'The first quay opens',
          description: 'Open from Friday.',
          datePublished: '2026-05-03T10:00:00+02:00',
          author: [{ '@type': 'Person', name: 'Rosa' }],
          image: { '@type': 'ImageObject', url: '/quay.png', width: 800, height: 600 },
          keywords: 'Housing, Water',
        })}<link rel="canonical" href="/news/first-quay-opens?x=1">`,
        'First quay',
      ),
    );
    site.says(
      '/news/second-story',
      articlePage(
        '<meta property="og:type" content="article"><meta property="og:title" content="A second story">' +
          '<meta property="article:published_time" content="2026-05-02T08:00:00Z"><meta property="article:tag" content="Transport">' +
          '<link rel="alternate" hreflang="en" href="/news/second-story"><link rel="alternate" hreflang="fr" href="/fr/seconde">',
        'Second',
      ),
    );
    site.says('/about-our-city', articlePage('<meta property="og:type" content="website">', 'About us'));
    await room.keep({ kind: 'page', url: `${site.url}/news/` });
  });

  test('brings those behind its links that say they are articles, with their main text', async () => {
    const state = await room.look();
    expect(state).toMatchObject({ state: 'well', refused: [], counts: { articles: 2 } });
    const found = await articles();
    const by = (title: string) => found.find((one) => one.title === title);
    expect(by('The first quay opens')).toMatchObject({
      summary: 'Open from Friday.',
      url: `${site.url}/news/first-quay-opens?x=1`,
      publishedAt: '2026-05-03T08:00:00.000Z',
      authors: [{ name: 'Rosa' }],
      topics: ['housing'],
      image: { url: `${site.url}/quay.png`, alt: '', width: 800, height: 600 },
    });
    expect(by('A second story')).toMatchObject({ topics: ['mobility'], story: `${site.url}/fr/seconde` });
    const html = by('A second story')?.html ?? '';
    expect(html).toContain('The council of the lower town');
    expect(html).toContain(`href="${site.url}/news/plan.pdf"`);
    expect(html).not.toMatch(/About us|Cookies|Others/);
  });

  test('asks for a page once, and never for what stands in menus, elsewhere or is a file', async () => {
    await room.look();
    expect(site.heard.map(({ path }) => path).sort()).toEqual([
      '/about-our-city',
      '/news/',
      '/news/first-quay-opens',
      '/news/second-story',
    ]);
    site.says('/news/', listing.replace('</main>', '<a href="/news/third-story">Third</a></main>'));
    site.says('/news/third-story', articlePage(jsonLd({ headline: 'A third story' }), 'Third'));
    site.heard.length = 0;
    await room.look();
    expect(site.heard.map(({ path }) => path)).toEqual(['/news/', '/news/third-story']);
    const [, , third] = await room.entries();
    expect(third).toMatchObject({ announce: true, article: { title: 'A third story' } });
  });

  test('a page that cannot be had just now is asked for again', async () => {
    site.says('/news/first-quay-opens', { status: 503 });
    expect((await room.look()).refused.map(({ because }) => because)).toEqual(['its page answered with 503']);
    site.says('/news/first-quay-opens', articlePage(jsonLd({ headline: 'The first quay opens' }), 'First quay'));
    expect((await room.look()).counts.articles).toBe(2);
  });

  test('what addresses begin with can be said', async () => {
    await room.keep({ kind: 'page', url: `${site.url}/news/`, linksBegin: `${site.url}/news/second` });
    await room.look();
    expect(site.heard.map(({ path }) => path)).toEqual(['/news/', '/news/second-story']);
  });
});

test('where a feed only links to the text, the page is read', async () => {
  site.says(
    '/feed',
    rss([rssItem({ guid: 'a', link: `${site.url}/a-page`, title: 'From the feed', text: 'Teaser.' })]),
  );
  site.says(
    '/a-page',
    articlePage('<meta property="og:type" content="article"><meta name="author" content="Ana">', 'Other'),
  );
  await room.keep({ url: `${site.url}/feed`, text: 'follow' });
  await room.look();
  const [article] = await articles();
  expect(article).toMatchObject({ title: 'From the feed', authors: [{ name: 'Ana' }] });
  expect(article?.html).toContain('The council of the lower town');
  expect(article?.html).not.toContain('Teaser');
});

test('JSON-LD’s own text counts where the page shows little of it', async () => {
  const articleBody = 'A long text that only the markup has.\n\n'.repeat(60);
  site.says('/news/', '<main><a href="/hidden-text">x</a></main>');
  site.says(
    '/hidden-text',
    `<html><head>${jsonLd({ headline: 'Hidden', articleBody })}</head><body><p>Log in to read.</p></body></html>`,
  );
  await room.keep({ kind: 'page', url: `${site.url}/news/` });
  await room.look();
  const [article] = await articles();
  expect(article?.html.match(/<p>A long text/g)).toHaveLength(60);
});

describe('pictures', () => {
  const withPicture = (): string =>
    rss([rssItem({ guid: 'a', more: `<enclosure url="${site.url}/p.png" type="image/png" length="1"/>` })]);
  const picture = async () => {
    site.says('/feed', withPicture());
    await room.keep({ url: `${site.url}/feed` });
    await room.look();
    return (await articles())[0]?.image;
  };

  test('have the size that their bytes say, and only their head is asked for', async () => {
    site.says('/p.png', {
      headers: { 'content-type': 'image/png' },
      body: Buffer.concat([png(640, 480), Buffer.alloc(900_000)]),
    });
    const facts = { width: 640, height: 480, type: 'image/png' };
    expect(await picture()).toEqual({ url: `${site.url}/p.png`, alt: '', ...facts });
    expect(site.heard.at(-1)?.headers['range']).toBe('bytes=0-262143');
  });

  test.each([
    ['the whole that a part is of', { status: 206, headers: { 'content-range': 'bytes 0-262143/900033' } }, 900_033],
    ['the whole that came', {}, 33],
    ['nothing, where nobody knows it', { status: 206, headers: { 'content-range': 'bytes 0-262143/*' } }, undefined],
  ])('have the length of %s', async (_, said, bytes) => {
    site.says('/p.png', { ...said, body: png(640, 480) });
    expect((await picture())?.bytes).toBe(bytes);
  });

  test.each([
    ['a page of errors', { body: '<html>Not found</html>' }],
    ['gone', { status: 404 }],
  ])('that are none are left out: %s', async (_, said) => {
    site.says('/p.png', said);
    expect(await picture()).toBeNull();
  });

  test('that cannot be had just now stay without a size', async () => {
    site.says('/p.png', { status: 503 });
    expect(await picture()).toEqual({ url: `${site.url}/p.png`, alt: '' });
  });
});
