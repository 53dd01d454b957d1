import * as z from 'zod';
import { labelIn, type Newsroom } from '../shared/config.ts';
import { type Answer, html, problem } from '../shared/http/answer.ts';
import { networkText, originOf } from '../shared/http/network.ts';
import type { RawRequest } from '../shared/http/request.ts';
import type { Ask } from '../shared/http/route.ts';
import { type House, preferredLanguage, renderPage } from '../shared/page/house.ts';
import type { Instant } from '../shared/time.ts';
import { CONSENT_WORDING } from './joining/consent.ts';
import type { Circumstances } from './subscriber.ts';
import { TEST_TOKEN } from './token.ts';

type Seen = Pick<Ask, 'headers' | 'path' | 'sourceIp' | 'contentType'> & { readonly query: PageQuery };

/** What an address of ours may say about its page; anything else (a campaign's mark, say) is no fault. */
export const pageQuery = z.object({
  lang: z.string().optional().catch(undefined),
  language: z.string().optional().catch(undefined),
  newsletter: z.string().optional().catch(undefined),
  /** Of the page for leaving: fewer mails instead of none. */
  less: z.string().optional().catch(undefined),
  /** The same: the mark of the edition whose link it is. */
  over: z
    .string()
    .regex(/^[\w.-]{1,200}$/)
    .optional()
    .catch(undefined),
});
export type PageQuery = z.infer<typeof pageQuery>;

/** The language asked for, else the reader's own if we know it, else the best for the browser. */
export const languageOf = ({ newsroom }: House, seen: Pick<Seen, 'query' | 'headers'>, reader?: string): string => {
  const has = (id: string | undefined): id is string => newsroom.languages.some((language) => language.id === id);
  const asked = seen.query.lang ?? seen.query.language;
  if (has(asked)) return asked;
  return has(reader) ? reader : preferredLanguage(newsroom, seen.headers['accept-language']);
};

export const circumstancesOf = (seen: Seen, language: string, at: Instant): Circumstances => ({
  at,
  language,
  wording: CONSENT_WORDING,
  network: networkText(originOf(seen)),
  page: pageOf(seen.path),
});

/** `/preferences/…/pause` → `/preferences/pause`: what stands behind the first part of a path may be somebody's link. */
const pageOf = (path: string): string => {
  const [first = '', token, ...rest] = path.split('/').slice(1);
  return `/${[first, ...(token === undefined ? [] : rest)].join('/')}`;
};

/** A program that sends or wants JSON; everybody else gets a page. */
export const wantsJson = ({ contentType, headers }: Seen): boolean => {
  const accept = headers['accept'] ?? '';
  if (contentType !== '') return contentType === 'application/json';
  return accept.includes('json') && !accept.includes('text/html');
};

/** What belongs to one reader is kept by nobody, found by no search engine, and its address told to no other site. */
export const PERSONAL = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-robots-tag': 'noindex',
} as const;

type Data = Readonly<Record<string, unknown>> & { readonly language: string };

export const personalPage = (house: House, seen: Pick<Seen, 'path'>, name: string, data: Data, status = 200): Answer =>
  html(status, renderPage(house, name, { ...pageData(house, seen), ...data, personal: true }), PERSONAL);

/** The page's own address in each language. */
const pageData = ({ newsroom }: House, { path }: Pick<Seen, 'path'>) => ({
  path,
  alternates: newsroom.languages.map(({ id }) => ({ language: id, path: `${path}?lang=${id}` })),
});

/** One answer for every link that does not work, so that it tells nothing about why; but those in a test never would. */
export const deadLink = (house: House, seen: Seen): Answer => {
  if (wantsJson(seen)) return problem(404, 'This link does not work, or no longer.', { headers: PERSONAL });
  const language = languageOf(house, seen);
  return isOfTest(seen)
    ? personalPage(house, seen, 'subscribe-test', { language })
    : problemPage(house, seen, language, 'link', 404);
};

const isOfTest = ({ path }: Pick<Seen, 'path'>): boolean => path.split('/')[2] === TEST_TOKEN;

export const problemPage = (
  house: House,
  seen: Pick<Seen, 'path'>,
  language: string,
  problem: 'link' | 'replaced' | 'many' | 'missing' | 'input' | 'fault',
  status: number,
): Answer => personalPage(house, seen, 'subscribe-problem', { language, problem }, status);

/** The page for people where a request cannot be understood, or something fails here. */
export const errorPage = ({ house }: { house: House }, raw: RawRequest, answer: Answer): Answer => {
  const query = pageQuery.parse(Object.fromEntries(raw.search));
  const language = languageOf(house, { query, headers: raw.headers });
  const kind = answer.status >= 500 ? 'fault' : answer.status === 404 ? 'missing' : 'input';
  const page = problemPage(house, raw, language, kind, answer.status);
  return { ...page, headers: { ...answer.headers, ...page.headers } };
};

export const newsletterLabel = (newsroom: Newsroom, id: string, language: string): string => {
  const newsletter = newsroom.newsletters.find((one) => one.id === id);
  return newsletter ? labelIn(newsletter.label, language, newsroom) : id;
};
