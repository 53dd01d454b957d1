import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { htmlOfMarkdown } from '../../functions/border/markdown.ts';
import { plainOf, wordsOf } from '../../functions/border/text.ts';
import type { Exported } from '../../functions/ingest/page/exportedPage.ts';
import { contentOf, context, markdown, outline } from './aPage.ts';

describe('the day of a page', () => {
  const paged = (line: string, language?: string): Exported =>
    markdown(`## A headline of its own\n\n${line}\n\nSome text that says something.\n`, language);

  test('that could be two is refused in English, with the field named', () => {
    expect(() => contentOf(paged('08/07/2019'))).toThrow(
      expect.objectContaining({
        status: 400,
        field: 'publishAt',
        message: expect.stringContaining('2019-07-08 or 2019-08-07'),
      }),
    );
  });

  test('is decided where the language decides', () => {
    expect(contentOf(paged('08/07/2019', 'fr')).publishedAt).toBe('2019-07-08T10:00:00.000Z');
    expect(contentOf(paged('08/07/2019', 'es')).publishedAt).toBe('2019-07-08T10:00:00.000Z');
  });

  test('is decided by its weekday, whichever number comes first', () => {
    expect(contentOf(paged('Monday 08/07/2019')).publishedAt).toBe('2019-07-08T10:00:00.000Z');
    expect(contentOf(paged('Wednesday 08/07/2019')).publishedAt).toBe('2019-08-07T10:00:00.000Z');
  });

  test('with a weekday that fits neither is refused', () => {
    expect(() => contentOf(paged('Sunday 08/07/2019'))).toThrow(
      expect.objectContaining({ status: 400, field: 'publishAt', message: expect.stringContaining('weekday') }),
    );
  });

  test('in the middle of the text is text', () => {
    const paragraphs = Array.from(
      { length: 20 },
      (_, i) => `Paragraph ${i} says something of its own and quite at length, as texts do.`,
    );
    const page = markdown(['## A headline', ...paragraphs, '5 March 2025'].join('\n\n'));
    const { html, publishedAt } = contentOf(page);
    expect(html).toContain('<p>5 March 2025</p>');
    expect(publishedAt).toBe(context.now);
  });
});

describe('what stands around the headline', () => {
  const text = ['It begins with a sentence that is long enough to be the beginning of a text.', 'More follows.'];
  const read = (...above: string[]) => {
    const { title, section, topics, html } = contentOf(markdown([...above, ...text].join('\n\n')));
    return { title, section, topics, before: outline(html).slice(0, -2) };
  };
  const none = { section: null, topics: [], before: [] };

  test.each([
    ['a masthead as the page’s first heading', ['# Confluence', '## A bridge opens'], {}],
    ['the date above it', ['5 March 2025', '# A bridge opens'], {}],
    ['a headline that is no heading', ['A bridge opens', '5 March 2025'], {}],
    ['a kicker below it', ['# A bridge opens', 'Mobility', '5 March 2025'], { topics: ['mobility'] }],
    [
      'a masthead and a section',
      ['## Rivergates', '## NEWS', '## A bridge opens', '5 March 2025'],
      { section: 'News' },
    ],
    [
      'a standfirst between it and the date',
      ['## A bridge opens', 'Cyclists waited for nine years.', '5 March 2025'],
      { before: ['p: Cyclists waited for nine years.'] },
    ],
    [
      'a standfirst that is a lower heading',
      ['## A bridge opens', '### Cyclists waited for nine years', '5 March 2025'],
      { before: ['h3: Cyclists waited for nine years'] },
    ],
    [
      'a short first paragraph and a heading of the text',
      ['## A bridge opens', 'At last!', '## Nine years'],
      { before: ['p: At last!', 'h2: Nine years'] },
    ],
    [
      'no date, and the text begins with a heading',
      ['# A bridge opens', '## Nine years'],
      { before: ['h2: Nine years'] },
    ],
  ])('%s', (_, above, over) => {
    expect(read(...above)).toEqual({ title: 'A bridge opens', ...none, ...over });
  });

  test('a picture between the headline and the date is the article’s', () => {
    const page = ['## A bridge opens', '![The bridge](/bridge.jpg)', '5 March 2025', ...text].join('\n\n');
    expect(contentOf(markdown(page)).html).toMatch(/^<p><img src="https:\/\/news\.example\/bridge\.jpg"/);
  });
});

describe('whatever the page is', () => {
  const word = fc.constantFrom('quay', 'river', 'l’eau', 'Überfahrt', 'año', 'night-ferry', '42', 'and', 'the', 'port');
  const mark = fc.constantFrom('', ',', ' –', ' (so', ';', '”');
  const sentence = fc
    .array(fc.tuple(word, mark), { minLength: 3, maxLength: 25 })
    .map((parts) => `So ${parts.map(([said, sign]) => said + sign).join(' ')}.`);
  const block = fc.oneof(
    sentence,
    sentence.map((said) => `## ${said}`),
    sentence.map((said) => `> ${said}`),
    fc.array(sentence, { minLength: 1, maxLength: 4 }).map((items) => items.map((item) => `- ${item}`).join('\n')),
    fc.tuple(sentence, sentence).map((both) => both.join('\n\n## ').replace('.\n\n## So', '\n\n## so')),
  );
  const head = fc.record({
    masthead: fc.constantFrom('', '## confluence 🌊', '# Confluence'),
    section: fc.constantFrom('', '## **NEWS**'),
    kicker: fc.constantFrom('', 'Mobility', 'housing and planning'),
    day: fc.constantFrom('', 'Tuesday 04/08/2025', '5 March 2025', 'Published on 5 March 2025'),
  });

  test('every word of its text is in the article, in the same order', () => {
    fc.assert(
      fc.property(
        head,
        fc.array(block, { minLength: 1, maxLength: 8 }),
        ({ masthead, section, kicker, day }, blocks) => {
          const above = [masthead, section, kicker, '## Headline nobody wrote', day];
          // Between the head and the text a plain paragraph, as on every page of news.
          const body = ['So it begins, with a first paragraph that is long enough to be one of a text.', ...blocks];
          const page = [...above, ...body].filter(Boolean).join('\n\n');
          const { title, html, topics } = contentOf(markdown(page));
          expect(title).toBe('Headline nobody wrote');
          expect(topics).toHaveLength(kicker ? 1 : 0);
          expect(wordsOf(plainOf(html))).toEqual(wordsOf(plainOf(htmlOfMarkdown(body.join('\n\n')))));
        },
      ),
      { numRuns: 200 },
    );
  });

  test('any text at all is an article or a refusal that names a field', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom(
        '# ',
        '## ',
        '---\n',
        '\n\n',
        '<p>',
        '<h1>',
        '</article>',
        '08/07/2019',
        'Mobility',
        '\u0000',
        '\ud800',
        '{{ x }}',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.constantFrom('text/markdown', 'text/html'), (pieces, type) => {
        const page: Exported = { text: pieces.join(''), type, language: undefined };
        try {
          expect(contentOf(page).title).not.toBe('');
        } catch (error) {
          expect(error).toMatchObject({ status: expect.any(Number), field: expect.stringMatching(/^[a-z]/) });
        }
      }),
      { numRuns: 200 },
    );
  });
});
