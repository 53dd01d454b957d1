import { archivePath, CONTENT_TYPES, type FeedInfo, feedKey } from '../addresses.ts';
import { compose } from '../compose/compose.ts';
import { asArchive } from '../compose/history.ts';
import { publish } from '../publish/publish.ts';
import type { Bound, Rewrite } from '../read/listRows.ts';
import type { FeedBuilder } from './builder.ts';
import type { Outcome } from './buildFeed.ts';
import { soundText } from './soundText.ts';
import type { WaitingFeed } from './states.ts';

/** Changes looked at together; then it is noted how far the archive is. */
const TOGETHER = 60;

type ArchiveBuilder = Pick<
  FeedBuilder,
  'rows' | 'articles' | 'states' | 'shelf' | 'settings' | 'makeItem' | 'renderers'
>;

/** Writes the archive documents of a feed that entries have changed since they were last written, and no others. */
export const buildArchives = async (builder: ArchiveBuilder, waiting: WaitingFeed): Promise<Outcome> => {
  const { feed, shelving, archivedSeq } = waiting;
  let after = archivedSeq;
  while (after < shelving.changedSeq) {
    const rewrites = await builder.rows.rewrites(feed.list, { after, limit: TOGETHER });
    for (const archived of await documentsOf(builder, feed, rewrites)) {
      const outcome = await buildArchive(builder, waiting, archived);
      if (outcome !== 'built') return outcome;
    }
    after = rewrites.at(-1)?.seq ?? shelving.changedSeq;
    await builder.states.keepArchived(feed.list, after);
  }
  return 'built';
};

interface Archived {
  readonly bound: Bound;
  readonly next: Bound | undefined;
}

/** The documents that are to be written, each once. One that has just become full is linked from the one before it. */
const documentsOf = async (
  { rows }: ArchiveBuilder,
  feed: FeedInfo,
  rewrites: readonly Rewrite[],
): Promise<Archived[]> => {
  const documents = new Map<number, Archived>();
  for (const { seq, announcedSeq } of rewrites) {
    const { before, here, next } = await rows.boundsAround(feed.list, announcedSeq);
    if (!here) continue;
    if (before && here.seq === seq) documents.set(before.number, { bound: before, next: here });
    documents.set(here.number, { bound: here, next });
  }
  return [...documents.values()];
};

/**
 * Says nothing of translations: a document that is old is written again for what happens to an article in it, not for
 * what happens to another.
 */
const buildArchive = async (
  { rows, articles, shelf, settings, makeItem, renderers }: ArchiveBuilder,
  { feed, version }: WaitingFeed,
  { bound, next }: Archived,
): Promise<Outcome> => {
  const window = await rows.newsWithin(bound);
  const found = await articles.at(window.filter(({ gone }) => !gone));
  const around = { ...settings, makeItem };
  const current = compose(feed, window, { articles: found, stories: new Map() }, around);
  const composed = asArchive(current, feed, { siteUrl: settings.siteUrl, bound, next });
  // As in the current document: it shows nothing beyond its version.
  if (composed.document.mark > version.seq) return 'again';
  const text = soundText('atom', composed, renderers, `${feedKey(feed)}/archive/${bound.number}`);
  if (text === null) return 'refused';
  const path = archivePath(feed, bound.number);
  const published = await publish(shelf, {
    path,
    self: settings.siteUrl + path,
    bytes: Buffer.from(text),
    contentType: CONTENT_TYPES.atom,
    version,
  });
  return published === 'ahead' ? 'again' : 'built';
};
