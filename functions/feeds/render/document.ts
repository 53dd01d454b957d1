import type { Instant } from '../../shared/time.ts';
import type { Image } from '../../wire/article.ts';
import type { Format } from '../addresses.ts';
import type { RslElement } from '../rsl.ts';

/** What a feed says, before it says it in a format. All texts are plain and sound, all addresses absolute. */
export interface FeedDocument {
  /** A `tag:` URI that outlives every change of address. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly language: string;
  readonly rights: string;
  /** The address of the licence, and that of the terms for crawlers. */
  readonly licence: string | null;
  readonly rslUrl: string | null;
  readonly newsroom: string;
  readonly siteUrl: string;
  /** The page for people. */
  readonly pageUrl: string;
  readonly selfUrls: Readonly<Record<Format, string>>;
  /** The newest change of anything in it. */
  readonly updatedAt: Instant;
  /** The wire's number of that change. It is in the bytes, so that two states never look the same. */
  readonly mark: number;
  /** Where the older and newer articles are (RFC 5005): Atom documents, whatever this one is. */
  readonly history: readonly { readonly rel: 'prev-archive' | 'next-archive' | 'current'; readonly href: string }[];
  readonly isArchive: boolean;
  readonly items: readonly FeedItem[];
  readonly gone: readonly GoneItem[];
}

export interface FeedItem {
  readonly guid: string;
  readonly link: string;
  readonly title: string;
  readonly summary: string;
  /** Empty where the newsroom's feeds hold summaries only. */
  readonly html: string;
  readonly language: string;
  readonly authors: readonly { readonly name: string; readonly email?: string }[];
  readonly categories: readonly { readonly id: string; readonly label: string }[];
  readonly publishedAt: Instant;
  readonly updatedAt: Instant;
  readonly isRevised: boolean;
  readonly rights: string | null;
  /** The newsroom's licence and terms. An article that says who has its rights is not the newsroom's to license. */
  readonly licence: string | null;
  readonly rsl: RslElement | null;
  readonly image: Image | null;
  /** The same story in the newsroom's other languages. */
  readonly translations: readonly { readonly language: string; readonly url: string }[];
}

/** An article that was in this feed and may be shown no more (RFC 6721). */
export interface GoneItem {
  readonly guid: string;
  readonly at: Instant;
  readonly reason: string | null;
}

/** A document in a format. */
export interface Rendered {
  readonly text: string;
  /** The guids of articles that could not be put into this format, and are not in it. */
  readonly leftOut: readonly string[];
}

/** Renders each item; what throws is left out, and costs only itself. */
export const eachItem = <T>(
  items: readonly FeedItem[],
  render: (item: FeedItem) => T,
): { rendered: T[]; leftOut: string[] } => {
  const rendered: T[] = [];
  const leftOut: string[] = [];
  for (const item of items) {
    try {
      rendered.push(render(item));
    } catch {
      // Told to whoever asked, by name; forty-nine good articles must not wait for one bad one.
      leftOut.push(item.guid);
    }
  }
  return { rendered, leftOut };
};
