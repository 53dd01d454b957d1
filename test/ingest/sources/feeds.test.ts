import { describe, expect, test } from 'vitest';
import { readFeed } from '../../../functions/ingest/sources/reading/feeds/feed.ts';
import type { FoundDocument } from '../../../functions/ingest/sources/reading/found.ts';
import { atom, atomPrefixed, jsonFeed, rss, rss10, rss091, rssItem, wordpressRss } from './someFeeds.ts';

const reading = (body: string | Uint8Array, contentType = '') =>
  readFeed({
    bytes: typeof body === 'string' ? Buffer.from(body) : body,
    contentType,
    url: 'https://city.example/feed',
    language: 'en',
    timeZone: 'Europe/Brussels',
  });

const found = (body: string | Uint8Array, contentType = ''): FoundDocument => {
  const document = reading(body, contentType);
  if (document.is === 'refused') throw new Error(document.because);
  return document;
};

const first = (body: string | Uint8Array, contentType = '') => {
  const [item] = found(body, contentType).items;
  if (!item) throw new Error('There is no item.');
  return item;
};

describe('RSS', () => {
  test('2.0 with modules, as WordPress writes it', () => {
    expect(first(wordpressRss)).toMatchObject({
      guid: 'https://city.example/?p=123',
      url: 'https://city.example/2026/05/tramway/?utm_source=rss',
      title: 'Tramway – début des travaux & calendrier',
      summary: 'Les travaux commencent lundi. …',
      publishedAt: '2026-05-04T08:30:00.000Z',
      authors: ['Anaïs Lefèvre'],
      categories: ['Transports', 'À la une'],
      image: {
        url: 'https://city.example/img/tram-1200.jpg',
        alt: 'Le tram sur le pont',
        credit: 'A. Photographe',
        width: 1200,
        height: 800,
      },
    });
    expect(first(wordpressRss).html).toContain('au bord du Rhône');
    expect(first(wordpressRss).html).not.toContain('appeared first on');
  });

  test('1.0, with items beside the channel and a prefix of its own', () => {
    expect(first(rss10)).toMatchObject({
      guid: 'https://city.example/a',
      url: 'https://city.example/a',
      title: 'Market moves',
      html: 'The market moves to the quay.',
      publishedAt: '2026-05-04T08:00:00.000Z',
      authors: ['Rosa'],
      categories: ['Housing'],
    });
  });

  test('0.91, whose document type names the letters', () => {
    expect(first(rss091)).toMatchObject({
      guid: null,
      url: 'http://old.example/cafe',
      title: 'Café ouvert',
      html: 'Le café du port\u00a0ouvre.',
      publishedAt: null,
    });
  });

  test('a relative link is one of the site, and a guid can be the link', () => {
    expect(first(rss(['<item><title>A</title><link>/a</link></item>'])).url).toBe('https://city.example/a');
    expect(first(rss(['<item><title>A</title><guid>https://city.example/g</guid></item>'])).url).toBe(
      'https://city.example/g',
    );
    expect(first(rss([rssItem({ guid: 'https://city.example/g' })])).url).toBeNull();
  });

  test('prefixes that nobody declared are known all the same', () => {
    const undeclared = rss([rssItem({ more: '<dc:creator>Rosa</dc:creator>' })]).replace(/ xmlns:\w+="[^"]*"/g, '');
    expect(first(undeclared).authors).toEqual(['Rosa']);
  });

  test('says how long it wants to be left alone', () => {
    expect(found(rss([], '<ttl>90</ttl>')).ttlSeconds).toBe(5400);
    expect(found(rss([], '<ttl>often</ttl>')).ttlSeconds).toBeNull();
  });
});

describe('Atom', () => {
  test.each([
    ['with its namespace as the default', atom],
    ['with a prefix', atomPrefixed],
  ])('%s', (_, text) => {
    const [fish, bridge] = found(text).items;
    expect(fish).toMatchObject({
      guid: 'tag:city.example,2026:1',
      url: 'https://city.example/news/fish',
      title: 'Fish & chips again',
      summary: 'The stall is back.',
      base: 'https://city.example/news/',
      publishedAt: '2026-05-04T07:00:00.000Z',
      modifiedAt: '2026-05-04T08:00:00.000Z',
      authors: ['Press office'],
      categories: ['Housing'],
      image: { url: 'https://city.example/fish.png', alt: '' },
    });
    expect(fish?.html).toContain('<p>The stall is <a href="map">back</a>.</p>');
    expect(bridge).toMatchObject({
      title: 'Bridge closed: 5 < 6',
      authors: ['Ana', 'Björn'],
      publishedAt: '2026-05-03T06:00:00.000Z',
      rights: '© City',
    });
    expect(bridge?.html).toContain('Saturday &amp; Sunday');
  });
});

