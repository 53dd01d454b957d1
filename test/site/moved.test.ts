import { describe, expect, test } from 'vitest';
import { aSite } from './aSite.ts';
import { aStory } from './aStory.ts';

const topics = [
  { id: 'mobility', label: { en: 'Mobility', fr: 'Mobilité', es: 'Movilidad' }, formerly: ['transport'] },
  { id: 'climate', label: { en: 'Climate', fr: 'Climat', es: 'Clima' } },
];
const articles = [aStory('ferry', { topics: ['transport'] }), aStory('tram', { topics: ['mobility'], seq: 2 })];
const site = await aSite({ newsroom: { topics, removedTopics: ['sports'] }, articles });

describe('a topic that was renamed', () => {
  test.each([
    ['/en/topics/transport', '/en/topics/mobility'],
    ['/fr/feeds/transport', '/fr/feeds/mobility'],
  ])('is no longer at %s but at %s, for good', async (old, now) => {
    const { status, headers } = await site.get(old);
    expect([status, headers['location']]).toEqual([301, now]);
  });

  test('has the articles that came in under its old id, on its page, its feed’s page and the front page', async () => {
    for (const path of ['/en/topics/mobility', '/en/feeds/mobility', '/en']) {
      const { body } = await site.get(path);
      expect(body).toContain('/en/articles/ferry');
      expect(body).toContain('/en/articles/tram');
    }
    expect((await site.get('/en/articles/ferry')).body).toContain('<a href="/en/topics/mobility">Mobility</a>');
  });
});

describe('a topic that was removed', () => {
  test.each(['/en/topics/sports', '/fr/feeds/sports'])('says at %s that it is gone, in its language', async (path) => {
    const { status, body, headers } = await site.get(path);
    expect(status).toBe(410);
    expect(headers['content-language']).toBe(path.slice(1, 3));
    expect(body).toContain(path.startsWith('/fr') ? 'Ce thème n’existe plus' : 'This topic has ended');
    expect(body).toContain('<meta name="robots" content="noindex">');
  });

  test('is no excuse for an address that never was', async () => {
    expect((await site.get('/en/topics/constructor')).status).toBe(404);
    expect((await site.get('/en/feeds/none')).status).toBe(404);
  });
});
