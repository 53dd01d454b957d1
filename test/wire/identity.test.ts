import { describe, expect, it } from 'vitest';
import { contentHash, identitiesOf, sameAddress, slugIdentity } from '../../functions/wire/append/identity.ts';
import { someContent } from '../support/anArticle.ts';

const named = (over: { source?: string; externalId?: string | null; url?: string | null; title?: string }) =>
  identitiesOf({
    source: over.source ?? 'api',
    externalId: over.externalId ?? null,
    content: someContent({ url: over.url ?? null, ...(over.title !== undefined && { title: over.title }) }),
  });

describe('identities', () => {
  it('are the sender’s id and the address; the text only where both are missing', () => {
    expect(named({ externalId: '1', url: 'https://c.example/1' })).toHaveLength(2);
    expect(named({ externalId: '1' })).toHaveLength(1);
    expect(named({ url: 'https://c.example/1', title: 'A' })).toEqual(
      named({ url: 'https://c.example/1', title: 'B' }),
    );
    expect(named({ title: 'A' })).not.toEqual(named({ title: 'B' }));
  });

  it('put the sender’s id first, and keep sources apart', () => {
    const [first, second] = named({ externalId: '1', url: 'https://c.example/1' });
    expect([first]).toEqual(named({ externalId: '1' }));
    expect([second]).toEqual(named({ url: 'https://c.example/1' }));
    expect(named({ externalId: '1', source: 'cms' })).not.toEqual(named({ externalId: '1' }));
    expect(named({ source: 'a', externalId: 'b"c' })).not.toEqual(named({ source: 'a"b', externalId: 'c' }));
  });

  it('are hashes, whatever the name, so that they fit a key', () => {
    for (const identity of [...named({ externalId: '#'.repeat(5000) }), slugIdentity('en', 'a')]) {
      expect(identity).toMatch(/^[0-9a-f]{64}$/);
    }
  });
});

describe('the same address', () => {
  it.each([
    ['http://City.Example/news/1', 'https://city.example/news/1/'],
    ['https://city.example:443/news', 'https://city.example/news'],
    ['https://city.example/n?id=4&utm_source=x&utm_campaign=y&fbclid=z', 'https://city.example/n?id=4'],
    ['https://city.example/n#part', 'https://city.example/n'],
    ['https://city.example', 'https://city.example/'],
  ])('%s is %s', (one, other) => {
    expect(sameAddress(one)).toBe(sameAddress(other));
  });

  it.each([
    ['https://city.example/n?id=4', 'https://city.example/n?id=5'],
    ['https://city.example/News', 'https://city.example/news'],
    ['https://a.example/n', 'https://b.example/n'],
    ['not an address', 'nor this'],
  ])('%s is not %s', (one, other) => {
    expect(sameAddress(one)).not.toBe(sameAddress(other));
  });
});

describe('the content’s hash', () => {
  it('sees every change a reader could see', () => {
    const changes: Parameters<typeof someContent>[0][] = [
      { language: 'fr' },
      { title: 'x' },
      { summary: null },
      { section: null },
      { html: 'x' },
      { topics: [] },
      { authors: [] },
      { url: 'https://c.example' },
      { image: { url: 'https://c.example/i.jpg', alt: '' } },
      { publishedAt: '2026-01-01T00:00:00.000Z' },
      { expiresAt: '2027-01-01T00:00:00.000Z' },
      { story: 's' },
      { rights: 'r' },
    ];
    expect(changes).toHaveLength(Object.keys(someContent()).length);
    const hashes = [{}, ...changes].map((change) => contentHash(someContent(change)));
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('does not see what no reader sees: the type and the length of the picture', () => {
    const image = { url: 'https://c.example/i.jpg', alt: 'A ferry', width: 8 };
    const read = { ...image, type: 'image/jpeg', bytes: 81_920 };
    expect(contentHash(someContent({ image }))).toBe(contentHash(someContent({ image: read })));
  });

  it('does not depend on the order in which somebody wrote the fields', () => {
    const image = { url: 'https://c.example/i.jpg', alt: 'A ferry', width: 8 };
    const turned = { width: 8, alt: 'A ferry', url: 'https://c.example/i.jpg' };
    expect(contentHash(someContent({ image }))).toBe(contentHash(someContent({ image: turned })));
  });
});
