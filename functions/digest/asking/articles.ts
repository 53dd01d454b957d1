import type { CurrentArticle } from '../../wire/ports.ts';
import type { Edition } from '../ledger/edition.ts';
import { isBehind } from '../ledger/editorial.ts';
import { curationOf } from './curating.ts';
import type { Newsletters } from './newsletters.ts';

/** An article of an edition, or one that was to be in it, for whoever curates it. */
export interface ListedArticle {
  readonly id: string;
  readonly language: string;
  readonly title: string;
  readonly topics: readonly string[];
  /** The topic it stands under for whoever chose all of them; `null`: under other news. */
  readonly section: string | null;
  readonly story: string | null;
  readonly pinned: boolean;
  /** Why it is in no mail; without it, it is in somebody's. */
  readonly leftOut?: 'excluded' | 'retracted' | 'expired';
}

/** In the order of the mails, those that an editor left out behind; `behind`: they are being composed. */
export const articlesOf = async (room: Newsletters, edition: Edition): Promise<ListedArticle[] | 'behind'> => {
  if (edition.pieces === null || isBehind(edition)) return 'behind';
  const { articles } = await room.shelf.read(edition.pieces);
  const { excluded } = await curationOf(room, edition);
  const found = await room.articles.byIds([...articles.map(({ id }) => id), ...excluded]);
  const current = new Map(found.map((one) => [one.article.id, one]));
  const sectionOf = sectionIn(room);
  const composed = articles.map(({ id, language, title, topics, story, pinned }): ListedArticle => {
    const state = current.get(id)?.state ?? 'live';
    const gone = state === 'live' ? {} : { leftOut: state };
    return { id, language, title, topics, section: sectionOf(topics), story, pinned, ...gone };
  });
  const isComposed = new Set(articles.map(({ id }) => id));
  const out = excluded.flatMap((id) => (isComposed.has(id) ? [] : (current.get(id) ?? [])));
  return [...composed, ...out.map((one) => excludedOne(one, sectionOf))];
};

type SectionOf = (topics: readonly string[]) => string | null;

const excludedOne = ({ state, article }: CurrentArticle, sectionOf: SectionOf): ListedArticle => {
  const { id, language, title, topics, story } = article;
  const leftOut = state === 'live' ? 'excluded' : state;
  return { id, language, title, topics, section: sectionOf(topics), story, pinned: false, leftOut };
};

/** The first of its topics in the newsroom's order, as in a mail. */
const sectionIn =
  ({ press }: Newsletters): SectionOf =>
  (topics) =>
    press.newsroom.topics.find(({ id }) => topics.includes(id))?.id ?? null;
