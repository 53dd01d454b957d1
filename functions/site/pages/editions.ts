import * as z from 'zod';
import { newsIn } from '../../digest/archive/issue.ts';
import { partsOfId } from '../../digest/ledger/edition.ts';
import { type Site, siteRoute } from '../ports.ts';
import { contentOf } from './edition/content.ts';
import { type Head, headOf, wentOut } from './edition/head.ts';
import { editionsIn } from './edition/list.ts';
import { inEveryLanguage, languageIn, nothingHere, pageAnswer } from './page.ts';
import type { Teaser } from './teaser.ts';

const PER_PAGE = 50;

const listQuery = z.object({
  before: z
    .string()
    .refine((id) => partsOfId(id) !== undefined, 'it is not a place in this list')
    .optional(),
});

export const editionsRoute = siteRoute({
  method: 'GET',
  path: '/{lang}/editions',
  access: 'public',
  summary: 'Newsletters that went out',
  query: listQuery,
  answers: {
    200: 'One page of the editions that had news in this language, the newest first.',
    404: 'The newsroom has no such language.',
  },
  work: async (site, { params, query: { before } }) => {
    const language = languageIn(site, params);
    const { editions, older } = await editionsIn(site, language, { before, most: PER_PAGE });
    const pathOf = (one: string): string => `/${one}/editions`;
    const pageFrom = (id: string): string => `${pathOf(language)}?before=${id}`;
    return pageAnswer(site, 'editions', {
      language,
      path: before === undefined ? pathOf(language) : pageFrom(before),
      // The pages of a list in two languages have nothing in common but the first.
      ...(before === undefined && { alternates: inEveryLanguage(site, pathOf) }),
      editions,
      older: older && pageFrom(older),
      newest: before === undefined ? null : pathOf(language),
    });
  },
});

/** What a mail's link says of its reader's other languages. Those we do not have are let be. */
const alsoQuery = z.object({
  also: z.string().max(500).optional().describe('Languages beside that of the page, best first: `fr,es`.'),
});

export const editionRoute = siteRoute({
  method: 'GET',
  path: '/{lang}/editions/{id}',
  access: 'public',
  summary: 'One newsletter that went out',
  query: alsoQuery,
  answers: {
    200: 'Its articles as they are now, and which of them were corrected or retracted since it went out.',
    404: 'No such edition went out in this language.',
  },
  work: async (site, { params, query: { also = '' } }) => {
    const language = languageIn(site, params);
    const edition = await site.editions.byId(params['id'] ?? '');
    if (!edition || !wentOut(edition)) throw nothingHere();
    const issue = await site.editions.issue(edition);
    const newsletter = site.house.newsroom.newsletters.find(({ id }) => id === edition.newsletter);
    // Of a newsletter that is no longer in the configuration, all that went out stays to be read.
    const languages = newsletter?.languages ?? site.house.newsroom.languages.map(({ id }) => id);
    if (!languages.includes(language)) throw nothingHere();
    const others = also.split(',').filter((one) => one !== language && languages.includes(one));
    const pathOf = (one: string): string => `/${one}/editions/${edition.id}`;
    const alternates = inEveryLanguage(site, pathOf).filter(
      (one) => languages.includes(one.language) && (!issue || one.language === language || newsIn(issue, one.language)),
    );
    return pageAnswer(site, 'edition', {
      language,
      path: pathOf(language),
      alternates,
      edition: headOf(site, language, edition, issue),
      ...(await contentOf(site, { edition, issue, languages: [language, ...new Set(others)] })),
    });
  },
});

/** The latest editions that had news in this language, as they stand among others. */
export const editionTeasers = async (site: Site, language: string, most: number): Promise<Teaser[]> => {
  const { editions } = await editionsIn(site, language, { before: undefined, most });
  return editions.map(
    ({ title, subject, path, at }: Head): Teaser => ({
      ...{ title: subject ?? title, summary: title, path, image: null, topic: null, authors: '', publishedAt: at },
    }),
  );
};
