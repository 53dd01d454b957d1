import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lint, lintHeaders } from '../../functions/feeds/lint/lint.ts';
import { type Code, type Finding, isError, RULES } from '../../functions/feeds/lint/rules.ts';
import { opmlOf } from '../../functions/feeds/opml.ts';
import { aNewsroom } from './aBuilder.ts';
import { aDocument, inAllFormats } from './aDocument.ts';
import { hostile } from './hostileArticles.ts';

const GOLDEN = 'test/golden/feeds';
const golden = (name: string): string => readFileSync(`${GOLDEN}/${name}`, 'utf8');
const found = (text: string): Finding[] => lint(Buffer.from(text));
const codes = (text: string): Code[] => found(text).map(({ code }) => code);

/** A good document with one thing in it replaced; fails where that thing is not there. */
const breaking =
  (good: string) =>
  (part: string | RegExp, by: string): string => {
    const bad = good.replace(part, () => by);
    if (bad === good) throw new Error(`There is no ${part} to break.`);
    return bad;
  };

const rss = breaking(golden('en-all.rss'));
const atom = breaking(golden('en-all.atom'));
const json = breaking(golden('en-all.json'));
const opml = breaking(opmlOf(aNewsroom(), 'https://news.example'));
const licensedRss = breaking(golden('licensed-en-all.rss'));
const licensedAtom = breaking(golden('licensed-en-all.atom'));
const jsonItem = (over: object): string =>
  JSON.stringify({
    ...JSON.parse(golden('en-all.json')),
    items: [{ ...JSON.parse(golden('en-all.json')).items[0], ...over }],
  });

