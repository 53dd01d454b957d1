import { addMs, type Instant, SECOND_MS } from '../../../shared/time.ts';
import type { Polling } from '../ports.ts';
import type { RefusedItem } from '../reading/found.ts';
import type { FoundPosts } from '../reading/wordpress.ts';
import type { SourceState } from '../source.ts';
import { askFor, type Looked, type Place } from './ask.ts';
import { type Broughts, bringItems } from './bring.ts';

const PAGE = 50;
/** In one look; a site with more goes on a minute later. */
const MOST_PAGES = 10;

/**
 * A WordPress site's posts by its REST API, in the order of their change, from where the last look ended. The change of
 * the last post is the cursor rather than a number of pages: a post that is changed meanwhile moves to the end, and
 * would push another off its page unseen.
 */
export const lookAtPosts = async (polling: Polling, place: Place): Promise<Looked> => {
  let at = stepFrom(place.state);
  const total = { articles: 0, revisions: 0, refused: [] as RefusedItem[] };
  let answer: Looked['answer'];
  const read = (more: boolean, again = false): Looked => ({
    // What was read to its end begins with its first page again: a change moves those behind it forward.
    look: {
      is: 'read',
      ...total,
      ...{ more, again, bodyHash: null, ttlSeconds: null },
      cursor: at.cursor,
      page: more || again ? at.page : 1,
    },
    answer,
  });
  for (let asked = 0; asked < MOST_PAGES; asked++) {
    const came = await askFor(polling, place, addressOfPosts(place.asked, at));
    if (came.is === 'looked') {
      // A page behind the last is answered with 400; what else goes wrong on the way goes on in a minute.
      const isBehindLast = at.page > 1 && came.answer?.status === 400;
      return asked === 0 && !isBehindLast ? came : read(!isBehindLast);
    }
    answer = came.answer;
    const found = await polling.reader.posts(came.document);
    if (found.is === 'refused') return { look: { is: 'trouble', because: found.because }, answer };
    const brought = await bringItems(polling, { ...place, items: found.items });
    add(total, brought, found.refused);
    // What could not be brought is asked for again, so the cursor stays before it.
    if (brought.more || brought.again) return read(brought.more, brought.again);
    at = stepAfter(found, at);
    if (found.count < PAGE) return read(false);
  }
  return read(true);
};

/** From which change, and the how manieth page of those after it. */
interface Step {
  readonly cursor: Instant | null;
  readonly page: number;
}

/**
 * Where a look goes on in the middle of posts changed in one second, it begins with the last page it has seen: those
 * that were changed again meanwhile have left, and the others moved forward.
 */
const stepFrom = ({ cursor, page }: SourceState): Step => ({ cursor, page: Math.max(1, page - 1) });

/** A page whose posts were all changed in the second of the cursor is followed by its next. */
const stepAfter = ({ lastModified }: FoundPosts, { cursor, page }: Step): Step =>
  lastModified === null || lastModified === cursor ? { cursor, page: page + 1 } : { cursor: lastModified, page: 1 };

interface Total {
  articles: number;
  revisions: number;
  readonly refused: RefusedItem[];
}

const add = (total: Total, { articles, revisions, refused }: Broughts, others: readonly RefusedItem[]): void => {
  total.articles += articles;
  total.revisions += revisions;
  total.refused.push(...others, ...refused);
};

/**
 * `modified_after` leaves out the second it names, and several posts may have been changed in it, so it names the one
 * before. What is shown twice is not brought twice.
 */
const addressOfPosts = (site: string, { cursor, page }: Step): string => {
  const root = site.includes('/wp-json') ? site.replace(/\/wp-json.*$/, '') : site.replace(/\/+$/, '');
  const url = new URL(`${root}/wp-json/wp/v2/posts`);
  url.searchParams.set('per_page', String(PAGE));
  url.searchParams.set('orderby', 'modified');
  url.searchParams.set('order', 'asc');
  if (cursor !== null) url.searchParams.set('modified_after', addMs(cursor, -SECOND_MS).replace('.000Z', 'Z'));
  if (page > 1) url.searchParams.set('page', String(page));
  url.searchParams.set('_embed', 'author,wp:term,wp:featuredmedia');
  return url.href;
};
