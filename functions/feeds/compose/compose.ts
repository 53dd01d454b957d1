import { RSL_PATH } from '../../shared/config/licence.ts';
import type { Newsroom } from '../../shared/config.ts';
import { labelIn } from '../../shared/config.ts';
import type { Instant } from '../../shared/time.ts';
import type { FeedInfo } from '../addresses.ts';
import { authorFeed, isAuthorList, spellingsOf } from '../authors.ts';
import type { NewsRow } from '../read/listRows.ts';
import type { FeedDocument, FeedItem, GoneItem } from '../render/document.ts';
import { soundLine, webAddress } from '../render/text.ts';
import { belongs, type Gathered, storyRowsOf, translationsIn } from './gather.ts';
import type { MakeItem } from './makeItem.ts';

export interface Composed {
  readonly document: FeedDocument;
  /** How many live articles belong into it. */
  readonly expected: number;
  /** Those that it shows, and those in its window that have left it, by `announcedSeq`. */
  readonly shown: readonly number[];
  readonly left: readonly number[];
  /** Ids of those that cannot be in any feed. */
  readonly leftOut: readonly string[];
}

interface Place {
  readonly newsroom: Newsroom;
  readonly siteUrl: string;
}

/** So many of the articles that are gone are told of. */
const MOST_GONE = 50;

/** Works out what a feed says, from its window and the articles in it. */
export const compose = (
  feed: FeedInfo,
  window: readonly NewsRow[],
  { articles, stories }: Omit<Gathered, 'windows'>,
  { makeItem, ...place }: Place & { readonly makeItem: MakeItem },
): Composed => {
  const languages = place.newsroom.languages.map(({ id }) => id);
  const changes: { seq: number; at: Instant }[] = [...window];

  const items: FeedItem[] = [];
  const leftOut: string[] = [];
  const shown: number[] = [];
  const left: number[] = [];
  let expected = 0;
  for (const row of window) {
    if (row.gone) {
      left.push(row.announcedSeq);
      continue;
    }
    const current = articles.get(row.id);
    // The article has left since; the entry that says so will touch this feed.
    if (current && !belongs(current, feed)) {
      left.push(row.announcedSeq);
      continue;
    }
    expected += 1;
    const storyRows = current ? storyRowsOf(current.article, stories, languages) : [];
    changes.push(...storyRows);
    const item = current && makeItem(current, translationsIn(storyRows, feed.language, place.siteUrl));
    if (item) {
      items.push(item);
      shown.push(row.announcedSeq);
    } else leftOut.push(row.id);
  }
  const named = isAuthorList(feed) ? authorFeed(place.newsroom, feed, spellingsOf(feed, items)) : feed;
  const gone = window.flatMap((row) => goneOf(row, place.newsroom)).slice(0, MOST_GONE);
  return {
    document: { ...frameOf(named, changes, place), history: [], isArchive: false, items, gone },
    expected,
    shown,
    left,
    leftOut,
  };
};

const goneOf = ({ gone, id, at, reason }: NewsRow, { tagAuthority }: Newsroom): GoneItem[] =>
  gone === null || gone === 'moved'
    ? []
    : [{ guid: `tag:${tagAuthority}:${id}`, at, reason: reason === null ? null : soundLine(reason) }];

/** All that a document says besides its articles; `changes` are those of what it shows. */
export const frameOf = (
  feed: FeedInfo,
  changes: readonly { readonly seq: number; readonly at: Instant }[],
  { newsroom, siteUrl }: Place,
): Omit<FeedDocument, 'items' | 'gone' | 'history' | 'isArchive'> => {
  const { language, topic, paths } = feed;
  const at = (path: string): string => webAddress(`${siteUrl}${path}`);
  return {
    id: `tag:${newsroom.tagAuthority}:feeds/${language}/${topic}`,
    title: soundLine(feed.title),
    description: soundLine(feed.description),
    language,
    rights: soundLine(labelIn(newsroom.rights, language, newsroom)),
    licence: newsroom.licence?.url ?? null,
    rslUrl: newsroom.licence?.rsl ? at(RSL_PATH) : null,
    newsroom: soundLine(newsroom.name),
    siteUrl: at('/'),
    pageUrl: at(feed.pagePath),
    selfUrls: { rss: at(paths.rss), atom: at(paths.atom), json: at(paths.json) },
    updatedAt:
      changes
        .map((change) => change.at)
        .toSorted()
        .at(-1) ?? bornAt(newsroom),
    mark: Math.max(0, ...changes.map(({ seq }) => seq)),
  };
};

/** Before its first article a feed is as old as the authority in its ids: a date without a clock. */
const bornAt = ({ tagAuthority }: Newsroom): Instant => {
  const [year = '1970', month = '01', day = '01'] = (tagAuthority.split(',')[1] ?? '').split('-');
  return new Date(`${year}-${month}-${day}`).toISOString();
};
