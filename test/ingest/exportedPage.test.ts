import { describe, expect, test } from 'vitest';
import { htmlOfMarkdown } from '../../functions/border/markdown.ts';
import { plainOf, wordsOf } from '../../functions/border/text.ts';
import { articleOfPage, type Exported } from '../../functions/ingest/page/exportedPage.ts';
import { contentOf, context, markdown, outline, pageNamed } from './aPage.ts';

const allWords = (text: string): string[] => wordsOf(text.toLowerCase()).sort();

describe('a page as a newsroom’s site exports it, with all its kinks', () => {
  const expected = [
    {
      file: 'river-cooperation.md',
      language: undefined,
      masthead: ['confluence'],
      written: 'Tuesday 04/08/2025',
      kicker: 'Governance and cooperation',
      content: {
        language: 'en',
        title: 'Seven ports on one river agree to open their flood gates together',
        section: 'News',
        publishedAt: '2025-04-08T10:00:00.000Z',
      },
      lead: /^The harbour masters .* passes its high water on to the next one downstream\. .* at night\.$/,
      paragraphs: 7,
    },
    {
      file: 'river-cooperation.fr.md',
      language: 'fr',
      masthead: ['confluence'],
      written: 'Mercredi 09/04/2025',
      kicker: 'Gouvernance et coopération',
      content: {
        language: 'fr',
        title: 'Sept ports d’un même fleuve ouvriront leurs vannes ensemble',
        section: 'Actualités',
        publishedAt: '2025-04-09T10:00:00.000Z',
      },
      lead: /^Les capitaineries .* sa crue vers la suivante en aval\. .* la nuit\.$/,
      paragraphs: 7,
    },
    {
      file: 'river-cooperation.es.md',
      language: 'es',
      masthead: ['confluence'],
      written: 'Jueves 10/04/2025',
      kicker: 'Gobernanza y cooperación',
      content: {
        language: 'es',
        title: 'Siete puertos de un mismo río abrirán sus compuertas a la vez',
        section: 'Noticias',
        publishedAt: '2025-04-10T10:00:00.000Z',
      },
      lead: /^Las capitanías .* mande su crecida al siguiente río abajo\. .* sus vecinos\.$/,
      paragraphs: 7,
    },
  ];

  describe.each(expected)('$file', ({ file, language, masthead, written, kicker, content, lead, paragraphs }) => {
    const page = pageNamed(file);
    const article = contentOf(markdown(page, language));

    test('headline, section, topic and day are read off its head', () => {
      expect(article).toMatchObject({ ...content, topics: ['governance'], url: null, authors: [] });
    });

    test('the broken lead is whole again, and is the summary', () => {
      expect(article.summary).toMatch(lead);
      expect(outline(article.html)[0]).toBe(`p: ${article.summary}`);
    });

    test('the text is paragraphs and nothing else', () => {
      const tags = outline(article.html).map((line) => line.split(':')[0]);
      expect(tags).toEqual(Array.from({ length: paragraphs }, () => 'p'));
      expect(article.html).not.toMatch(/<h\d|🌊/);
    });

    test('not a word is lost, and none is made up', () => {
      const kept = [article.title, article.section, kicker, written, ...masthead, plainOf(article.html)].join(' ');
      expect(allWords(kept)).toEqual(allWords(plainOf(htmlOfMarkdown(page))));
    });

    test('its quotes, brackets and dashes are as they were', () => {
      const marks = (text: string): string[] => text.match(/[“”"«»()–’';:¿?¡!%.,]/g) ?? [];
      const below = page.slice(page.indexOf(written) + written.length);
      expect(marks(plainOf(article.html))).toEqual(marks(plainOf(htmlOfMarkdown(below))));
    });
  });

  test('the same page again is the same article, byte for byte', () => {
    const page = markdown(pageNamed('river-cooperation.md'));
    expect(contentOf(page)).toEqual(contentOf(page));
    const onWindows = markdown(`\uFEFF${page.text.replaceAll('\n', '\r\n')}`);
    expect(contentOf(onWindows)).toEqual(contentOf(page));
  });
});

describe('a page as the site’s browser gets it', () => {
  const article = contentOf({ text: pageNamed('night-ferry.html'), type: 'text/html', language: undefined });

  test('what its markup says counts: address, summary, the moment', () => {
    expect(article).toMatchObject({
      language: 'en',
      title: 'The night ferry is back',
      url: 'https://harbour.example/news/night-ferry',
      summary: 'After nine winters the last boat leaves at midnight again.',
      publishedAt: '2025-10-02T04:30:00.000Z',
      topics: ['mobility'],
    });
  });

  test('the text is the article’s, without the site around it', () => {
    expect(outline(article.html)).toEqual([
      'p: The crossing that nurses and bakers had missed since 2016 runs again – every night but Sunday.',
      'figcaption: The Gannet at quay four.',
      'h2: Who paid',
      'p: Three bakeries, the hospital and the city share the bill; the budget says how.',
      'p: “I’d forgotten how quiet it is out there.”',
      'li: First boat: 22:15',
      'li: Last boat: 00:05',
    ]);
  });

  test('pictures and links lead to where the page was', () => {
    expect(article.html).toContain(
      '<img src="https://harbour.example/media/ferry.jpg" alt="A lit ferry at a dark quay" />',
    );
    expect(article.html).toContain('<a href="https://harbour.example/budget?year=2025#ferry">');
    expect(article.html).not.toMatch(/onload|stats\.example|dataLayer/);
  });

  const html = (body: string, head = ''): Exported => ({
    text: `<!doctype html><html><head>${head}</head><body>${body}</body></html>`,
    type: 'text/html',
    language: undefined,
  });
  const text = '<p>The bridge opens on Monday, and the ferry stops for good.</p><p>More follows.</p>';

  test.each([
    ['the headline stands in main, above the article', `<main><h1>A bridge</h1><article>${text}</article></main>`],
    ['the headline is in the site’s header', `<header><h1>A bridge</h1></header><main>${text}</main>`],
    ['comments are articles within the article', `<article><h1>A bridge</h1>${text}<article></article></article>`],
    ['there is no markup for parts', `<h1>A bridge</h1>${text}`],
  ])('%s', (_, body) => {
    const found = contentOf(html(body, '<title>A bridge</title>'));
    expect([found.title, found.html]).toEqual(['A bridge', text]);
  });

  test('markup that makes no sense is passed over: what readers see counts', () => {
    const head = '<link rel="canonical" href="/here"><meta property="article:published_time" content="yesterday">';
    const found = contentOf(html(`<h1>A bridge</h1><p>5 March 2025</p>${text}`, head));
    expect(found).toMatchObject({ url: null, publishedAt: '2025-03-05T11:00:00.000Z' });
  });
});

describe('a page with front matter', () => {
  const article = contentOf(markdown(pageNamed('warm-roofs.md')));

  test('says what it is; what only a site’s generator needs is passed over', () => {
    expect(article).toMatchObject({
      language: 'en',
      title: 'Warm roofs: what a thousand attics taught us',
      summary: 'One winter, a thousand attics, and a heat pump that nobody needed.',
      publishedAt: '2025-02-11T08:15:00.000Z',
      topics: ['housing'],
      authors: [{ name: 'Ilse Brandt' }, { name: 'Teo Marín' }],
      url: 'https://roofs.example/stories/warm-roofs',
    });
    expect(articleOfPage(markdown(pageNamed('warm-roofs.md')), context).externalId).toBe('roofs-0017');
  });

  test('the headline is not said twice, and lists and tables stay what they are', () => {
    expect(outline(article.html)).toEqual([
      'p: Nobody expected the roofs to pay for themselves in four years.',
      'h2: How we counted',
      'li: One gauge under the ridge.',
      'li: One beside the stairs.',
      'th: Street',
      'th: Saved',
      'td: Mill Lane',
      'td: 31 %',
      'td: Quay Row',
      'td: 18 %',
      'p: Read the raw figures – and {{ write }} to us.',
    ]);
  });

  test.each([
    ['draft: true', true],
    ['published: false', true],
    ['draft: false', false],
    ['published: true', false],
    ['tags: [bridges]', undefined],
  ])('with “%s” says whether it is a draft', (line, draft) => {
    const text = `---\n${line}\n---\n# A title\n\nSome text.\n`;
    expect(articleOfPage({ text, type: 'text/markdown', language: 'en' }, context).draft).toBe(draft);
  });

  test.each([
    ['of an unknown topic', 'topics: [gardening]', 'topics[0]'],
    ['of no known language', 'language: xx', 'language'],
    ['of an impossible day', 'date: 2025-02-30', 'publishAt'],
    ['of a title that is a list', 'title: [a, b]', 'title'],
  ])('a page that is %s is refused', (_, line, field) => {
    const page = markdown(`---\n${line}\n---\n# A title\n\nSome text.\n`);
    expect(() => contentOf(page)).toThrow(expect.objectContaining({ status: 400, field }));
  });
});