/** For each rule about documents, documents that break it. */
const BROKEN: Readonly<Record<Exclude<Code, HeaderRule | 'not-utf-8'>, readonly string[]>> = {
  'unknown-format': ['<html/>', '{}'],
  'not-well-formed': [rss('</channel>', ''), atom('<name>', '<name>\u0007'), '', 'Not found'],
  'not-json': ['{"version": ', '[1]'],
  'broken-text': [json('Seen elsewhere', '\\ud800'), json('Seen elsewhere', '\\u0007')],
  'too-big': [rss('Ana Prat', 'x'.repeat(300_000))],
  'no-feed-title': [
    rss(/<title>.*<\/title>/, ''),
    atom(/<title.*<\/title>/, ''),
    json(/"title".*/, ''),
    opml(/<title>.*<\/title>/, ''),
  ],
  'no-home': [
    rss(/<link>.*<\/link>/, '<link>/en</link>'),
    atom(/<link rel="alternate".*/, ''),
    json('https://news.example/en"', '/en"'),
  ],
  'no-self': [
    rss('rel="self"', 'rel="me"'),
    rss('<atom:link', '<atom:link rel="self" href="https://a.example/"/><atom:link'),
    atom('rel="self"', 'rel="me"'),
    json(/"feed_url".*/, ''),
  ],
  'no-language': [
    rss('<language>en</language>', ''),
    atom(' xml:lang="en"', ''),
    json(/"language": "en",\n {2}"authors"/, '"authors"'),
  ],
  'no-feed-id': [atom(/<id>.*<\/id>/, '')],
  'no-updated': [atom(/<updated>.*<\/updated>/, ''), atom(/<updated>.*Z<\/updated>/, '<updated>today</updated>')],
  'no-build-date': [rss(/<lastBuildDate>.*/, '')],
  'no-rights': [rss(/<copyright>.*/, ''), atom(/<rights.*/, '')],
  'json-version': [json('version/1.1', 'version/1')],
  'no-id': [rss(/<guid.*/, ''), atom(/<id>tag:news.example,2026:01.*/, ''), jsonItem({ id: undefined })],
  'id-not-tag': [
    rss(/>tag:.*<\/guid>/, '>https://news.example/1</guid>'),
    atom(/<id>tag:news.example,2026:01.*/, '<id>https://news.example/1</id>'),
    jsonItem({ id: 'https://news.example/1' }),
  ],
  'id-twice': [rss('000005</guid>', '000001</guid>'), atom('000005</id>', '000001</id>'), json('000005"', '000001"')],
  'id-not-text': [jsonItem({ id: 7 })],
  'id-as-link': [rss(' isPermaLink="false"', ''), rss('isPermaLink="false"', 'isPermaLink="true"')],
  'no-title': [
    rss('<title>Seen elsewhere</title>', ''),
    atom('>Seen elsewhere</title>', '></title>'),
    jsonItem({ title: ' ' }),
  ],
  'title-spelling': [rss('AT&#x26;T', 'AT&amp;T'), rss('Seen elsewhere', '<![CDATA[Seen]]>')],
  'title-type': [atom('<title type="text">Seen', '<title type="html">Seen'), atom('<title type="text">', '<title>')],
  'no-link': [
    rss(/<link>https:\/\/elsewhere.*/, ''),
    atom(/<link href="https:\/\/elsewhere.*/, ''),
    jsonItem({ url: undefined }),
  ],
  'relative-address': [
    rss(/<link>https:\/\/elsewhere.*/, '<link>/a</link>'),
    rss('<p>From', '<p><a href="/a">From</a>'),
    rss('media:thumbnail url="https://images.example', 'media:thumbnail url="'),
    rss('hreflang="fr" href="https://news.example', 'hreflang="fr" href="'),
    atom('<link href="https://elsewhere.example', '<link href="'),
    atom('<p>From', '<p><img src="a.png">From'),
    jsonItem({ content_html: '<img src="//elsewhere.example/a.png">' }),
    jsonItem({ image: 'a.png' }),
  ],
  'no-date': [rss(/<pubDate>.*/, ''), atom(/<published>.*/, ''), jsonItem({ date_published: undefined })],
  'bad-date': [
    rss(/<pubDate>.*/, '<pubDate>2026-05-01T08:00:00Z</pubDate>'),
    rss(/<lastBuildDate>.*/, '<lastBuildDate>Invalid Date</lastBuildDate>'),
    rss(/<dcterms:modified>.*/, '<dcterms:modified>Fri</dcterms:modified>'),
    atom(/<published>.*/, '<published>Fri, 01 May 2026 08:00:00 GMT</published>'),
    jsonItem({ date_published: '2026-13-01T00:00:00Z' }),
    jsonItem({ date_modified: 'yesterday' }),
  ],
  'no-content': [
    rss(/<description><[\s\S]*?<\/content:encoded>/, ''),
    atom(/<summary[\s\S]*?<\/content>/, ''),
    jsonItem({ content_html: undefined, summary: undefined }),
  ],
  'item-language': [jsonItem({ language: undefined })],
  'content-first': [
    rss(/(<description><.*)\n(.*)/, '<content:encoded>a</content:encoded><description>a</description>'),
  ],
  'several-creators': [rss('<dc:creator>Ana Prat, Bo Ek', '<dc:creator>Ana Prat</dc:creator><dc:creator>Bo Ek')],
  'author-is-no-address': [rss('<dc:creator>Ana Prat</dc:creator>', '<author>Ana Prat</author>')],
  'author-and-creator': [rss('<dc:creator>', '<author>ana@news.example (Ana)</author><dc:creator>')],
  'no-author': [atom(/<author>/g, '<a>').replaceAll('</author>', '</a>')],
  'one-author': [jsonItem({ author: { name: 'Ana' } }), json('"authors"', '"author"')],
  'several-enclosures': [
    rss('<category>', '<enclosure url="https://a.example/" length="1" type="a/b"/>'.repeat(2).concat('<category>')),
  ],
  'enclosure-incomplete': [
    rss('<category>', '<enclosure url="https://a.example/" length="1" type="image//img/123"/><category>'),
    rss('<category>', '<enclosure url="https://a.example/" type="image/png"/><category>'),
    atom('<category', '<link rel="enclosure" href="https://a.example/"/><category'),
    jsonItem({ attachments: [{ url: 'https://a.example/a' }] }),
    jsonItem({ attachments: [{ url: '/a', mime_type: 'image/png' }] }),
  ],
  'media-kind-unknown': [rss(' medium="image"', ''), atom(' medium="image"', '')],
  'picture-without-words': [rss(/<media:description.*/, ''), atom(/<media:description.*/, '')],
  'picture-type': [rss('medium="image"', 'medium="image" type="image/jpg"')],
  'licence-address': [
    licensedRss(/<creativeCommons:license>.*/, '<creativeCommons:license>CC BY</creativeCommons:license>'),
    licensedAtom(/rel="license" href="[^"]*"/, 'rel="license" href="by"'),
    jsonItem({ _licence: { url: 'by' } }),
  ],
  'rsl-incomplete': [
    licensedRss(/<rsl:content url="[^"]*"/, '<rsl:content'),
    licensedRss(/<rsl:license>[\s\S]*?<\/rsl:license>/, ''),
  ],
  'tombstone-late': [atom('</feed>', '<at:deleted-entry ref="tag:a" when="2026-05-01T00:00:00Z"/></feed>')],
  'same-alternate-twice': [atom('hreflang="fr" href', 'hreflang="en" href')],
  'archive-without-current': [
    atom('<subtitle', '<archive xmlns="http://purl.org/syndication/history/1.0"/><subtitle'),
    rss('<language>', '<archive xmlns="http://purl.org/syndication/history/1.0"/><language>'),
  ],
  'opml-version': [opml('version="2.0"', 'version="1.0"')],
  'outline-without-text': [opml(/text="[^"]*"/, '')],
  'outline-without-feed': [opml(/xmlUrl="[^"]*"/, ''), opml('xmlUrl="https://news.example', 'xmlUrl="')],
  'feed-twice': [opml('/en/mobility.rss', '/en/all.rss')],
};

type HeaderRule = 'content-type' | 'no-etag' | 'no-self-header' | 'no-max-age';

describe('the linter of feeds', () => {
  test.each(readdirSync(GOLDEN))('has nothing to say of the golden %s', (name) => {
    expect(found(golden(name))).toEqual([]);
  });

  test('has nothing to say of our list of feeds', () => {
    expect(found(opmlOf(aNewsroom(), 'https://news.example'))).toEqual([]);
  });

  test.each(Object.entries(BROKEN).flatMap(([code, texts]) => texts.map((text, i) => ({ code, i, text }))))(
    'finds $code, broken in way $i',
    ({ code, text }) => {
      expect(codes(text)).toContain(code);
    },
  );

  test('knows no rule that none of these documents breaks', () => {
    const headers: HeaderRule[] = ['content-type', 'no-etag', 'no-self-header', 'no-max-age'];
    expect(Object.keys(RULES).toSorted()).toEqual([...Object.keys(BROKEN), ...headers, 'not-utf-8'].toSorted());
  });

  test('finds what is not UTF-8', () => {
    expect(lint(Buffer.from(golden('en-all.rss'), 'latin1')).map(({ code }) => code)).toEqual(['not-utf-8']);
  });

  test('finds what the answer lacks', () => {
    const good = {
      'Content-Type': 'application/rss+xml;charset=UTF-8',
      ETag: '"1"',
      'Cache-Control': 'max-age=300',
      Link: '<https://news.example/feeds/en/all.rss>; rel="self"',
    };
    expect(lintHeaders(new Headers(good))).toEqual([]);
    expect(lintHeaders(new Headers({ 'Content-Type': 'text/html' })).map(({ code }) => code)).toEqual([
      'content-type',
      'no-etag',
      'no-self-header',
      'no-max-age',
    ]);
  });

  test('says the line and the element', () => {
    expect(found(rss(/<pubDate>.*/, ''))).toEqual([{ code: 'no-date', place: 'line 13, item' }]);
    expect(found(atom('</name>', ''))).toEqual([{ code: 'not-well-formed', place: 'line 14' }]);
    expect(found(jsonItem({ id: 7 }))).toEqual([{ code: 'id-not-text', place: 'items[0]' }]);
  });

  test('finds no error in our feeds, whatever an article holds', () => {
    fc.assert(
      fc.property(hostile, (article) => {
        const { rss, atom, json } = inAllFormats(aDocument({}, article).document);
        for (const text of [rss, atom, json]) expect(found(text).filter(isError)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  test('as a command prints code, place and cure, and ends with 1 where there is an error', () => {
    const run = (...sources: string[]) =>
      spawnSync(process.execPath, ['infra/lintFeeds.ts', ...sources], { encoding: 'utf8' });
    expect(run(`${GOLDEN}/en-all.rss`)).toMatchObject({ status: 0, stdout: `${GOLDEN}/en-all.rss: nothing to mend\n` });
    const { status, stdout } = run('package.json');
    expect(status).toBe(1);
    expect(stdout).toContain(`  error unknown-format (version)\n    ${RULES['unknown-format'].cure}\n`);
    expect(run('no-such-file').status).toBe(1);
    expect(run().status).toBe(1);
  });
});
