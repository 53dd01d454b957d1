import type { FeedInfo } from '../../feeds/addresses.ts';
import { frameOf } from '../../feeds/compose/compose.ts';
import { recentArticles } from '../../feeds/compose/recentArticles.ts';
import type { FeedDocument } from '../../feeds/render/document.ts';
import type { CurrentArticle } from '../../wire/ports.ts';
import type { Press } from '../composing/press.ts';
import { newsletterOf } from '../planning/ports.ts';
import type { Archive } from './archive.ts';
import type { BegunEditions } from './begun.ts';
import { editionItem, type ToShow } from './editionItem.ts';
import { editionsFeedIn } from './feed.ts';
import { type Issue, newsIn } from './issue.ts';
import { toldIn } from './told.ts';

export interface EditionsDocument {
  readonly feed: FeedInfo;
  readonly document: FeedDocument;
}

/** What the feed of editions says in each language; its `mark` is 0 until it is known whether it says anything new. */
export const editionsDocuments = async (
  archive: Archive,
  editions: BegunEditions['editions'],
  head: number,
): Promise<EditionsDocument[]> => {
  const { press, shelf } = archive;
  const issues = new Map<string, Issue>();
  for (const { id, issue } of editions) if (issue !== null) issues.set(id, await shelf.issue(issue));
  const ids = [...issues.values()].flatMap(({ languages }) => Object.values(languages).flatMap((one) => one.articles));
  const articles = await articlesNow(archive, ids, head);
  return press.newsroom.languages.map(({ id: language }) => {
    const feed = editionsFeedIn(press, language);
    const items = editions
      .flatMap((edition) => toShow(press, { edition, issue: issues.get(edition.id), language, articles }))
      .map((shown) => editionItem(press, language, shown));
    const changes = items.map(({ updatedAt }) => ({ seq: 0, at: updatedAt }));
    const frame = frameOf(feed, changes, press);
    return { feed, document: { ...frame, history: [], isArchive: false, items, gone: [] } };
  });
};

interface Here {
  readonly edition: BegunEditions['editions'][number];
  readonly issue: Issue | undefined;
  readonly language: string;
  readonly articles: ReadonlyMap<string, CurrentArticle>;
}

const toShow = (press: Press, { edition, issue, language, articles }: Here): ToShow[] => {
  const newsletter = newsletterOf({ press }, edition.newsletter);
  const here = newsIn(issue, language);
  if (!newsletter?.languages.includes(language) || !issue || !here) return [];
  const found = here.articles.flatMap((id) => articles.get(id) ?? []);
  const languages = newsletter.languages.filter((one) => newsIn(issue, one));
  return [{ edition, newsletter, issue: here, languages, told: toldIn(found, language, edition.startedAt) }];
};

/** So many of the last entries are looked through for what the current articles have not been told yet. */
const LAST_ENTRIES = 50;

/** Articles are told of an entry after it was written: whoever wrote the last one may have died in between. */
const articlesNow = async (
  { articles, wire }: Archive,
  ids: readonly string[],
  head: number,
): Promise<Map<string, CurrentArticle>> => {
  const last = await wire.after(Math.max(0, head - LAST_ENTRIES), LAST_ENTRIES);
  const newest = new Map(last.map(({ seq, article, kind }) => [article.id, kind === 'aliased' ? 0 : seq]));
  const wanted = [...new Set(ids)].map((id) => ({ id, seq: newest.get(id) ?? 0 }));
  // A memory of its own: one that outlived this look would not know of entries before the last fifty.
  return recentArticles(articles, wire).at(wanted);
};
