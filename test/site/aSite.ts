import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Issue } from '../../functions/digest/archive/issue.ts';
import type { Edition, Editions } from '../../functions/digest/editions.ts';
import { partsOfId } from '../../functions/digest/ledger/edition.ts';
import { authorSlug } from '../../functions/feeds/authors.ts';
import type { Lists } from '../../functions/feeds/lists.ts';
import { topicsNow } from '../../functions/shared/config/topics.ts';
import { type NewsroomConfig, parseNewsroom } from '../../functions/shared/config.ts';
import { httpHandler } from '../../functions/shared/http/door.ts';
import { openTemplates } from '../../functions/shared/page/templates.ts';
import { descriptionRoutes } from '../../functions/site/api/routes.ts';
import { errorPage } from '../../functions/site/pages/errorPage.ts';
import type { Site } from '../../functions/site/ports.ts';
import { siteRoutes } from '../../functions/site/site.routes.ts';
import type { Articles, CurrentArticle, Draft } from '../../functions/wire/ports.ts';
import { withTopicsNow } from '../../functions/wire/topicsNow.ts';
import { memoryTable } from '../support/memoryTable.ts';

const SITE_URL = 'https://news.example';
/** What the links of previews are signed with. */
export const LINK_SECRET = new Uint8Array(32).fill(7);

interface Setup {
  readonly articles?: readonly CurrentArticle[];
  /** Slugs that articles had before: `fr/ancien` → id. */
  readonly oldSlugs?: Readonly<Record<string, string>>;
  readonly editions?: readonly Edition[];
  /** What their mails had; an edition’s `issue` is its own id here. */
  readonly issues?: readonly Issue[];
  readonly drafts?: readonly Draft[];
  readonly newsroom?: Partial<NewsroomConfig>;
  readonly siteUrl?: string;
  readonly ports?: Partial<Site>;
}

/** The site's door and its description's, with everything behind it in memory. */
export const aSite = async (setup: Setup = {}) => {
  process.env['TEMPLATES_DIR'] = fileURLToPath(new URL('../../templates', import.meta.url));
  const house = {
    newsroom: parseNewsroom({ ...newsroom, ...setup.newsroom }),
    templates: await openTemplates(),
    siteUrl: setup.siteUrl ?? SITE_URL,
    version: '1.2.3',
  };
  const site: Site = {
    house,
    articles: withTopicsNow(articlesIn(setup.articles ?? [], setup.oldSlugs ?? {}), house.newsroom),
    lists: listsOf(setup.articles ?? [], house.newsroom),
    editions: editionsIn(setup.editions ?? [], setup.issues ?? []),
    draft: async (id) => (setup.drafts ?? []).find((one) => one.id === id),
    linkKeys: async () => ({ byId: new Map([['0001', LINK_SECRET]]) }),
    now: () => '2026-05-02T12:00:00.000Z',
    table: memoryTable(),
    ...setup.ports,
  };
  const handler = httpHandler({ routes: [...siteRoutes, ...descriptionRoutes], connect: () => site, errorPage });
  return {
    async get(path: string, headers: Record<string, string> = { accept: 'text/html' }): Promise<Answered> {
      const [rawPath = '/', rawQueryString = ''] = path.split('?');
      return answered(await handler(httpEvent(rawPath, rawQueryString, headers)));
    },
  };
};

type LambdaEvent = Parameters<ReturnType<typeof httpHandler>>[0];

/** A request as the HTTP API hands it over (payload format 2.0). */
const httpEvent = (rawPath: string, rawQueryString: string, headers: Record<string, string>): LambdaEvent => ({
  version: '2.0',
  routeKey: '$default',
  rawPath,
  rawQueryString,
  // The host a request came in with is the gateway's own; no link may be made from it.
  headers: { host: 'abc.execute-api.invalid', ...headers },
  isBase64Encoded: false,
  body: null,
  requestContext: {
    accountId: '000000000000',
    apiId: 'abc',
    authentication: null,
    authorizer: {},
    domainName: 'abc.execute-api.invalid',
    domainPrefix: 'abc',
    http: { method: 'GET', path: rawPath, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
    requestId: 'r',
    routeKey: '$default',
    stage: '$default',
    time: '01/Jan/2026:00:00:00 +0000',
    timeEpoch: 0,
  },
});

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly bytes: Buffer;
}

const shape = z.object({
  statusCode: z.number(),
  headers: z.record(z.string(), z.string()).optional(),
  body: z.string(),
  isBase64Encoded: z.boolean(),
});

const answered = (result: unknown): Answered => {
  const { statusCode, headers, body, isBase64Encoded } = shape.parse(result);
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  return { status: statusCode, headers: headers ?? {}, body: bytes.toString('utf8'), bytes };
};

