import { DomHandler, DomUtils, Parser } from 'htmlparser2';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { CurrentArticle } from '../../functions/wire/ports.ts';
import { aSite } from './aSite.ts';
import { aPicture, aStory } from './aStory.ts';

/** Every block of data that an HTML parser finds in the page of `/en/articles/ferry`. */
const blocksOn = async (articles: readonly CurrentArticle[]): Promise<unknown[]> => {
  const { body } = await (await aSite({ articles })).get('/en/articles/ferry');
  const handler = new DomHandler();
  new Parser(handler).end(body);
  return DomUtils.getElementsByTagName('script', handler.dom).map((script) => {
    expect(script.attribs).toEqual({ type: 'application/ld+json' });
    return JSON.parse(DomUtils.textContent(script));
  });
};

const theBlockOn = async (...articles: readonly CurrentArticle[]) =>
  z.tuple([z.record(z.string(), z.unknown())]).parse(await blocksOn(articles))[0];

describe('what search engines are told of an article', () => {
  test('is a NewsArticle with its dates, its authors, its picture and who published it', async () => {
    const ferry = aStory('ferry', {
      authors: [{ name: 'Ana Prat', email: 'ana@delta.example' }, { name: 'Jo Li' }],
      image: aPicture({ credit: 'Delta' }),
    });
    expect(await theBlockOn(ferry)).toEqual({
      '@context': 'https://schema.org',
      '@type': 'NewsArticle',
      '@id': 'https://news.example/en/articles/ferry',
      url: 'https://news.example/en/articles/ferry',
      mainEntityOfPage: 'https://news.example/en/articles/ferry',
      headline: 'The ferry',
      description: 'From May the ferries of five towns run to one timetable.',
      inLanguage: 'en',
      datePublished: '2026-05-01T08:00:00.000Z',
      dateModified: '2026-05-01T08:00:00.000Z',
      author: [
        { '@type': 'Person', name: 'Ana Prat' },
        { '@type': 'Person', name: 'Jo Li' },
      ],
      image: {
        '@type': 'ImageObject',
        url: 'https://pictures.example/a.png',
        caption: 'A boat',
        creditText: 'Delta',
        width: 1200,
        height: 630,
      },
      publisher: {
        '@type': 'Organization',
        name: 'Delta & Sons',
        url: 'https://news.example',
        logo: { '@type': 'ImageObject', url: 'https://news.example/assets/logo.svg' },
      },
    });
  });

  test('names what the newsroom gave and nothing it did not', async () => {
    const bare = await theBlockOn(aStory('ferry', { summary: null, authors: [], image: null }));
    for (const name of ['description', 'author', 'image', 'workTranslation', 'translationOfWork'])
      expect(bare).not.toHaveProperty(name);
  });

  test('says when a revision came', async () => {
    const revised = aStory('ferry', { revision: 2, updatedAt: '2026-05-03T08:00:00.000Z' });
    expect(await theBlockOn(revised)).toMatchObject({ dateModified: '2026-05-03T08:00:00.000Z' });
  });

  test('gives an article that lives elsewhere its own address', async () => {
    const elsewhere = await theBlockOn(aStory('ferry', { url: 'https://city.example/ferry' }));
    expect(elsewhere['mainEntityOfPage']).toBe('https://city.example/ferry');
  });

  const bac = (publishedAt: string) => aStory('bac', { language: 'fr', story: 's', publishedAt });
  const named = { '@type': 'NewsArticle', '@id': 'https://news.example/fr/articles/bac', inLanguage: 'fr' };

  test('the text of a story that was published first names its translations', async () => {
    const first = await theBlockOn(aStory('ferry', { story: 's' }), bac('2026-05-02T08:00:00.000Z'));
    expect(first).toMatchObject({ workTranslation: [named] });
    expect(first).not.toHaveProperty('translationOfWork');
  });

  test('a later one names the first', async () => {
    const later = await theBlockOn(aStory('ferry', { story: 's' }), bac('2026-04-30T08:00:00.000Z'));
    expect(later).toMatchObject({ translationOfWork: named });
    expect(later).not.toHaveProperty('workTranslation');
  });

  test.each([
    '</script><script>alert(1)</script>',
    '</SCRIPT ><img src=x onerror=alert(1)>',
    '<!--<script>',
    ']]>--></script>\u2028"\\',
  ])('the title %s stays inside its block', async (title) => {
    const hostile = aStory('ferry', {
      title,
      summary: title,
      authors: [{ name: title }],
      image: aPicture({ alt: title }),
    });
    expect(await theBlockOn(hostile)).toMatchObject({ headline: title, description: title, image: { caption: title } });
  });
});
