import { describe, expect, it } from 'vitest';
import { slugCandidates, slugOf } from '../../functions/wire/append/slug.ts';
import { linkOf, pagePathOf } from '../../functions/wire/article.ts';

describe('a slug', () => {
  it.each([
    ['Five towns share one ferry timetable', 'five-towns-share-one-ferry-timetable'],
    ['L’actualité de l’été à Łódź : “ça va ?”', 'l-actualite-de-l-ete-a-lodz-ca-va'],
    ['The city’s plan', 'the-citys-plan'],
    ['Straße & Fjord – ÆØÅ', 'strasse-fjord-aeoa'],
    ['¿Qué pasó en 2026?', 'que-paso-en-2026'],
    ['都市の水', '都市の水'],
    ['नगर की ख़बर', 'नगर-की-ख़बर'.normalize('NFKD').normalize('NFC')],
    ['Вода и йод', 'вода-и-иод'],
    ['!?…', 'article'],
    ['\ud800 lone', 'lone'],
  ])('of “%s” is %s', (title, slug) => {
    expect(slugOf(title)).toBe(slug);
  });

  it('ends with a whole word and is not too long', () => {
    const slug = slugOf('municipality '.repeat(20));
    expect(slug.length).toBeLessThanOrEqual(80);
    expect(slug).toMatch(/^(municipality-)+municipality$/);
    expect([...slugOf('長'.repeat(200))]).toHaveLength(80);
  });

  it('has numbers for the next of the same title, and the id when there are too many', () => {
    const candidates = slugCandidates('News', '01JZZ');
    expect(candidates.slice(0, 3)).toEqual(['news', 'news-2', 'news-3']);
    expect(candidates.at(-1)).toBe('news-01jzz');
  });

  it('stands in an address as an address wants it', () => {
    expect(pagePathOf({ language: 'ja', slug: '都市' })).toBe('/ja/articles/%E9%83%BD%E5%B8%82');
    expect(linkOf({ url: null, language: 'en', slug: 'a-b' }, 'https://n.example')).toBe(
      'https://n.example/en/articles/a-b',
    );
    expect(linkOf({ url: 'https://c.example/1', language: 'en', slug: 'a' }, 'https://n.example')).toBe(
      'https://c.example/1',
    );
  });
});
