import * as z from 'zod';
import { absolute, dateIn, type FoundItem, lineOfHtml, summaryOf } from '../sources/reading/found.ts';
import type { Source } from '../sources/source.ts';

const text = z.string().nullish();
const named = z.array(z.object({ name: z.string() })).nullish();

const post = z.object({
  /** Its name in Ghost’s own feed, too, so that hook and feed bring one article. */
  id: z.string(),
  title: z.string(),
  html: text,
  url: text,
  status: z.string(),
  visibility: z.string().default('public'),
  custom_excerpt: text,
  feature_image: text,
  feature_image_alt: text,
  published_at: text,
  updated_at: text,
  authors: named,
  tags: named,
});

/** What Ghost posts when a post is published or changed; of one that is deleted, `current` is empty. */
const payload = z.object({ post: z.object({ current: z.union([post, z.object({})]).optional() }) });

export type Told =
  | { readonly is: 'post'; readonly item: FoundItem }
  /** Nothing for readers, or not any more. `because` ends a sentence. */
  | { readonly is: 'passed-over'; readonly because: string }
  | { readonly is: 'unknown' };

/** The post in a webhook of Ghost's (post.published, post.published.edited, post.unpublished, post.deleted). */
export const postTold = (body: unknown, source: Source, timeZone: string): Told => {
  const read = payload.safeParse(body);
  if (!read.success) return { is: 'unknown' };
  const one = post.safeParse(read.data.post.current);
  if (!one.success)
    return { is: 'passed-over', because: 'the post is gone there; retract it here if readers are to hear of it' };
  const { data } = one;
  if (data.status !== 'published') return { is: 'passed-over', because: 'the post is not public there' };
  if (data.visibility !== 'public') return { is: 'passed-over', because: 'the post is for members only there' };
  return { is: 'post', item: itemOf(data, { language: source.language, timeZone }, source.url) };
};

const itemOf = (
  one: z.output<typeof post>,
  how: { readonly language: string; readonly timeZone: string },
  sourceUrl: string,
): FoundItem => {
  const url = absolute(one.url ?? undefined, sourceUrl);
  const image = absolute(one.feature_image ?? undefined, sourceUrl);
  return {
    guid: one.id,
    url,
    title: lineOfHtml(one.title),
    summary: summaryOf(one.custom_excerpt ?? undefined),
    html: one.html ?? '',
    base: url ?? sourceUrl,
    publishedAt: dateIn(one.published_at ?? undefined, how),
    modifiedAt: dateIn(one.updated_at ?? undefined, how),
    authors: (one.authors ?? []).map(({ name }) => name),
    categories: (one.tags ?? []).map(({ name }) => name),
    image: image === null ? null : { url: image, alt: one.feature_image_alt ?? '' },
    language: null,
    story: null,
    rights: null,
  };
};
