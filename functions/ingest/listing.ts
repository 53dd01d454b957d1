import { type Entry, isPublic } from '../wire/entry.ts';
import type { Articles, CurrentArticle, Publisher, Wire } from '../wire/ports.ts';
import { shownDraftReceipt } from './shown.ts';

/** Entries looked at in one step backwards. */
const WINDOW = 100;
/** So many steps without enough articles, and the page ends early: most entries there are old revisions. */
const MOST_STEPS = 10;

interface Page {
  readonly items: readonly CurrentArticle[];
  /** Ask again with this as `before`; `undefined` at the beginning of the wire. */
  readonly next: number | undefined;
}

/** Articles in the order of their latest entries, newest first: each once, as it is now. */
export const listArticles = async (
  { wire, articles }: { readonly wire: Wire; readonly articles: Articles },
  { before, limit }: { readonly before: number | undefined; readonly limit: number },
): Promise<Page> => {
  let upTo = before === undefined ? await wire.head() : before - 1;
  const items: CurrentArticle[] = [];
  for (let step = 0; upTo > 0 && items.length < limit && step < MOST_STEPS; step++) {
    const after = Math.max(0, upTo - WINDOW);
    const window = await wire.after(after, upTo - after);
    const latest = await latestOf(window, articles);
    const room = limit - items.length;
    items.push(...latest.slice(0, room));
    upTo = latest.length > room ? (latest[room - 1]?.seq ?? 1) - 1 : after;
  }
  return { items, next: upTo > 0 ? upTo + 1 : undefined };
};

/** The articles whose latest public entry is in this window, newest first. */
const latestOf = async (window: readonly Entry[], articles: Articles): Promise<CurrentArticle[]> => {
  const seqs = new Map(window.filter(isPublic).map(({ seq, article }) => [article.id, seq]));
  const current = await articles.byIds([...seqs.keys()]);
  return current.filter(({ seq, article }) => seqs.get(article.id) === seq).sort((a, b) => b.seq - a.seq);
};

/** What waits outside the wire: next due first, those that nobody has finished last. */
export const listDrafts = async (
  { publisher }: { readonly publisher: Publisher },
  { after, limit }: { readonly after?: string | undefined; readonly limit: number },
) => {
  const { items, next } = await publisher.drafts({ after, limit });
  const shown = items.map((draft) => ({
    ...shownDraftReceipt(draft),
    language: draft.content.language,
    title: draft.content.title,
    topics: draft.content.topics,
  }));
  return { items: shown, ...(next !== undefined && { next }) };
};
