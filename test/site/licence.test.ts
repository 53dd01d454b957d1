import { describe, expect, test } from 'vitest';
import { parseNewsroom } from '../../functions/shared/config.ts';
import config from '../../newsroom.config.ts';
import { aSite } from './aSite.ts';
import { aStory } from './aStory.ts';

const rsl = {
  permits: ['search', 'ai-input'] as const,
  prohibits: ['ai-train'] as const,
  payment: 'attribution' as const,
  terms: 'https://delta.example/terms?a&b',
};
const licence = { url: 'CC BY-SA 4.0', rsl: { ...rsl, permits: [...rsl.permits], prohibits: [...rsl.prohibits] } };
const articles = [aStory('ferry')];

describe('a newsroom with a licence', async () => {
  const site = await aSite({ newsroom: { licence }, articles });

  test('says in robots.txt, for all crawlers, where its terms are', async () => {
    const { body } = await site.get('/robots.txt');
    expect(body.split('\n')[0]).toBe('License: https://news.example/license.xml');
    expect(body).toContain('User-agent: *');
  });

  test('says at /license.xml, in RSL 1.0, what they may do and what they may not', async () => {
    const { status, headers, body } = await site.get('/license.xml');
    expect([status, headers['content-type']]).toEqual([200, 'application/rsl+xml']);
    expect(body).toBe(`<?xml version="1.0" encoding="utf-8"?>
<rsl xmlns="https://rslstandard.org/rsl">
  <content url="/">
    <license>
      <permits type="usage">search ai-input</permits>
      <prohibits type="usage">ai-train</prohibits>
      <payment type="attribution">
        <standard>https://creativecommons.org/licenses/by-sa/4.0/</standard>
      </payment>
    </license>
    <terms>https://delta.example/terms?a&#38;b</terms>
    <copyright type="organization">Delta &#38; Sons</copyright>
  </content>
</rsl>
`);
  });

  test('says it on its pages, and to search engines', async () => {
    const { body } = await site.get('/en/articles/ferry');
    expect(body).toContain('<link rel="license" href="https://creativecommons.org/licenses/by-sa/4.0/">');
    expect(body).toContain('type="application/rsl+xml" href="https://news.example/license.xml"');
    expect(body).toContain('"license":"https://creativecommons.org/licenses/by-sa/4.0/"');
  });
});

test('a newsroom without one says nothing of licences', async () => {
  const site = await aSite({ articles });
  expect((await site.get('/license.xml')).status).toBe(404);
  for (const path of ['/robots.txt', '/en/articles/ferry', '/en']) {
    expect((await site.get(path)).body).not.toMatch(/licen[sc]e/i);
  }
});

describe('the licence in the config', () => {
  const licensed = (setting: object) => parseNewsroom({ ...config, licence: setting }).licence;

  test.each([
    ['CC0', 'https://creativecommons.org/publicdomain/zero/1.0/'],
    ['CC BY', 'https://creativecommons.org/licenses/by/4.0/'],
    ['cc by-nc-nd 4.0', 'https://creativecommons.org/licenses/by-nc-nd/4.0/'],
    ['https://delta.example/reuse', 'https://delta.example/reuse'],
  ])('may be %s', (given, url) => {
    expect(licensed({ url: given })?.url).toBe(url);
  });

  test.each([
    [{ url: 'MIT' }, 'licence.url'],
    [{ url: 'CC BY 3.0' }, 'licence.url'],
    [{ url: 'javascript:alert(1)' }, 'licence.url'],
    [{}, 'licence'],
    [{ rsl: {} }, 'licence.rsl'],
    [{ rsl: { permits: ['everything'] } }, 'licence.rsl.permits.0'],
  ])('may not be %j, and the error says where', (given, where) => {
    expect(() => licensed(given)).toThrow(`“${where}” is not right`);
  });
});

describe('topics in the config', () => {
  const withTopics =
    (change: object, removedTopics: string[] = []) =>
    () =>
      parseNewsroom({
        ...config,
        topics: config.topics.map((one, i) => (i === 0 ? { ...one, ...change } : one)),
        removedTopics,
      });

  test.each([
    [{ formerly: ['climate'] }, [], 'topics.0.formerly'],
    [{ formerly: ['a', 'a'] }, [], 'topics.0.formerly'],
    [{ formerly: ['old'] }, ['old'], 'removedTopics'],
    [{}, ['climate'], 'removedTopics'],
    [{ formerly: ['all'] }, [], 'topics.0.formerly.0'],
  ])('with %j and %j removed are refused, and the error says where', (change, removed, where) => {
    expect(withTopics(change, removed)).toThrow(`“${where}” is not right`);
  });

  test('may have several former ids', () => {
    expect(withTopics({ formerly: ['transport', 'traffic'] }, ['sports'])).not.toThrow();
  });
});
