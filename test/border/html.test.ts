import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { describe, expect, test } from 'vitest';
import { cleanHtml } from '../../functions/border/html.ts';
import { plainOf, wordsOf } from '../../functions/border/text.ts';
import { cpuMsOf } from '../support/cpuMs.ts';
import { honestHtml, hostileHtml, VECTORS } from './hostileHtml.ts';

const BASE = 'https://city.example/news/one';

const clean = (html: string): string => cleanHtml(html, BASE);

/** The list, written down once more: a slip in the code’s own must not pass. */
const TAGS = new Set(
  'p br hr h2 h3 h4 h5 h6 ul ol li blockquote pre figure figcaption table caption thead tbody tr th td a img strong em s sub sup code'.split(
    ' ',
  ),
);
const ATTRIBUTES = /^(?:a href|img (?:src|alt|width|height)|[a-z0-9]+ (?:dir|lang))$/;

const offencesOf = (name: string, attribute: string, value: string): string[] => [
  ...(ATTRIBUTES.test(`${name} ${attribute}`) ? [] : [`${name} ${attribute}`]),
  ...(attribute === 'src' && !/^https?:\/\//.test(value) ? [`src ${value}`] : []),
  ...(attribute === 'href' && !/^(?:https?:\/\/|mailto:|tel:)/.test(value) ? [`href ${value}`] : []),
];

/** What a strict reader of XML finds that is not on the list; it throws for what is not well-formed. */
const offencesIn = (html: string): string[] => {
  const offences: string[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    if (name !== 'article-text' && !TAGS.has(name)) offences.push(`<${name}>`);
    for (const [attribute, value] of Object.entries(attributes)) offences.push(...offencesOf(name, attribute, value));
  });
  parser.on('comment', () => offences.push('a comment'));
  parser.on('processinginstruction', () => offences.push('a processing instruction'));
  parser.on('cdata', () => offences.push('a CDATA section'));
  parser.write(`<article-text>${html}</article-text>`).close();
  return offences;
};

test('whoever looks for offences sees them', () => {
  expect(
    offencesIn('<p class="a">x</p><svg/><a href="javascript:1">x</a><!-- c --><img src="data:x" onerror="1"/>'),
  ).toEqual(['p class', '<svg>', 'href javascript:1', 'a comment', 'src data:x', 'img onerror']);
  expect(() => offencesIn('<p>x')).toThrow();
});

describe('clean HTML', () => {
  test.each(VECTORS)('has nothing that runs: %s', (vector) => {
    for (const html of [vector, `<p>before</p>${vector}<p>after</p>`, `<table><tr><td>${vector}</td></tr></table>`]) {
      expect(offencesIn(clean(html))).toEqual([]);
      expect(clean(clean(html))).toBe(clean(html));
    }
  });

  test('has only what is on the list, whatever came in, and is clean already when it comes again', () => {
    fc.assert(
      fc.property(hostileHtml, (html) => {
        const once = clean(html);
        expect(offencesIn(once)).toEqual([]);
        expect(clean(once)).toBe(once);
        expect(once.isWellFormed()).toBe(true);
      }),
      { numRuns: 700 },
    );
  });

  test('stays as it is when it is read from another place', () => {
    fc.assert(
      fc.property(hostileHtml, (html) => {
        const once = clean(html);
        expect(cleanHtml(once, 'https://news.example/')).toBe(once);
      }),
      { numRuns: 300 },
    );
  });

  test('says every word that was there, in order', () => {
    fc.assert(
      fc.property(honestHtml, (html) => {
        expect(wordsOf(plainOf(clean(html)))).toEqual(wordsOf(plainOf(html)));
      }),
      { numRuns: 300 },
    );
  });

  test('of a broken table keeps every word', () => {
    const html = '<table>loose<tr>between<td>one</td></tr><p>stray</p><tr><td>two</td></tr></table>';
    expect(wordsOf(plainOf(clean(html))).sort()).toEqual(['between', 'loose', 'one', 'stray', 'two']);
  });
});

describe('cleaning', () => {
  test.each([
    [
      'old names for marks',
      '<p><b>a</b><i>b</i><strike>c</strike><tt>d</tt></p>',
      '<p><strong>a</strong><em>b</em><s>c</s><code>d</code></p>',
    ],
    ['loose text becomes paragraphs', 'one<div>two</div>three', '<p>one</p><p>two</p><p>three</p>'],
    ['an h1 lets all headings step down', '<h1>a</h1><h2>b</h2><h6>c</h6>', '<h2>a</h2><h3>b</h3><h6>c</h6>'],
    [
      'relative addresses',
      '<p><a href="../x?a=1&b=2">x</a></p>',
      '<p><a href="https://city.example/x?a=1&amp;b=2">x</a></p>',
    ],
    ['a link to the same page', '<p><a href="#top">up</a></p>', '<p>up</p>'],
    [
      'a link within a link',
      '<p><a href="/a">a <a href="/b">b</a></a></p>',
      '<p><a href="https://city.example/a">a </a><a href="https://city.example/b">b</a></p>',
    ],
    ['a picture that only counts', '<p>x<img src="/p.gif" width="1" height="1"></p>', '<p>x</p>'],
    ['what is hidden', '<p>x</p><p style="display: none">spam</p><p hidden>y</p>', '<p>x</p>'],
    ['directions and languages', '<p dir="RTL" lang="ar" class="x">x</p>', '<p dir="rtl" lang="ar">x</p>'],
    ['white space of a listing', '<pre>\n  a\n\n  b</pre>', '<pre>  a\n\n  b</pre>'],
    ['empty paragraphs', '<p>&nbsp;</p><p></p><p>x</p>', '<p>x</p>'],
    ['a comment', '<p>x<!-- y --></p>', '<p>x</p>'],
  ])('%s', (_, html, expected) => {
    expect(clean(html)).toBe(expected);
  });

  test('refuses what is nested deeper than any text', () => {
    expect(() => clean('<div>'.repeat(100_000))).toThrow(expect.objectContaining({ status: 400 }));
  });

  test.each(['<p>a', '<li>a', '<dt>a<dd>b', '<b>a</b>', '<img src=a>', '<td>a', 'a<br>', '</p>', '<script></script>'])(
    'refuses more elements than any text has: %s',
    (html) => {
      expect(() => clean(html.repeat(50_001))).toThrow(expect.objectContaining({ status: 400 }));
    },
  );

  test('takes as many elements as any text has', () => {
    const html = `<p>${'a<br>b'.repeat(49_999)}</p>`;
    expect(clean(html)).toBe(`<p>${'a<br />b'.repeat(49_999)}</p>`);
  });

  test.each([
    ['unclosed marks', '<b>'.repeat(150) + 'x'.repeat(100)],
    ['opening brackets', '<'.repeat(200_000)],
    ['ampersands', '&'.repeat(200_000)],
    ['line breaks', '<br>'.repeat(50_000)],
    ['spaces', `<p>${' '.repeat(200_000)}x</p>`],
    ['small paragraphs', '<p>x'.repeat(40_000)],
    ['one attribute', `<p title="${'a'.repeat(500_000)}">x</p>`],
    ['attributes', `<p ${'a=b '.repeat(50_000)}>x</p>`],
    ['comments', '<!--'.repeat(50_000)],
    ['closing tags', '</p>'.repeat(50_000)],
  ])('takes no longer than it should over %s', (_, html) => {
    expect(cpuMsOf(() => clean(html))).toBeLessThan(2000);
  });
});
