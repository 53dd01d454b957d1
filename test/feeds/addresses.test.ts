import { parseOpml } from 'feedsmith';
import { describe, expect, test } from 'vitest';
import { feedPath, feedsOf } from '../../functions/feeds/addresses.ts';
import { opmlOf } from '../../functions/feeds/opml.ts';
import { aNewsroom } from './aBuilder.ts';

describe('the feeds of a newsroom', () => {
  test('are one of all topics and one of each topic, for each language', () => {
    const names = feedsOf(aNewsroom()).map(({ language, topic }) => `${language}/${topic}`);
    expect(names).toEqual(['en/all', 'en/mobility', 'en/climate', 'fr/all', 'fr/mobility', 'fr/climate']);
  });

  test('lie where their addresses say', () => {
    expect(feedPath('en', 'all', 'rss')).toBe('/feeds/en/all.rss');
    expect(feedsOf(aNewsroom())[4]?.paths).toEqual({
      rss: '/feeds/fr/mobility.rss',
      atom: '/feeds/fr/mobility.atom',
      json: '/feeds/fr/mobility.json',
    });
  });

  test('have titles in their language that tell them apart in a list of a hundred', () => {
    const titles = feedsOf(aNewsroom()).map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
    expect(titles[3]).toBe('The Ferry & Sons Gazette (Français)');
    expect(titles[4]).toBe('The Ferry & Sons Gazette – Mobility (fr)');
  });

  test('of a newsroom with one language do not name it', () => {
    const newsletters = aNewsroom().newsletters.map((one) => ({ ...one, languages: ['en'] }));
    const titles = feedsOf(aNewsroom({ languages: [{ id: 'en', label: 'English' }], newsletters })).map(
      ({ title }) => title,
    );
    expect(titles[0]).toBe('The Ferry & Sons Gazette');
  });
});

describe('the OPML of all feeds', () => {
  test('is a folder for each language with every feed in it, by another library', () => {
    const newsroom = aNewsroom({ name: 'A <B> & "C"' });
    const opml = parseOpml(opmlOf(newsroom, 'https://news.example'));
    expect(opml.head?.title).toBe('A <B> & "C"');
    const outlines = opml.body?.outlines ?? [];
    expect(outlines.map(({ text }) => text)).toEqual(['English', 'Français']);
    expect(outlines.flatMap((folder) => folder.outlines?.map((one) => one.xmlUrl))).toEqual(
      feedsOf(newsroom).map(({ paths }) => `https://news.example${paths.rss}`),
    );
    expect(outlines[1]?.outlines?.[1]).toMatchObject({
      type: 'rss',
      text: 'A <B> & "C" – Mobility (fr)',
      htmlUrl: 'https://news.example/fr/topics/mobility',
      language: 'fr',
    });
  });
});
