import { authorList, authorSlug } from '../../feeds/authors.ts';
import type { House } from '../../shared/page/house.ts';
import type { CurrentArticle } from '../../wire/ports.ts';

interface Part {
  readonly text: string;
  /** The page of the author's feed. */
  readonly path?: string;
}

/** Stands for the names while the language says where they go. */
const NAMES = '\u0000';

/** “By A, B and C” as the language writes it, each name with the way to its author's feed. */
export const bylineOf = ({ templates }: Pick<House, 'templates'>, current: CurrentArticle): Part[] => {
  const { authors, language } = current.article;
  if (authors.length === 0) return [];
  const [before = '', after = ''] = templates.say(language, 'site.by', { names: NAMES }).split(NAMES);
  const list = new Intl.ListFormat(language, { type: 'conjunction' });
  const parts = list.formatToParts(authors.map(({ name }) => name));
  return [
    { text: before },
    ...parts.map(({ type, value }) => (type === 'element' ? named(current, value) : { text: value })),
    { text: after },
  ];
};

/** The authors that have a feed: an article that was never announced is in none. */
export const feedsOfAuthors = (current: CurrentArticle): { slug: string; name: string }[] =>
  current.article.authors.flatMap(({ name }) => {
    const slug = current.announcedSeq === null ? null : authorSlug(name);
    return slug === null ? [] : [{ slug, name }];
  });

const named = (current: CurrentArticle, name: string): Part => {
  const found = feedsOfAuthors(current).find((one) => one.name === name);
  if (!found) return { text: name };
  const { language, topic } = authorList(current.article.language, found.slug);
  return { text: name, path: `/${language}/feeds/${topic}` };
};