describe('JSON Feed', () => {
  test('is read, and an item of a wrong form costs that item', () => {
    const { items, refused } = found(JSON.stringify(jsonFeed), 'application/feed+json');
    expect(items).toMatchObject([
      {
        guid: '7',
        url: 'https://city.example/seven',
        title: 'Seven bridges',
        authors: ['Press office'],
        categories: ['Housing'],
      },
      {
        guid: '8',
        html: '<p>Eight &amp; more</p>',
        summary: 'In short',
        authors: ['Ana'],
        image: { url: 'https://city.example/8.jpg', alt: '' },
        publishedAt: null,
      },
    ]);
    expect(refused).toEqual([
      { item: 'note', because: 'it has no title' },
      { item: '', because: 'it is no item of a JSON Feed' },
    ]);
  });

  test('other JSON is none', () => {
    expect(reading('{"error":"login"}')).toEqual({ is: 'refused', because: 'it is JSON, but no JSON Feed' });
    expect(reading(JSON.stringify(jsonFeed).slice(0, 200))).toEqual({ is: 'refused', because: 'it is not whole JSON' });
  });
});

describe('charsets', () => {
  const text = rss([rssItem({ title: 'Façade – « l’été »' })]);
  const title = 'Façade – « l’été »';
  const utf16 = (bigEndian: boolean): Buffer => {
    const bytes = Buffer.from(`\ufeff${text.replace('UTF-8', 'UTF-16')}`, 'utf16le');
    return bigEndian ? bytes.swap16() : bytes;
  };
  const latin = (said: string): Buffer =>
    Buffer.from(text.replace('UTF-8', said).replaceAll('–', '\x96').replaceAll('’', '\x92'), 'latin1');

  test.each([
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${text}`), ''],
    ['UTF-16 little-endian', utf16(false), 'application/xml'],
    ['UTF-16 big-endian', utf16(true), 'application/xml; charset=utf-8'],
    ['UTF-16 without a mark', utf16(false).subarray(2), ''],
    ['UTF-16 without a mark, big-endian', utf16(true).subarray(2), ''],
    ['Latin-1 that is windows-1252, as everywhere', latin('ISO-8859-1'), ''],
    ['windows-1252 called UTF-8', latin('UTF-8'), 'text/xml; charset=utf-8'],
    ['UTF-8 called Latin-1', Buffer.from(text.replace('UTF-8', 'iso-8859-1')), 'text/xml; charset=ISO-8859-1'],
    ['UTF-8 called UTF-16', Buffer.from(text.replace('UTF-8', 'UTF-16')), ''],
    ['UTF-8 of a charset nobody knows', Buffer.from(text.replace('UTF-8', 'x-klingon')), 'text/xml; charset=none'],
  ])('%s', (_, bytes, contentType) => expect(first(bytes, contentType).title).toBe(title));

  test('the header’s charset counts before the document’s', () => {
    const cyrillic = Buffer.from([0xcd, 0xee, 0xf7, 0xfc]);
    const [head = '', tail = ''] = rss([rssItem({ title: 'TITLE' })])
      .replace('UTF-8', 'iso-8859-1')
      .split('TITLE');
    const bytes = Buffer.concat([Buffer.from(head), cyrillic, Buffer.from(tail)]);
    expect(first(bytes, 'text/xml; charset="windows-1251"').title).toBe('Ночь');
  });
});

describe('dates', () => {
  const dateOf = (date: string) => first(rss([rssItem({ date })])).publishedAt;

  test.each([
    ['Mon, 04 May 2026 08:30:00 GMT', '2026-05-04T08:30:00.000Z'],
    ['Mon, 4 May 2026 08:30:00 +0200', '2026-05-04T06:30:00.000Z'],
    ['04 May 26 08:30 EST', '2026-05-04T13:30:00.000Z'],
    ['Monday, 04-May-26 08:30:00 GMT', '2026-05-04T08:30:00.000Z'],
    ['Mon, 04 May 2026 08:30:00 +0200 (CEST)', '2026-05-04T06:30:00.000Z'],
    ['2026-05-04T08:30:00Z', '2026-05-04T08:30:00.000Z'],
    ['2026-05-04 08:30:00', '2026-05-04T06:30:00.000Z'],
    ['4 May 2026', '2026-05-04T10:00:00.000Z'],
  ])('%s', (text, moment) => expect(dateOf(text)).toBe(moment));

  test.each([
    'Thu, 01 Jan 1970 00:00:00 GMT',
    '1970-01-01T00:00:00Z',
    'soon',
    '',
    'Mon, 31 Feb 2026 08:00:00 GMT',
    '0001-01-01',
  ])('“%s” is none, and costs nothing but itself', (text) => expect(dateOf(text)).toBeNull());
});

describe('guids', () => {
  test('one that all items share is no name', () => {
    const { items } = found(
      rss(['a', 'b'].map((one) => rssItem({ guid: 'same', link: `https://city.example/${one}` }))),
    );
    expect(items.map(({ guid, url }) => [guid, url])).toEqual([
      [null, 'https://city.example/a'],
      [null, 'https://city.example/b'],
    ]);
  });

  test('the same item twice is taken once', () => {
    const one = rssItem({ guid: 'g', link: 'https://city.example/a' });
    const { items, refused } = found(rss([one, one]));
    expect(items).toHaveLength(1);
    expect(refused).toEqual([{ item: 'https://city.example/a', because: 'it is there twice' }]);
  });

  test('an item without a title costs that item', () => {
    const { items, refused } = found(rss([rssItem({ title: '', guid: 'x' }), rssItem({ guid: 'y' })]));
    expect(items.map(({ guid }) => guid)).toEqual(['y']);
    expect(refused).toEqual([{ item: 'x', because: 'it has no title' }]);
  });
});

