import type { Edition } from '../../digest/editions.ts';
import { labelIn } from '../../shared/config.ts';
import { type Site, siteRoute } from '../ports.ts';
import { inEveryLanguage, languageIn, nothingHere, pageAnswer } from './page.ts';
import { liveArticles, teaserOf } from './teaser.ts';

const LATEST = 50;
/** The most articles that an edition's page lists; its mail never holds as many. */
const MOST_ARTICLES = 100;

export const editionsRoute = siteRoute({
  method: 'GET',
  path: '/{lang}/editions',
  access: 'public',
  summary: 'Newsletters that went out',
  answers: { 200: 'The latest editions in one language.', 404: 'The newsroom has no such language.' },
  work: async (site, { params }) => {
    const language = languageIn(site, params);
    const newsletters = site.house.newsroom.newsletters.filter(({ languages }) => languages.includes(language));
    const latest = await Promise.all(newsletters.map(({ id }) => site.editions.latest(id, LATEST)));
    const editions = latest
      .flat()
      .filter(wentOut)
      .map((edition) => headOf(site, language, edition))
      .sort((a, b) => (a.at < b.at ? 1 : -1))
      .slice(0, LATEST);
    const pathOf = (one: string): string => `/${one}/editions`;
    return pageAnswer(site, 'editions', {
      language,
      path: pathOf(language),
      alternates: inEveryLanguage(site, pathOf),
      editions,
    });
  },
});

export const editionRoute = siteRoute({
  method: 'GET',
  path: '/{lang}/editions/{id}',
  access: 'public',
  summary: 'One newsletter that went out',
  answers: { 200: 'Its articles, as they are now.', 404: 'No such edition went out in this language.' },
  work: async (site, { params }) => {
    const language = languageIn(site, params);
    const edition = await site.editions.byId(params['id'] ?? '');
    const newsletter = site.house.newsroom.newsletters.find(({ id }) => id === edition?.newsletter);
    if (!edition || !wentOut(edition) || !newsletter?.languages.includes(language)) throw nothingHere();
    const pathOf = (one: string): string => `/${one}/editions/${edition.id}`;
    return pageAnswer(site, 'edition', {
      language,
      path: pathOf(language),
      alternates: inEveryLanguage(site, pathOf).filter((one) => newsletter.languages.includes(one.language)),
      edition: headOf(site, language, edition),
      teasers: (await articlesOf(site, language, edition)).map((article) => teaserOf(site.house.newsroom, article)),
    });
  },
});

const wentOut = (edition: Edition): boolean => edition.startedAt !== null;

const headOf = (site: Site, language: string, edition: Edition) => {
  const newsletter = site.house.newsroom.newsletters.find(({ id }) => id === edition.newsletter);
  return {
    path: `/${language}/editions/${edition.id}`,
    title: newsletter ? labelIn(newsletter.label, language, site.house.newsroom) : edition.newsletter,
    cadence: edition.cadence,
    at: edition.slot ?? edition.createdAt,
  };
};

/** What was announced between its bounds and is still public. */
const articlesOf = async (site: Site, language: string, { after, upTo }: Edition) => {
  if (after === null || upTo === null) return [];
  const rows = await site.lists.news(language, 'all', { limit: MOST_ARTICLES, before: upTo + 1 });
  return liveArticles(
    site.articles,
    rows.filter(({ announcedSeq }) => announcedSeq > after),
  );
};
