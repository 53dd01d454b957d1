import type { TestSite } from '../../support/httpServer.ts';

export interface SomePost {
  readonly id: number;
  readonly title: string;
  /** GMT, without a zone, as WordPress writes it. */
  readonly modified: string;
  readonly over?: Readonly<Record<string, unknown>>;
}

const shape = (url: string, { id, title, modified, over }: SomePost): Record<string, unknown> => ({
  id,
  date: '2026-05-04T10:00:00',
  date_gmt: '2026-05-04T08:00:00',
  guid: { rendered: `${url}/?p=${id}` },
  modified_gmt: modified,
  slug: `post-${id}`,
  status: 'publish',
  type: 'post',
  link: `${url}/post-${id}/`,
  title: { rendered: title },
  content: { rendered: `<p>The text of ${title}.</p>`, protected: false },
  excerpt: { rendered: `<p>In short: ${title} [&hellip;]</p>`, protected: false },
  featured_media: 9,
  categories: [3],
  _embedded: {
    author: [{ id: 1, name: 'Anaïs Lefèvre' }],
    'wp:term': [
      [{ id: 3, name: 'Public transport', taxonomy: 'category' }],
      [{ id: 4, name: 'Housing', taxonomy: 'post_tag' }],
    ],
    'wp:featuredmedia': [
      { id: 9, source_url: '/uploads/tram.jpg', alt_text: 'A tram', media_details: { width: 1200, height: 800 } },
    ],
  },
  ...over,
});

/** A WordPress site's REST API as its handbook describes it: `modified_after` leaves out the moment it names. */
export const openWordpress = (site: TestSite, posts: SomePost[]): void => {
  site.says('/wp-json/wp/v2/posts', ({ path }) => {
    const query = new URL(path, site.url).searchParams;
    const size = Number(query.get('per_page') ?? 10);
    const page = Number(query.get('page') ?? 1);
    const after = (query.get('modified_after') ?? '').replace(/Z$/, '');
    if (query.get('orderby') !== 'modified' || query.get('order') !== 'asc') return { status: 400, body: '{}' };
    const found = posts
      .filter(({ modified }) => modified > after)
      .sort((a, b) => (a.modified < b.modified ? -1 : a.modified > b.modified ? 1 : a.id - b.id));
    if (page > 1 && (page - 1) * size >= found.length) {
      return { status: 400, body: JSON.stringify({ code: 'rest_post_invalid_page_number' }) };
    }
    const shown = found.slice((page - 1) * size, page * size).map((post) => shape(site.url, post));
    return { headers: { 'content-type': 'application/json; charset=UTF-8' }, body: JSON.stringify(shown) };
  });
};

const SENTENCES = 'The council of the lower town met on Monday and agreed on a plan for the quays. '.repeat(12);

/** An article's page with a site around it. */
export const articlePage = (
  head: string,
  title: string,
): string => `<!doctype html><html lang="en"><head><meta charset="utf-8">
<title>${title} | City</title>${head}</head><body><header><nav><a href="/">Home</a><a href="/about-us">About us</a></nav></header>
<div class="layout"><div class="content"><h1>${title}</h1><p>${SENTENCES}</p><p>${SENTENCES} <a href="plan.pdf">The plan</a></p>
<figure><img src="/quay.jpg" alt="The quay"><figcaption>The quay today</figcaption></figure><p>${SENTENCES}</p></div>
<div class="sidebar"><ul><li><a href="/x-1">Other</a></li><li><a href="/x-2">Others</a></li></ul></div></div>
<footer>© City · Cookies</footer></body></html>`;

export const jsonLd = (over: Record<string, unknown>): string =>
  `<script type="application/ld+json">${JSON.stringify({
    '@context': 'https://schema.org',
    '@graph': [
      { '@type': 'WebSite', name: 'City' },
      { '@type': 'NewsArticle', ...over },
    ],
  })}</script>`;

/** A PNG of this size, as far as its head. */
export const png = (width: number, height: number): Buffer => {
  const head = Buffer.alloc(33);
  Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]).copy(head);
  head.writeUInt32BE(13, 8);
  head.write('IHDR', 12, 'latin1');
  head.writeUInt32BE(width, 16);
  head.writeUInt32BE(height, 20);
  return head;
};
