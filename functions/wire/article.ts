import type { Instant } from '../shared/time.ts';

/** One text in one language, as everybody sees it. */
export interface Article {
  /** A ULID. */
  readonly id: string;
  readonly language: string;
  /** Counts the public versions, from 1. */
  readonly revision: number;
  /** Plain text, as are `summary` and `section`. */
  readonly title: string;
  readonly summary: string | null;
  readonly section: string | null;
  /** Sanitised HTML with absolute addresses; the title is not in it. Empty in a retracted article. */
  readonly html: string;
  /** Ids from `newsroom.config.ts`. */
  readonly topics: readonly string[];
  readonly authors: readonly Author[];
  /** Where the article lives if that is elsewhere; feeds and mails link there. */
  readonly url: string | null;
  /** Names our own page of it, `/{language}/articles/{slug}`; unique in its language. */
  readonly slug: string;
  readonly image: Image | null;
  /** The publication date the newsroom gives, which may lie far back; not the moment it came onto the wire. */
  readonly publishedAt: Instant;
  /** When this revision came onto the wire. */
  readonly updatedAt: Instant;
  readonly expiresAt: Instant | null;
  /** What translations of one another have in common. */
  readonly story: string | null;
  readonly rights: string | null;
}

interface Author {
  readonly name: string;
  readonly email?: string;
}

export interface Image {
  readonly url: string;
  readonly alt: string;
  readonly credit?: string;
  readonly width?: number;
  readonly height?: number;
  /** Its media type, and how many bytes it has. Nothing that a reader sees: they make no revision. */
  readonly type?: string;
  readonly bytes?: number;
}

/** What the wire is given: an article without what only the wire can know. */
export type Content = Omit<Article, 'id' | 'revision' | 'slug' | 'updatedAt'>;

/** The article's guid in every format, for ever (RFC 4151). */
export const guidOf = (article: Pick<Article, 'id'>, tagAuthority: string): string =>
  `tag:${tagAuthority}:${article.id}`;

/** Where a reader finds it: at its own address, else on our page. */
export const linkOf = (article: Pick<Article, 'url' | 'language' | 'slug'>, siteUrl: string): string =>
  article.url ?? `${siteUrl}${pagePathOf(article)}`;

/** Percent-encoded: a slug keeps the letters of its language. */
export const pagePathOf = (article: Pick<Article, 'language' | 'slug'>): string =>
  `/${article.language}/articles/${encodeURIComponent(article.slug)}`;
