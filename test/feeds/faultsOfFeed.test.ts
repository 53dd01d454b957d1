import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith';
import { describe, expect, test } from 'vitest';
import { lint } from '../../functions/feeds/lint/lint.ts';
import { faultOf } from '../../functions/feeds/publish/check.ts';
import { aDocument, inAllFormats, theFeedOf } from './aDocument.ts';
import './quiet.ts';

const rssItem = (rss: string) => parseRssFeed(rss).items?.[0];
const atomEntry = (atom: string) => parseAtomFeed(atom).entries?.[0];

/** Each of these is what the npm package `feed` 6.0.0 gets wrong, and what our feeds do instead. */
describe('kept from the package `feed`, or mended after it', () => {
  test('control characters pass through: here they are gone, and the document is well-formed', () => {
    const { rss, atom, json } = theFeedOf({
      title: 'One\u0000 two\u0008 \u000bthree\u001f\ufffe',
      summary: 'A\u0001B',
      html: '<p>x\u000cy\ud800z</p>',
    });
    expect(faultOf('rss', rss, 1)).toBeNull();
    expect(faultOf('atom', atom, 1)).toBeNull();
    expect(rssItem(rss)).toMatchObject({ title: 'One two three', description: 'AB' });
    expect(rssItem(rss)?.content?.encoded).toBe('<p>xy\ufffdz</p>');
    expect(parseJsonFeed(json).items?.[0]?.title).toBe('One two three');
  });

  test('attributes are not escaped: here a label, an address and a language in one are', () => {
    const { atom, rss } = theFeedOf({
      topics: ['climate'],
      url: 'https://elsewhere.example/?a="b"&c=<d>',
      image: { url: 'https://images.example/"x"?a=1&b=<2>', alt: '"alt"' },
    });
    expect(atomEntry(atom)?.categories).toEqual([{ term: 'climate', label: 'Climate & water' }]);
    expect(atomEntry(atom)?.links?.[0]?.href).toBe('https://elsewhere.example/?a=%22b%22&c=%3Cd%3E');
    expect(rssItem(rss)?.media?.contents?.[0]?.url).toBe('https://images.example/%22x%22?a=1&b=%3C2%3E');
  });

  test.each([
    ['a date that is none', { publishedAt: 'last Monday' }],
    ['an address that is none', { url: '/relative/link' }],
    ['a script for an address', { url: 'javascript:alert(1)' }],
    ['no title', { title: ' \u0000 ' }],
  ])('one bad item throws and loses the whole feed: here %s costs that item only', (_, bad) => {
    const { document, leftOut, expected } = aDocument({ title: 'Good' }, bad, { title: 'Good too' });
    expect(leftOut).toEqual(['01KART00000000000000000001']);
    expect(expected).toBe(3);
    const { rss, atom, json } = inAllFormats(document);
    for (const titles of [
      parseRssFeed(rss).items?.map(({ title }) => title),
      parseAtomFeed(atom).entries?.map(({ title }) => title?.value),
      parseJsonFeed(json).items?.map(({ title }) => title),
    ]) {
      expect(titles).toEqual(['Good', 'Good too']);
    }
  });

  test('a UUID for an id throws: here an id is never read as an address', () => {
    const { rss, atom } = theFeedOf({ id: '01KHASNOCOLON' });
    expect(rssItem(rss)?.guid).toEqual({ value: 'tag:news.example,2026:01KHASNOCOLON', isPermaLink: false });
    expect(atomEntry(atom)?.id).toBe('tag:news.example,2026:01KHASNOCOLON');
  });

  test.each(['AT&T', '5 < 6 & 7 > 3', 'Ben &amp; Jerry', 'The <b>bold</b> one', '&lt;script>', 'a]]>b]]>c', '{{ x }}'])(
    'Atom titles are raw text marked as HTML: here “%s” is plain text in every format',
    (title) => {
      const { rss, atom, json } = theFeedOf({ title });
      expect(rssItem(rss)?.title).toBe(title);
      expect(atomEntry(atom)?.title).toEqual({ value: title, type: 'text' });
      expect(parseJsonFeed(json).items?.[0]?.title).toBe(title);
    },
  );

  test('titles in RSS are CDATA: here & and < are the hexadecimal references that every reader understands', () => {
    expect(theFeedOf({ title: 'R&D <3' }).rss).toContain('<title>R&#x26;D &#x3C;3</title>');
  });

  test('two RSS authors are two elements: here one dc:creator has them both', () => {
    const { rss } = theFeedOf({ authors: [{ name: 'Ana Prat' }, { name: 'Bo Ek' }] });
    expect(rssItem(rss)?.dc?.creators).toEqual(['Ana Prat, Bo Ek']);
  });

  test('an RSS author may be only a name, which is invalid: here there is none beside dc:creator', () => {
    const { rss } = theFeedOf({ authors: [{ name: 'Bo Ek' }, { name: 'Ana Prat', email: 'ana@news.example' }] });
    expect(rss).not.toContain('<author>');
    expect(rss.match(/<dc:creator>.*<\/dc:creator>/g)).toEqual(['<dc:creator>Bo Ek, Ana Prat</dc:creator>']);
  });

  test('Atom entries get no authors from a single object: here each author is an element', () => {
    const authors = [{ name: 'Ana & Co', email: 'ana@news.example' }, { name: 'Bo Ek' }];
    expect(atomEntry(theFeedOf({ authors }).atom)?.authors).toEqual(authors);
  });

  test('enclosure types are guessed from the path: here nothing is guessed, and there is no enclosure', () => {
    for (const url of ['https://images.example/img/123', 'https://images.example/a.jpg']) {
      const { rss, atom } = theFeedOf({ image: { url, alt: 'A ferry' } });
      for (const text of [rss, atom]) {
        expect(text).toContain(`<media:content url="${url}" medium="image">`);
        expect(text).not.toMatch(/enclosure|type="image|length=/);
      }
    }
  });

  test('enclosures have no length: here a picture whose type and length are known is one, in every format', () => {
    const url = 'https://images.example/img/123';
    const image = { url, alt: 'A ferry', width: 1200, height: 800, type: 'image/webp', bytes: 81_920 };
    const { rss, atom, json } = theFeedOf({ image });
    const { media, enclosures } = rssItem(rss) ?? {};
    expect(enclosures).toEqual([{ url, length: 81_920, type: 'image/webp' }]);
    for (const one of [media, atomEntry(atom)?.media])
      expect(one?.contents?.[0]).toMatchObject({ url, type: 'image/webp', fileSize: 81_920, width: 1200, height: 800 });
    const links = atomEntry(atom)?.links?.filter(({ rel }) => rel === 'enclosure');
    expect(links).toEqual([{ href: url, rel: 'enclosure', type: 'image/webp', length: 81_920 }]);
    expect(parseJsonFeed(json).items?.[0]?.attachments).toEqual([
      { url, mime_type: 'image/webp', size_in_bytes: 81_920 },
    ]);
    for (const text of [rss, atom, json]) expect(lint(Buffer.from(text))).toEqual([]);
  });

  test('a picture whose length nobody knows is no enclosure, since that must say it', () => {
    const image = { url: 'https://images.example/img/123', alt: 'A ferry', type: 'image/webp' };
    const { rss, atom, json } = theFeedOf({ image });
    expect(rssItem(rss)).not.toHaveProperty('enclosures');
    expect(rssItem(rss)?.media?.contents?.[0]).toMatchObject({ type: 'image/webp', medium: 'image' });
    expect(atom).not.toContain('rel="enclosure"');
    expect(parseJsonFeed(json).items?.[0]?.attachments).toEqual([{ url: image.url, mime_type: 'image/webp' }]);
  });

  test('extensions delete the self link: here every format names itself', () => {
    const { rss, atom, json } = theFeedOf({});
    expect(parseRssFeed(rss).atom?.links).toEqual([
      { href: 'https://news.example/feeds/en/all.rss', rel: 'self', type: 'application/rss+xml' },
    ]);
    expect(parseAtomFeed(atom).links?.filter(({ rel }) => rel === 'self')).toEqual([
      { href: 'https://news.example/feeds/en/all.atom', rel: 'self', type: 'application/atom+xml' },
    ]);
    expect(parseJsonFeed(json).feed_url).toBe('https://news.example/feeds/en/all.json');
  });

  test('a hub is advertised only when there is one: here there is none', () => {
    expect(Object.values(theFeedOf({})).join()).not.toContain('hub');
  });

  test('namespaces cannot be declared, and extensions vanish in Atom: here the picture is in both', () => {
    const image = { url: 'https://images.example/a', alt: 'A & B', credit: 'C < D', width: 3, height: 2 };
    const { rss, atom } = theFeedOf({ image });
    for (const media of [rssItem(rss)?.media, atomEntry(atom)?.media]) {
      expect(media?.contents).toEqual([
        {
          url: image.url,
          medium: 'image',
          width: 3,
          height: 2,
          description: { value: 'A & B', type: 'plain' },
          credits: [{ value: 'C < D' }],
        },
      ]);
      expect(media?.thumbnails).toEqual([{ url: image.url, width: 3, height: 2 }]);
    }
  });

  test('extensions leak into JSON: here JSON has what JSON Feed 1.1 knows, and one extension of ours', () => {
    const feed: object = JSON.parse(theFeedOf({}).json);
    expect(Object.keys(feed).filter((name) => name.startsWith('_'))).toEqual(['_wire']);
  });

  test('JSON is version 1.0 with one author: here it is 1.1 with all of them and its language', () => {
    const { json } = theFeedOf({ authors: [{ name: 'Ana Prat' }, { name: 'Bo Ek' }] });
    const feed: { version: string } = JSON.parse(json);
    expect(feed.version).toBe('https://jsonfeed.org/version/1.1');
    expect(parseJsonFeed(json).items?.[0]?.authors).toEqual([{ name: 'Ana Prat' }, { name: 'Bo Ek' }]);
    expect(parseJsonFeed(json).language).toBe('en');
  });

  test('the language is only in RSS: here it is in every format, and in every item of JSON', () => {
    const { rss, atom, json } = theFeedOf({});
    expect(parseRssFeed(rss).language).toBe('en');
    expect(parseAtomFeed(atom).xml?.lang).toBe('en');
    expect(parseJsonFeed(json).items?.[0]?.language).toBe('en');
  });

  test('without `updated` the clock is in the bytes: here an empty feed is as old as its ids', () => {
    const { rss, atom } = theFeedOf();
    expect(parseRssFeed(rss).lastBuildDate).toBe('Thu, 01 Jan 2026 00:00:00 GMT');
    expect(parseAtomFeed(atom).updated).toBe('2026-01-01T00:00:00.000Z');
  });

  test('a missing link prints `undefined`, a bad date `Invalid Date`: here neither is ever printed', () => {
    const { document } = aDocument(
      {},
      { publishedAt: '' },
      { updatedAt: 'soon' },
      { url: '' },
      { summary: null, authors: [] },
    );
    expect(Object.values(inAllFormats(document)).join()).not.toMatch(/undefined|Invalid|NaN|null/);
  });

  test('a text that reads “&amp;” loses its letters: here it is what it was', () => {
    const { rss } = theFeedOf({ url: 'https://elsewhere.example/?q=%26amp;x&amp;y', rights: 'A &amp; B' });
    expect(rssItem(rss)?.link).toBe('https://elsewhere.example/?q=%26amp;x&amp;y');
    expect(rssItem(rss)?.dc?.rights).toEqual(['A &amp; B']);
  });

  test(']]> in a text ends no section early', () => {
    const html = '<pre>a[b[0]]>c ]]>]]></pre>';
    const { rss, atom, json } = theFeedOf({ html, summary: 'x ]]> y' });
    expect(rssItem(rss)?.content?.encoded).toBe(html);
    expect(atomEntry(atom)?.content?.value).toBe(html);
    expect(atomEntry(atom)?.summary?.value).toBe('x ]]> y');
    expect(parseJsonFeed(json).items?.[0]?.content_html).toBe(html);
  });
});

describe('an item says', () => {
  test('its summary before its text, escaped for a place where readers expect HTML', () => {
    const { rss } = theFeedOf({ summary: '5 < 6 & 7', html: '<p>Text</p>' });
    expect(rss.indexOf('<description><![CDATA[5 &lt; 6 &amp; 7')).toBeGreaterThan(0);
    expect(rss.indexOf('<content:encoded>')).toBeGreaterThan(rss.lastIndexOf('<description>'));
  });

  test('its opening words where it brought no summary', () => {
    const html = `<p>First <b>words</b> &amp; more.</p><p>${'word '.repeat(100)}</p>`;
    const summary = parseJsonFeed(theFeedOf({ summary: null, html }).json).items?.[0]?.summary;
    expect(summary).toMatch(/^First words & more\. word .* word…$/);
    expect(summary?.length).toBeLessThanOrEqual(301);
  });

  test('when it was revised, but only then', () => {
    const first = theFeedOf({ revision: 1 });
    const second = theFeedOf({ revision: 2, updatedAt: '2026-05-03T10:00:00.000Z' });
    expect(first.rss + first.json).not.toMatch(/dcterms:modified>|date_modified/);
    expect(second.rss).toContain('<dcterms:modified>2026-05-03T10:00:00.000Z</dcterms:modified>');
    expect(parseJsonFeed(second.json).items?.[0]?.date_modified).toBe('2026-05-03T10:00:00.000Z');
    expect(atomEntry(second.atom)?.updated).toBe('2026-05-03T10:00:00.000Z');
  });

  test('its own rights where it has some, and the newsroom’s stand for the others', () => {
    const { atom } = theFeedOf({ rights: '© A & B' });
    expect(atomEntry(atom)?.rights?.value).toBe('© A & B');
    expect(parseAtomFeed(atom).rights?.value).toBe('© The Gazette. Quote us & say so.');
  });
});
