import { InvalidInput } from '../../shared/errors.ts';
import { type Answer, html } from '../../shared/http/answer.ts';
import { renderPage } from '../../shared/page/house.ts';
import type { Site } from '../ports.ts';

/** News may be a minute old, and a little older while a fresh page is being made (RFC 5861). */
export const FRESH_A_MINUTE = 'public, max-age=60, stale-while-revalidate=60';

interface Page {
  readonly language: string;
  /** Its own path, with the query that tells it from others. */
  readonly path: string;
  readonly alternates?: readonly { readonly language: string; readonly path: string }[];
  readonly [name: string]: unknown;
}

/** Renders `templates/site/{name}.liquid` and answers it. */
export const pageAnswer = (site: Pick<Site, 'house'>, name: string, page: Page, status = 200): Answer =>
  html(status, renderPage(site.house, name, page), {
    'content-language': page.language,
    'cache-control': FRESH_A_MINUTE,
  });

/** The newsroom's language that a path's first part names. Any other first part is no address of ours. */
export const languageIn = (site: Site, params: Readonly<Record<string, string>>): string => {
  const found = site.house.newsroom.languages.find(({ id }) => id === params['lang']);
  if (!found) throw nothingHere();
  return found.id;
};

/** The same kind of page in every language of the newsroom. */
export const inEveryLanguage = (site: Site, pathOf: (language: string) => string) =>
  site.house.newsroom.languages.map(({ id }) => ({ language: id, path: pathOf(id) }));

export const nothingHere = (): InvalidInput => new InvalidInput('There is nothing at this address.', { status: 404 });
