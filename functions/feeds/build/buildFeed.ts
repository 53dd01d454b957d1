import { log } from '../../shared/log.ts';
import { CONTENT_TYPES, FORMATS, feedKey } from '../addresses.ts';
import { compose } from '../compose/compose.ts';
import type { Gathered } from '../compose/gather.ts';
import { withArchive } from '../compose/history.ts';
import { type Published, publish } from '../publish/publish.ts';
import type { NewsRow } from '../read/listRows.ts';
import type { FeedBuilder } from './builder.ts';
import { soundText } from './soundText.ts';
import type { WaitingFeed } from './states.ts';

/**
 * - `built`: readers get it, in every format.
 * - `refused`: a document was not fit to be published. The old one stays, and the next doorbell tries again.
 * - `again`: somebody else is further; read on, and look again.
 */
export type Outcome = 'built' | 'refused' | 'again';

export const buildFeed = async (
  { shelf, states, settings, makeItem, renderers }: Omit<FeedBuilder, 'wire' | 'cursors' | 'rows' | 'articles' | 'now'>,
  { feed, version, shelving }: WaitingFeed,
  window: readonly NewsRow[],
  gathered: Omit<Gathered, 'windows'>,
): Promise<Outcome> => {
  const composed = withArchive(compose(feed, window, gathered, { ...settings, makeItem }), feed, {
    siteUrl: settings.siteUrl,
    closed: shelving.closed,
  });
  // The lists hold rows of entries beyond the version: another reader of the wire is half-way through them, or died
  // there. A document must not show more than its version says.
  if (composed.document.mark > version.seq) return 'again';
  const texts = FORMATS.map((format) => ({ format, text: soundText(format, composed, renderers, feedKey(feed)) }));
  const published = await Promise.all(
    texts.map(async ({ format, text }): Promise<Published | 'refused'> => {
      if (text === null) return 'refused';
      const path = feed.paths[format];
      const document = { path, self: settings.siteUrl + path, bytes: Buffer.from(text) };
      return publish(shelf, { ...document, contentType: CONTENT_TYPES[format], version });
    }),
  );
  if (published.includes('refused')) return 'refused';
  if (published.includes('ahead')) return 'again';
  await states.keepBuilt(feed.list, version);
  log.info('feeds.built', {
    feed: feedKey(feed),
    ...version,
    written: published.filter((is) => is === 'written').length,
  });
  return 'built';
};
