import { type Told, toldIn } from '../../digest/archive/told.ts';
import { introForWeb } from '../../digest/composing/intro.ts';
import type { Edition } from '../../digest/editions.ts';
import { labelIn } from '../../shared/config.ts';
import { type Site, siteRoute } from '../ports.ts';
import { inEveryLanguage, languageIn, nothingHere, pageAnswer } from './page.ts';
import { type Teaser, teaserOf } from './teaser.ts';

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
    const editions = (await latestIn(site, language)).map((edition) => headOf(site, language, edition));
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
  answers: {
    200: 'Its articles as they are now, and which of them were corrected or retracted since it went out.',
    404: 'No such edition went out in this language.',
  },
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
      ...(await contentOf(site, language, edition)),
    });
  },
});

const wentOut = (edition: Edition): boolean => edition.startedAt !== null;

const latestIn = async (site: Site, language: string): Promise<Edition[]> => {
  const newsletters = site.house.newsroom.newsletters.filter(({ languages }) => languages.includes(language));
  const latest = await Promise.all(newsletters.map(({ id }) => site.editions.latest(id, LATEST)));
  return latest
    .flat()
    .filter(wentOut)
    .sort((a, b) => (momentOf(a) < momentOf(b) ? 1 : -1))
    .slice(0, LATEST);
};

const momentOf = ({ slot, createdAt }: Edition): string => slot ?? createdAt;

/** The latest editions that had news in this language, as they stand among others. */
export const editionTeasers = async (site: Site, language: string, most: number): Promise<Teaser[]> => {
  const editions = (await latestIn(site, language)).slice(0, most);
  const issues = await Promise.all(editions.map((edition) => site.editions.issue(edition)));
  return editions.flatMap((edition, i): Teaser[] => {
    const subject = issues[i]?.languages[language]?.subject;
    if (subject === undefined) return [];
    const { path, title, at } = headOf(site, language, edition);
    return [{ title: subject, summary: title, path, image: null, topic: null, authors: '', publishedAt: at }];
  });
};

const headOf = (site: Site, language: string, edition: Edition) => {
  const newsletter = site.house.newsroom.newsletters.find(({ id }) => id === edition.newsletter);
  return {
    path: `/${language}/editions/${edition.id}`,
    title: newsletter ? labelIn(newsletter.label, language, site.house.newsroom) : edition.newsletter,
    cadence: edition.cadence,
    at: momentOf(edition),
  };
};

/** What its mails said, and what became of it since. */
const contentOf = async (site: Site, language: string, edition: Edition) => {
  const issue = await site.editions.issue(edition);
  const here = issue?.languages[language];
  const ids = here?.articles ?? (issue ? [] : await listed(site, language, edition));
  const told = toldIn(await site.articles.byIds(ids), language, edition.startedAt ?? edition.createdAt);
  return {
    subject: here?.subject ?? null,
    // Whatever an editor wrote, nothing but paragraphs, emphasis and links can come out of it.
    intro: here?.intro ? introForWeb(here.intro) : '',
    teasers: told.map((one) => toldTeaser(site, one)),
    corrections: await putRightIn(site, language, here?.corrections ?? []),
  };
};

/** What this edition put right of earlier ones, as it stands now; a mail that has no room for all leads here. */
const putRightIn = async (site: Site, language: string, ids: readonly string[]) =>
  toldIn(await site.articles.byIds(ids), language, '').map((one) => toldTeaser(site, one));

const toldTeaser = (site: Site, { article, since }: Told) => {
  const teaser = teaserOf(site.house.newsroom, article);
  return { ...teaser, image: since?.is === 'retracted' ? null : teaser.image, since };
};

/** Of an edition that an earlier release sent: what was announced between its bounds. */
const listed = async (site: Site, language: string, { after, upTo }: Edition): Promise<string[]> => {
  if (after === null || upTo === null) return [];
  const rows = await site.lists.news(language, 'all', { limit: MOST_ARTICLES, before: upTo + 1 });
  return rows.filter(({ announcedSeq }) => announcedSeq > after).map(({ id }) => id);
};
