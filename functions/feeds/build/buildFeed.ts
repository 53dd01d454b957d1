import { isDeepStrictEqual } from 'node:util';
import { log } from '../../shared/log.ts';
import { CONTENT_TYPES, FORMATS, feedKey } from '../addresses.ts';
import { type Composed, compose } from '../compose/compose.ts';
import type { Gathered } from '../compose/gather.ts';
import { withArchive } from '../compose/history.ts';
import { MOST_ROWS, NEWEST } from '../compose/window.ts';
import { losesTooMuch } from '../publish/check.ts';
import { type Published, publish } from '../publish/publish.ts';
import type { NewsRow } from '../read/listRows.ts';
import type { FeedBuilder } from './builder.ts';
import { soundText } from './soundText.ts';
import type { Shown, Version, WaitingFeed } from './states.ts';

/**
 * - `built`: readers get it, in every format.
 * - `refused`: a document was not fit to be published. The old one stays, and the next doorbell tries again.
 * - `again`: somebody else is further; read on, and look again.
 */
export type Outcome = 'built' | 'refused' | 'again';

type Builder = Pick<FeedBuilder, 'shelf' | 'states' | 'settings' | 'makeItem' | 'renderers'>;

export const buildFeed = async (
  builder: Builder,
  waiting: WaitingFeed,
  window: readonly NewsRow[],
  gathered: Omit<Gathered, 'windows'>,
): Promise<Outcome> => {
  const { states, settings, makeItem } = builder;
  const { feed, version, shelving } = waiting;
  const composed = withArchive(compose(feed, window, gathered, { ...settings, makeItem }), feed, {
    siteUrl: settings.siteUrl,
    closed: shelving.closed,
  });
  // The lists hold rows of entries beyond the version: another reader of the wire is half-way through them, or died
  // there. A document must not show more than its version says.
  if (composed.document.mark > version.seq) return 'again';
  const before = await states.shownOf(feed);
  const published = await publishAll(builder, waiting, composed, isShrunken(before, composed, version, window));
  if (published.includes('refused')) return 'refused';
  if (published.includes('ahead')) return 'again';
  const shown = { announcedSeqs: [...composed.shown], generation: version.generation };
  if (!isDeepStrictEqual(before, shown)) await states.keepShown(feed, shown);
  await states.keepBuilt(feed.list, version);
  const written = published.filter((is) => is === 'written').length;
  log.info('feeds.built', { feed: feedKey(feed), ...version, written });
  return 'built';
};

const publishAll = async (
  { shelf, settings, renderers }: Builder,
  { feed, version }: WaitingFeed,
  composed: Composed,
  isShrunk: boolean,
): Promise<(Published | 'refused')[]> => {
  const texts = FORMATS.map((format) => ({ format, text: soundText(format, composed, renderers, feedKey(feed)) }));
  if (isShrunk && texts.every(({ text }) => text !== null)) {
    log.error('feeds.refused', { feed: feedKey(feed), format: 'all', because: 'readers would lose more than a fifth' });
    return ['refused'];
  }
  return Promise.all(
    texts.map(async ({ format, text }) => {
      if (text === null) return 'refused';
      const path = feed.paths[format];
      const document = { path, self: settings.siteUrl + path, bytes: Buffer.from(text) };
      return publish(shelf, { ...document, contentType: CONTENT_TYPES[format], version });
    }),
  );
};

/** Whether readers would lose much, and nothing says why. Under other settings a feed may be another: whoever changed them knows. */
const isShrunken = (
  before: Shown | undefined,
  { shown, left }: Composed,
  { seq: through, generation }: Version,
  window: readonly NewsRow[],
): boolean => {
  if (before?.generation !== generation) return false;
  const isFull = window.filter(({ gone }) => !gone).length >= NEWEST || window.length >= MOST_ROWS;
  return losesTooMuch({
    // What a faster builder has shown since is not lost.
    before: before.announcedSeqs.filter((one) => one <= through),
    shown,
    left,
    grownOutBelow: isFull ? (window.at(-1)?.announcedSeq ?? 0) : 0,
  });
};
