import { loadNewsroom, type Newsroom } from '../config.ts';
import { environment, siteUrl } from '../environment.ts';
import { stylesheetOf } from './stylesheet.ts';
import { openTemplates, type TemplateData, type Templates } from './templates.ts';

/** What every page and mail of this newsroom is made with. */
export interface House {
  readonly newsroom: Newsroom;
  readonly templates: Templates;
  readonly siteUrl: string;
  readonly version: string;
}

export const openHouse = async (): Promise<House> => ({
  newsroom: await loadNewsroom(),
  templates: await openTemplates(),
  siteUrl: siteUrl(),
  version: environment('COURANT_VERSION'),
});

interface PageData extends TemplateData {
  /** The page's own path, for its canonical address. */
  readonly path: string;
  /** The same page in other languages; without it, the other languages' front pages. */
  readonly alternates?: readonly { readonly language: string; readonly path: string }[];
  /** `true` keeps search engines out: pages behind a link that is one person's. */
  readonly personal?: boolean;
}

/** Renders a page of `templates/site/` in the newsroom's layout. */
export const renderPage = (house: House, name: string, data: PageData): string => {
  const { newsroom } = house;
  const current = newsroom.languages.find((language) => language.id === data.language) ?? newsroom.languages[0];
  const alternates = data.alternates ?? newsroom.languages.map(({ id }) => ({ language: id, path: `/${id}` }));
  return house.templates.render(`site/${name}`, {
    ...data,
    newsroom,
    siteUrl: house.siteUrl,
    version: house.version,
    stylesheet: stylesheetOf(house).version,
    timeZone: newsroom.timeZone,
    direction: current?.direction ?? 'ltr',
    languageLinks: newsroom.languages.map((language) => ({
      ...language,
      path: alternates.find((one) => one.language === language.id)?.path ?? `/${language.id}`,
      current: language.id === data.language,
    })),
    alternates: data.alternates ?? [],
    topics: newsroom.topics.map((topic) => ({ id: topic.id, label: topic.label[data.language] ?? topic.id })),
  });
};

/** The best of the newsroom's languages for an `Accept-Language` header (RFC 9110 section 12.5.4). */
export const preferredLanguage = (newsroom: Newsroom, acceptLanguage: string | undefined): string => {
  const first = newsroom.languages[0]?.id ?? 'en';
  const wanted = (acceptLanguage ?? '')
    .slice(0, 500)
    .split(',')
    .map((part, order) => {
      const [tag = '', ...parameters] = part.trim().split(';');
      const quality = Number(/^q=([\d.]+)$/.exec((parameters[0] ?? '').trim())?.[1] ?? 1);
      return { tag: tag.toLowerCase(), quality: Number.isFinite(quality) ? quality : 0, order };
    })
    .filter(({ tag, quality }) => tag !== '' && quality > 0)
    .sort((a, b) => b.quality - a.quality || a.order - b.order);
  for (const { tag } of wanted) {
    const found = newsroom.languages.find(
      ({ id }) => id.toLowerCase() === tag || id.toLowerCase() === tag.split('-')[0],
    );
    if (found) return found.id;
  }
  return first;
};
