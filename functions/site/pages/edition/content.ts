import { type Issue, subjectsOf } from '../../../digest/archive/issue.ts';
import { type Told, toldIn } from '../../../digest/archive/told.ts';
import { introForWeb } from '../../../digest/composing/intro.ts';
import type { Edition } from '../../../digest/editions.ts';
import { languageName } from '../../../shared/page/templates.ts';
import type { Site } from '../../ports.ts';
import { teaserOf } from '../teaser.ts';

/** The most articles that an edition's page lists; its mail never holds as many. */
const MOST_ARTICLES = 100;

interface ToShow {
  readonly edition: Edition;
  /** `undefined` for one that an earlier release sent. */
  readonly issue: Issue | undefined;
  /** The page's, then others whose articles are wanted too, best first. */
  readonly languages: readonly [string, ...string[]];
}

/** What its mails said to whoever reads these languages, and what became of it since. */
export const contentOf = async (site: Site, { edition, issue, languages }: ToShow) => {
  const [language] = languages;
  const parts = await partsOf(site, { edition, issue, languages });
  const subjects = issue ? subjectsOf(issue) : {};
  const intro = issue?.languages[language]?.intro ?? null;
  const count = parts.reduce((sum, { teasers }) => sum + teasers.length, 0);
  const isEmptyHere = issue !== undefined && subjects[language] === undefined;
  return {
    subject: issue?.languages[language]?.subject || (languages.map((one) => subjects[one]).find(Boolean) ?? null),
    // Whatever an editor wrote, nothing but paragraphs, emphasis and links can come out of it.
    intro: intro === null ? '' : introForWeb(intro),
    parts,
    count,
    corrections: await putRightIn(site, language, issue?.languages[language]?.corrections ?? []),
    nothingIn: isEmptyHere ? languageName(language, language, labelOf(site, language)) : null,
    // Whoever reads none of these may read another.
    elsewhere: isEmptyHere
      ? Object.keys(subjects)
          .filter((one) => !languages.includes(one))
          .map((one) => ({ language: one, label: labelOf(site, one), path: `/${one}/editions/${edition.id}` }))
      : [],
  };
};

/** By language, the page's first; a story once, in the best language it was told in, as in the mails. */
const partsOf = async (site: Site, { edition, issue, languages }: ToShow) => {
  const told = new Set<string>();
  const lists = await Promise.all(
    languages.map(async (language) => ({ language, told: await toldOf(site, { edition, issue }, language) })),
  );
  return lists
    .map((list) => {
      const news = list.told.filter(({ article: { story } }) => story === null || !told.has(story));
      for (const { article } of news) if (article.story !== null) told.add(article.story);
      return partOf(site, list.language, news);
    })
    .filter(({ teasers }, i) => i === 0 || teasers.length > 0);
};

const partOf = (site: Site, language: string, told: readonly Told[]) => ({
  language,
  label: labelOf(site, language),
  direction: site.house.newsroom.languages.find(({ id }) => id === language)?.direction ?? 'ltr',
  teasers: told.map((one) => toldTeaser(site, one)),
});

const toldTeaser = (site: Site, { article, since }: Told) => {
  const teaser = teaserOf(site.house.newsroom, article);
  return { ...teaser, image: since?.is === 'retracted' ? null : teaser.image, since };
};

/** What this edition put right of earlier ones, as it stands now; a mail that has no room for all leads here. */
const putRightIn = async (site: Site, language: string, ids: readonly string[]) =>
  toldIn(await site.articles.byIds(ids), language, '').map((one) => toldTeaser(site, one));

const labelOf = ({ house }: Site, language: string): string =>
  house.newsroom.languages.find(({ id }) => id === language)?.label ?? language;

const toldOf = async (
  site: Site,
  { edition, issue }: Pick<ToShow, 'edition' | 'issue'>,
  language: string,
): Promise<Told[]> => {
  const ids = issue ? (issue.languages[language]?.articles ?? []) : await listed(site, language, edition);
  return toldIn(await site.articles.byIds(ids), language, edition.startedAt ?? edition.createdAt);
};

/** Of an edition that an earlier release sent: what was announced between its bounds. */
const listed = async (site: Site, language: string, { after, upTo }: Edition): Promise<string[]> => {
  if (after === null || upTo === null) return [];
  const rows = await site.lists.news(language, 'all', { limit: MOST_ARTICLES, before: upTo + 1 });
  return rows.filter(({ announcedSeq }) => announcedSeq > after).map(({ id }) => id);
};
