import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith';
import { beforeAll, describe, expect, test } from 'vitest';
import { guidOf, linkOf } from '../../functions/wire/article.ts';
import type { CurrentArticle } from '../../functions/wire/ports.ts';
import { aFeedHouse, type FeedHouse, settingsOf } from './aBuilder.ts';
import './quiet.ts';

/** Three days of a small newsroom: everything that a feed can say is in it once. */
const someNews = async (house: FeedHouse): Promise<void> => {
  const { wire } = house;
  const bridge = wire.publish({
    title: 'AT&T <Bridge> opens: 5 < 6 & 7 > 3',
    summary: 'A & B agreed that 5 < 6.',
    topics: ['mobility', 'climate'],
    authors: [{ name: 'Ana Prat', email: 'ana@news.example' }, { name: 'Bo Ek' }],
    image: {
      url: 'https://images.example/img/123?w=1&h=2',
      alt: 'The “new” bridge & the old',
      credit: 'C. Lee',
      width: 1200,
      height: 800,
    },
    story: 'bridge',
  });
  wire.publish({ language: 'fr', title: 'Le pont est ouvert', summary: null, story: 'bridge', authors: [] });
  wire.publish({ title: 'Ticket prices of 2019', publishedAt: '2019-07-08T00:00:00.000Z' }, { announce: false });
  const wrong = wire.publish({ title: 'A figure that was wrong', summary: null, topics: [] });
  wire.publish({ title: 'Seen elsewhere', url: 'https://elsewhere.example/a?b=1&c=2', rights: '© Elsewhere' });
  wire.retract(wrong.article.id, 'The figure & its source were wrong.');
  wire.revise(bridge.article.id, { html: '<p>The <em>bridge</em> is open &amp; free.</p><pre>a[b[0]]>c</pre>' });
  await house.rebuild();
};

const house = aFeedHouse();
beforeAll(() => someNews(house));

/** What the English feed must show, first to last. */
const expected = async (): Promise<CurrentArticle[]> =>
  (await house.wire.byIds(['01K00000000000000000000005', '01K00000000000000000000001'])).map((current) => current);

const licensed = settingsOf({
  feeds: { text: 'summary' },
  licence: {
    url: 'CC BY 4.0',
    rsl: { permits: ['search', 'ai-input'], prohibits: ['ai-train'], payment: 'attribution' },
  },
});

const settled = { tagAuthority: 'news.example,2026', siteUrl: 'https://news.example' };

describe('the feeds of a small newsroom', () => {
  test.each([
    'en/all.rss',
    'en/all.atom',
    'en/all.json',
    'fr/mobility.rss',
    'fr/mobility.atom',
    'fr/climate.json',
    'en/authors/ana-prat.atom',
  ])('are the golden %s, byte for byte', async (feed) => {
    await expect(await house.text(feed)).toMatchFileSnapshot(`../golden/feeds/${feed.replaceAll('/', '-')}`);
  });

  test.each(['en/all.rss', 'en/all.atom', 'en/all.json'])(
    'are the golden licensed %s where the newsroom gives summaries under a licence',
    async (feed) => {
      await house.rebuild(licensed);
      await expect(await house.text(feed)).toMatchFileSnapshot(`../golden/feeds/licensed-${feed.replaceAll('/', '-')}`);
      await house.rebuild();
    },
  );

  test('say in RSS what the articles say, by another library', async () => {
    const { items, title, language } = parseRssFeed(await house.text('en/all.rss'));
    expect({ title, language }).toEqual({ title: 'The Ferry & Sons Gazette (English)', language: 'en' });
    expect(items?.map(rssFacts)).toEqual(
      (await expected()).map(({ article }) => ({
        id: guidOf(article, settled.tagAuthority),
        link: linkOf(article, settled.siteUrl),
        title: article.title,
        html: article.html,
        published: Date.parse(article.publishedAt),
        authors: article.authors.map(({ name }) => name).join(', '),
      })),
    );
  });

  test('say in Atom what the articles say, by another library', async () => {
    const feed = parseAtomFeed(await house.text('en/all.atom'));
    expect((feed.entries ?? []).map((entry) => atomFacts(entry))).toEqual(
      (await expected()).map(({ article }) => ({
        id: guidOf(article, settled.tagAuthority),
        link: linkOf(article, settled.siteUrl),
        title: article.title,
        summary: article.summary,
        html: article.html,
        published: article.publishedAt,
        updated: article.updatedAt,
        authors: article.authors,
        topics: article.topics,
      })),
    );
  });

  test('say in JSON what the articles say, by another library', async () => {
    const feed = parseJsonFeed(await house.text('en/all.json'));
    expect(
      feed.items?.map(({ id, url, title, summary, content_html, date_published, authors, language }) => ({
        id,
        url,
        title,
        summary,
        content_html,
        date_published,
        authors,
        language,
      })),
    ).toEqual(
      (await expected()).map(({ article }) => ({
        id: guidOf(article, settled.tagAuthority),
        url: linkOf(article, settled.siteUrl),
        title: article.title,
        summary: article.summary,
        content_html: article.html,
        date_published: article.publishedAt,
        authors: article.authors.map(({ name }) => ({ name })),
        language: 'en',
      })),
    );
  });

  test('in all formats have the same articles in the same order', async () => {
    const json = parseJsonFeed(await house.text('en/mobility.json')).items?.map(({ id }) => id);
    expect(json).toHaveLength(2);
    expect(parseRssFeed(await house.text('en/mobility.rss')).items?.map(({ guid }) => guid?.value)).toEqual(json);
    expect(parseAtomFeed(await house.text('en/mobility.atom')).entries?.map(({ id }) => id)).toEqual(json);
  });
});

type RssItem = NonNullable<ReturnType<typeof parseRssFeed>['items']>[number];
type AtomFeed = ReturnType<typeof parseAtomFeed<string>>;
type AtomEntry = NonNullable<AtomFeed['entries']>[number];

const rssFacts = (item: RssItem) => ({
  id: item.guid?.value,
  link: item.link,
  title: item.title,
  html: item.content?.encoded,
  published: Date.parse(item.pubDate ?? ''),
  authors: item.dc?.creators?.join('|'),
});

const atomFacts = (entry: AtomEntry) => ({
  id: entry.id,
  link: entry.links?.[0]?.href,
  title: entry.title?.value,
  summary: entry.summary?.value,
  html: entry.content?.value,
  published: entry.published,
  updated: entry.updated,
  authors: entry.authors,
  topics: entry.categories?.map(({ term }) => term),
});
