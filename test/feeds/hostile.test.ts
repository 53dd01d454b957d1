import fc from 'fast-check';
import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith';
import { describe, expect, test } from 'vitest';
import { faultOf } from '../../functions/feeds/publish/check.ts';
import { soundLine, soundXml } from '../../functions/feeds/render/text.ts';
import type { Article } from '../../functions/wire/article.ts';
import { aDocument, inAllFormats } from './aDocument.ts';
import { hostile } from './hostileArticles.ts';

const GOOD = { title: 'A good one', summary: 'Short.', html: '<p>Long.</p>' };

interface Read {
  readonly title: string;
  readonly html: string;
}

// The other library trims what it reads, and says nothing where nothing is left.
const read = (title: string | undefined, html: string | undefined): Read => ({
  title: (title ?? '').trim(),
  html: (html ?? '').trim(),
});
const readRss = (rss: string): Read[] =>
  (parseRssFeed(rss).items ?? []).map(({ title, content }) => read(title, content?.encoded));
const readAtom = (atom: string): Read[] =>
  (parseAtomFeed(atom).entries ?? []).map(({ title, content }) => read(title?.value, content?.value));
const readJson = (json: string): Read[] =>
  (parseJsonFeed(json).items ?? []).map(({ title, content_html }) => read(title, content_html));
const asRead = ({ title = '', html = '' }: Partial<Article>): Read => read(soundLine(title), soundXml(html));

describe('whatever an article holds', () => {
  test('every format parses, says what the article says, and loses no other article', () => {
    fc.assert(
      fc.property(hostile, (article) => {
        const { document, leftOut } = aDocument(GOOD, article, GOOD);
        const expected = leftOut.length === 0 ? 3 : 2;
        const { rss, atom, json } = inAllFormats(document);
        for (const [format, text] of [
          ['rss', rss],
          ['atom', atom],
          ['json', json],
        ] as const) {
          expect(faultOf(format, text, expected)).toBeNull();
        }
        for (const items of [readRss(rss), readAtom(atom), readJson(json)]) {
          expect(items).toHaveLength(expected);
          expect(items.at(-1)).toEqual({ title: GOOD.title, html: GOOD.html });
          if (expected === 3) expect(items[1]).toEqual(asRead(article));
        }
      }),
      { numRuns: 200 },
    );
  });

  test('the same articles are the same bytes', () => {
    fc.assert(
      fc.property(fc.array(hostile, { maxLength: 4 }), (articles) => {
        const once = inAllFormats(aDocument(...articles).document);
        expect(inAllFormats(aDocument(...articles).document)).toEqual(once);
      }),
      { numRuns: 50 },
    );
  });
});
