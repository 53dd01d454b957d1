import type { Newsroom } from '../../shared/config.ts';
import { type Instant, msOf } from '../../shared/time.ts';
import type { Entry } from '../../wire/entry.ts';
import { follow } from '../../wire/follow.ts';
import type { Cursors, Wire } from '../../wire/ports.ts';
import { feedKey, topicList } from '../addresses.ts';
import { authorSlugs } from '../authors.ts';
import { listsOf } from './draft.ts';
import { fold } from './fold.ts';
import type { ListRows } from './listRows.ts';

/** The name of the one cursor of all feeds. */
export const FEEDS_CURSOR = 'feeds';

export const ENTRIES_AT_A_TIME = 100;

export interface WireReader {
  readonly wire: Wire;
  readonly cursors: Cursors;
  readonly rows: ListRows;
  /** The newsroom's languages. */
  readonly languages: readonly string[];
  /** Its topics, with the ids they had before. */
  readonly topics?: Newsroom['topics'];
  readonly now: () => Instant;
}

/** Brings the lists up to the head of the wire, or as far as it gets until then. */
export const readWire = async (reader: WireReader, until: Instant): Promise<{ seq: number }> => {
  const { wire, cursors } = reader;
  for (;;) {
    const handle = (entries: readonly Entry[]): Promise<void> => project(reader, entries);
    const { seq, more } = await follow({ wire, cursors, cursor: FEEDS_CURSOR, handle, limit: ENTRIES_AT_A_TIME });
    if (!more || msOf(reader.now()) >= msOf(until)) return { seq };
  }
};

/** Writes what these entries make of the lists. May be repeated, and done by two at the same time. */
export const project = async (
  { rows, languages, topics = [] }: Pick<WireReader, 'rows' | 'languages' | 'topics'>,
  asWritten: readonly Entry[],
) => {
  const listed = renamedLists(topics);
  const entries = asWritten.map((entry) => ({ ...entry, article: listed(entry.article) }));
  const articles = entries.map(({ article }) => article);
  const places = (await rows.places(articles.map(({ id }) => id))).map(listed);
  const all = new Set([...languages, ...[...articles, ...places].map((one) => one.language)]);
  const stories = new Set([...articles, ...places].flatMap(({ story }) => story ?? []));
  const known = await rows.stories([...stories].flatMap((story) => [...all].map((language) => ({ story, language }))));
  const concerned = [
    ...articles.flatMap((article) => listsOf({ ...article, authors: authorSlugs(article.authors) })),
    ...places.flatMap(listsOf),
    ...known.flatMap(({ language, members }) => members.flatMap((member) => listsOf({ ...member, language }))),
  ];
  // After the places: whoever finds an entry's place finds its touches.
  const touches = await rows.touches([...new Map(concerned.map((feed) => [feedKey(feed), feed])).values()]);
  await rows.keep(fold(entries, { places, stories: known, touches }));
};

/** Names, besides the topics that something has, the lists of those that were renamed: what was said before stays said. */
const renamedLists = (topics: Newsroom['topics']) => {
  const renamed = topics.filter(({ formerly }) => formerly.length > 0);
  const lists = new Map(renamed.flatMap((topic) => [topic.id, ...topic.formerly].map((id) => [id, topicList(topic)])));
  return <Listed extends { readonly topics: readonly string[] }>(one: Listed): Listed => {
    const own = one.topics.filter((id) => !id.includes('+'));
    return { ...one, topics: [...new Set([...own, ...own.flatMap((id) => lists.get(id) ?? [])])] };
  };
};