describe('what is no feed', () => {
  const whole = rss([rssItem({ guid: 'a' }), rssItem({ guid: 'b' })]);

  test.each([
    ['a login page', '<!DOCTYPE html><html><body><form>Log in</form></body></html>', /web page.*login/],
    ['a login page in XHTML', '<html xmlns="http://www.w3.org/1999/xhtml"><body/></html>', /web page/],
    ['nothing', '', /empty/],
    ['spaces', ' \n ', /empty/],
    ['a feed cut off within an item', whole.slice(0, -60), /stops being XML at line/],
    ['a feed cut off before its end', whole.replace('</rss>', ''), /stops being XML/],
    ['other XML', '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', /root element is “svg”/],
    ['a root of another namespace', atom.replace('2005/Atom', '2005/Molecule'), /root element/],
    ['RSS without a channel', '<rss version="2.0"/>', /no channel/],
    ['plain text', 'Error: database connection failed', /stops being XML/],
    ['an entity of its own', whole.replace('<rss', '<!DOCTYPE rss [<!ENTITY a "b">]><rss'), /entities of its own/],
    ['an internal subset', whole.replace('<rss', '<!DOCTYPE rss [ <!ELEMENT rss ANY> ]><rss'), /entities of its own/],
    ['a nest', `<rss><channel>${'<a>'.repeat(200)}${'</a>'.repeat(200)}</channel></rss>`, /nested more than 100 deep/],
  ])('%s', (_, body, because) => {
    const refused = reading(body);
    expect(refused.is === 'refused' && refused.because).toMatch(because);
  });

  test('an entity is never fetched or filled in', () => {
    const xxe = whole
      .replace('<rss', '<!DOCTYPE rss SYSTEM "file:///etc/passwd"><rss')
      .replace('Three towns', '&secret;');
    expect(reading(xxe).is).toBe('document');
    expect(JSON.stringify(reading(xxe))).not.toContain('root:');
  });

  test('a lone ampersand and control characters are forgiven', () => {
    expect(first(rss([rssItem({ title: 'AT&T \u0007& the city &nbsp;' })])).title).toBe('AT&T & the city');
  });

  test('no items at all is a feed: it has deleted nothing', () => {
    expect(found(rss([]))).toEqual({ is: 'document', items: [], refused: [], ttlSeconds: null });
  });
});
