import * as z from 'zod';
import { textOfBytes } from '../../../border/charset.ts';
import type { Instant } from '../../../shared/time.ts';
import { pixels } from './feeds/media.ts';
import {
  absolute,
  dateIn,
  type ForeignDocument,
  type FoundImage,
  type FoundItem,
  gathered,
  lineOfHtml,
  type RefusedDocument,
  type RefusedItem,
  summaryOf,
} from './found.ts';
import { parsedJson } from './json.ts';

const rendered = z.object({ rendered: z.string(), protected: z.boolean().optional() });

const media = z.object({
  source_url: z.string(),
  alt_text: z.string().catch('').default(''),
  media_details: z.object({ width: z.unknown(), height: z.unknown() }).partial().catch({}).default({}),
});

/** A post with `_embed` (developer.wordpress.org, REST API handbook, "Posts"); Polylang and WPML add their own fields. */
const post = z.object({
  id: z.int(),
  guid: rendered.optional().catch(undefined),
  link: z.string(),
  status: z.string().default('publish'),
  date_gmt: z.string().nullish().catch(null),
  modified_gmt: z.string().nullish().catch(null),
  title: rendered,
  content: rendered,
  excerpt: rendered.optional().catch(undefined),
  lang: z.string().optional().catch(undefined),
  translations: z.record(z.string(), z.int()).optional().catch(undefined),
  wpml_current_locale: z.string().nullish().catch(null),
  wpml_translations: z
    .array(z.object({ id: z.int() }))
    .optional()
    .catch(undefined),
  _embedded: z
    .object({
      author: z
        .array(z.object({ name: z.string().optional() }))
        .catch([])
        .default([]),
      'wp:term': z
        .array(z.array(z.object({ name: z.string(), taxonomy: z.string().default('') })).catch([]))
        .catch([])
        .default([]),
      'wp:featuredmedia': z.array(z.unknown()).catch([]).default([]),
    })
    .partial()
    .catch({})
    .default({}),
});

type Post = z.output<typeof post>;

export interface FoundPosts {
  readonly is: 'posts';
  readonly items: readonly FoundItem[];
  readonly refused: readonly RefusedItem[];
  /** How many the site sent, those that were refused too. */
  readonly count: number;
  /** The change of the last one. */
  readonly lastModified: Instant | null;
}

/** One page of a WordPress site's posts, in the order of their change. */
export const readPosts = (document: ForeignDocument): FoundPosts | RefusedDocument => {
  const parsed = parsedJson(textOfBytes(document.bytes, document.contentType));
  if (parsed.is === 'refused') return { is: 'refused', because: 'it is no answer of WordPress’s REST API' };
  if (!Array.isArray(parsed.value)) return { is: 'refused', because: 'it is no list of posts' };
  const posts = parsed.value.map((foreign: unknown) => post.safeParse(foreign));
  const { items, refused } = gathered(
    posts.map(({ data }, i) => (data ? itemOf(data, document) : { item: `post ${i + 1}`, because: 'it is no post' })),
    null,
  );
  const modified = posts.flatMap(({ data }) => moment(data?.modified_gmt, document) ?? []).sort();
  return { is: 'posts', items, refused, count: posts.length, lastModified: modified.at(-1) ?? null };
};

const itemOf = (one: Post, document: ForeignDocument): FoundItem | RefusedItem => {
  const url = absolute(one.link, document.url);
  const item = url ?? `post ${one.id}`;
  if (one.content.protected) return { item, because: 'it is behind a password' };
  if (one.status !== 'publish') return { item, because: 'it is not published' };
  const title = lineOfHtml(one.title.rendered);
  if (title === '') return { item, because: 'it has no title' };
  const { author = [], 'wp:term': terms = [] } = one._embedded;
  return {
    guid: one.guid?.rendered || `${new URL(document.url).host}/post/${one.id}`,
    url,
    title,
    summary: summaryOf(one.excerpt?.rendered),
    html: one.content.rendered,
    base: url ?? document.url,
    publishedAt: moment(one.date_gmt, document),
    modifiedAt: moment(one.modified_gmt, document),
    authors: author.map(({ name }) => lineOfHtml(name ?? '')).filter(Boolean),
    categories: terms
      .flat()
      .filter(({ taxonomy }) => taxonomy === 'category' || taxonomy === 'post_tag' || taxonomy === '')
      .map(({ name }) => lineOfHtml(name)),
    image: imageOf(one, document.url),
    language: one.lang ?? one.wpml_current_locale ?? null,
    story: storyOf(one, document.url),
    rights: null,
  };
};

/** Moments in GMT are written without a zone. */
const moment = (gmt: string | null | undefined, document: ForeignDocument): Instant | null =>
  gmt ? dateIn(/(?:z|[+-]\d\d:?\d\d)$/i.test(gmt) ? gmt : `${gmt}Z`, document) : null;

const imageOf = ({ _embedded }: Post, base: string): FoundImage | null => {
  const { data } = media.safeParse(_embedded['wp:featuredmedia']?.[0]);
  const url = data ? absolute(data.source_url, base) : null;
  if (!data || url === null) return null;
  const [width, height] = [pixels(data.media_details.width), pixels(data.media_details.height)];
  const size = width !== undefined && height !== undefined ? { width, height } : {};
  return { url, alt: lineOfHtml(data.alt_text), ...size };
};

/** Translations know one another by number; the lowest names them all. */
const storyOf = ({ id, translations, wpml_translations }: Post, url: string): string | null => {
  const others = [...Object.values(translations ?? {}), ...(wpml_translations ?? []).map((one) => one.id)];
  const all = new Set([id, ...others]);
  return all.size > 1 ? `${new URL(url).host}/story/${Math.min(...all)}` : null;
};
