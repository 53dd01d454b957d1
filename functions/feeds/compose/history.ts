import { archivePath, type FeedInfo } from '../addresses.ts';
import type { Bound } from '../read/listRows.ts';
import type { FeedDocument } from '../render/document.ts';
import { webAddress } from '../render/text.ts';
import type { Composed } from './compose.ts';

interface Shelf {
  readonly siteUrl: string;
  /** Archive documents that are full. */
  readonly closed: number;
}

/** The current document, with the way to the newest archive document (RFC 5005, section 4). */
export const withArchive = (composed: Composed, feed: FeedInfo, { siteUrl, closed }: Shelf): Composed => ({
  ...composed,
  document: { ...composed.document, history: linkTo('prev-archive', feed, closed, siteUrl) },
});

interface Archived {
  readonly siteUrl: string;
  readonly bound: Bound;
  readonly next: Bound | undefined;
}

/** An archive document: the same feed by its id, at an address of its own. */
export const asArchive = (composed: Composed, feed: FeedInfo, { siteUrl, bound, next }: Archived): Composed => {
  const { document } = composed;
  return {
    ...composed,
    document: {
      ...document,
      selfUrls: { ...document.selfUrls, atom: webAddress(siteUrl + archivePath(feed, bound.number)) },
      history: [
        { rel: 'current', href: document.selfUrls.atom },
        ...linkTo('prev-archive', feed, bound.number - 1, siteUrl),
        ...linkTo('next-archive', feed, next?.number ?? 0, siteUrl),
      ],
      isArchive: true,
      mark: Math.max(document.mark, next?.seq ?? 0),
    },
  };
};

/** Nothing for number 0: there is no such document. */
const linkTo = (
  rel: 'prev-archive' | 'next-archive',
  feed: FeedInfo,
  number: number,
  siteUrl: string,
): FeedDocument['history'] => (number === 0 ? [] : [{ rel, href: webAddress(siteUrl + archivePath(feed, number)) }]);