const articlesIn = (all: readonly CurrentArticle[], oldSlugs: Readonly<Record<string, string>>): Articles => ({
  byId: async (id) => all.find(({ article }) => article.id === id),
  byIds: async (ids) => ids.flatMap((id) => all.find(({ article }) => article.id === id) ?? []),
  bySlug: async (language, slug) =>
    all.find(({ article }) => article.language === language && article.slug === slug) ??
    all.find(({ article }) => article.id === oldSlugs[`${language}/${slug}`]),
});

/** As the lists are once their reader has caught up with the wire. */
const listsOf = (all: readonly CurrentArticle[], rooms: Parameters<typeof topicsNow>[0]): Lists => {
  const on = (language: string, topic: string): CurrentArticle[] =>
    all.filter(
      ({ state, article }) =>
        state === 'live' &&
        article.language === language &&
        (topic === 'all' ||
          topicsNow(rooms, article.topics).includes(topic) ||
          article.authors.some(({ name }) => topic === `authors/${authorSlug(name)}`)),
    );
  return {
    news: async (language, topic, { limit, before }) =>
      on(language, topic)
        .flatMap(({ announcedSeq, article }) => (announcedSeq === null ? [] : [{ id: article.id, announcedSeq }]))
        .filter(({ announcedSeq }) => before === undefined || announcedSeq < before)
        .sort((a, b) => b.announcedSeq - a.announcedSeq)
        .slice(0, limit),
    byDate: async (language, topic, { limit, before }) =>
      on(language, topic)
        .map(({ article }) => ({ id: article.id, key: `${article.publishedAt}#${article.id}` }))
        .filter(({ key }) => before === undefined || key < before)
        .sort((a, b) => (a.key < b.key ? 1 : -1))
        .slice(0, limit),
    translations: async (story) =>
      all
        .filter(({ state, article }) => state === 'live' && article.story === story)
        .map(({ article }) => ({ language: article.language, id: article.id })),
    authors: async (language, limit) => {
      const names = on(language, 'all').flatMap(({ article }) => article.authors.map(({ name }) => name));
      const found = new Map(names.reverse().map((name) => [authorSlug(name) ?? '', name]));
      return [...found].map(([slug, name]) => ({ slug, name })).slice(0, limit);
    },
  };
};

const editionsIn = (all: readonly Edition[], issues: readonly Issue[]): Editions => ({
  byId: async (id) => all.find((edition) => edition.id === id),
  latest: async (newsletter, { before, limit }) =>
    all
      .filter(
        ({ id, ...one }) => one.newsletter === newsletter && (before === undefined || placeOf(id) < placeOf(before)),
      )
      .sort((a, b) => (placeOf(a.id) < placeOf(b.id) ? 1 : -1))
      .slice(0, limit),
  issue: async ({ issue }) => issues.find((one) => one.edition === issue),
});

/** As the ledger has them in order, whatever their newsletter. */
const placeOf = (id: string): string => {
  const { stamp = '', cadence = '' } = partsOfId(id) ?? {};
  return `${stamp}#${cadence}`;
};

const newsroom: NewsroomConfig = {
  name: 'Delta & Sons',
  tagline: { en: 'News of the delta', fr: 'Nouvelles du delta', es: 'Noticias del delta' },
  siteUrl: 'https://elsewhere.example',
  tagAuthority: 'delta.example,2026',
  languages: [
    { id: 'en', label: 'English' },
    { id: 'fr', label: 'Français' },
    { id: 'es', label: 'Español' },
  ],
  timeZone: 'Europe/Brussels',
  topics: [
    { id: 'mobility', label: { en: 'Mobility', fr: 'Mobilité', es: 'Movilidad' } },
    { id: 'climate', label: { en: 'Climate', fr: 'Climat', es: 'Clima' } },
  ],
  newsletters: [
    {
      id: 'delta-post',
      label: { en: 'Delta Post', fr: 'Poste du delta' },
      description: { en: 'Once a week.', fr: 'Chaque semaine.' },
      languages: ['en', 'fr'],
      timeZone: 'Europe/Brussels',
      cadences: { weekly: { on: 'monday', at: '08:00' } },
    },
  ],
  sender: { name: 'Delta', address: 'news@delta.example' },
  unsubscribeAddress: 'leave@delta.example',
  postalAddress: 'Delta, Quay 1, Brussels',
  imprintUrl: 'https://delta.example/imprint',
  privacyUrl: 'https://delta.example/privacy',
  rights: { en: '© Delta.', fr: '© Delta (fr).', es: '© Delta (es).' },
  look: { accent: '#0b5c7a', accentDark: '#7cc7e0', ink: '#14212b', paper: '#ffffff', logo: 'logo.svg' },
};
