import * as z from 'zod';
import { JobFailed } from '../../shared/job/runJob.ts';
import type { Archive, Found } from './archive.ts';
import type { ArchiveFile } from './wordpress.ts';

/** An export is one JSON document and is read whole. */
const MOST_BYTES = 200_000_000;
const MOST_POSTS = 50;

const id = z.union([z.string(), z.number()]).transform(String);
const text = z.string().nullish();
const link = <Names extends z.ZodRawShape>(names: Names) => z.array(z.object(names)).default([]);

const data = z.object({
  posts: z.array(z.looseObject({ id })),
  tags: z.array(z.object({ id, name: z.string() })).default([]),
  users: z.array(z.object({ id, name: z.string() })).default([]),
  posts_tags: link({ post_id: id, tag_id: id }),
  posts_authors: link({ post_id: id, author_id: id }),
  posts_meta: z.array(z.object({ post_id: id, feature_image_alt: text })).default([]),
});
/** Ghost writes `{ db: [{ data }] }`; older versions `{ data }`. */
const exported = z.union([
  z.object({ db: z.array(z.object({ data })).min(1) }).transform(({ db }) => db[0]?.data),
  z.object({ data }).transform((one) => one.data),
]);
type Data = z.output<typeof data>;

const post = z.object({
  uuid: z.string().optional(),
  title: z.string(),
  slug: z.string().optional(),
  html: text,
  plaintext: text,
  type: z.string().default('post'),
  page: z.union([z.boolean(), z.number()]).optional(),
  status: z.string(),
  visibility: z.string().default('public'),
  custom_excerpt: text,
  feature_image: text,
  published_at: text,
  updated_at: text,
  canonical_url: text,
});

interface Reading {
  readonly language: string;
  readonly links: 'theirs' | 'ours';
  /** The site's address, without a slash at its end: the export does not say it. */
  readonly siteUrl: string | undefined;
}

/** A Ghost export (Settings → Labs → Export content), versions 1 to 6. */
export const ghostArchive = (file: ArchiveFile, reading: Reading): Archive => {
  let opened: Opened | undefined;
  return {
    async read(place) {
      opened ??= await open(file);
      const from = z.int().nullable().parse(place) ?? 0;
      const { posts } = opened;
      const now = posts.slice(from, from + MOST_POSTS);
      const to = from + now.length;
      return {
        found: now.map((one) => foundIn(one, opened ?? EMPTY, reading)),
        next: to < posts.length ? to : null,
        done: posts.length === 0 ? file.size : Math.round((file.size * to) / posts.length),
        of: file.size,
      };
    },
  };
};

interface Opened {
  readonly posts: Data['posts'];
  /** Of each post, in the order of the export. */
  readonly tags: ReadonlyMap<string, readonly string[]>;
  readonly authors: ReadonlyMap<string, readonly string[]>;
  readonly alts: ReadonlyMap<string, string>;
}
const EMPTY: Opened = { posts: [], tags: new Map(), authors: new Map(), alts: new Map() };

const open = async (file: ArchiveFile): Promise<Opened> => {
  if (file.size > MOST_BYTES) throw new JobFailed('A Ghost export of over 200 MB cannot be read.');
  const { posts, tags, users, posts_tags, posts_authors, posts_meta } = parse(await wholeText(file));
  return {
    posts,
    tags: namesBy(
      posts_tags.map((one) => [one.post_id, one.tag_id]),
      tags,
    ),
    authors: namesBy(
      posts_authors.map((one) => [one.post_id, one.author_id]),
      users,
    ),
    alts: new Map(posts_meta.map((one) => [one.post_id, one.feature_image_alt ?? ''])),
  };
};

const namesBy = (pairs: readonly (readonly [string, string])[], named: readonly { id: string; name: string }[]) => {
  const names = new Map(named.map((one) => [one.id, one.name]));
  const by = new Map<string, string[]>();
  for (const [postId, otherId] of pairs) {
    const name = names.get(otherId);
    if (name !== undefined) by.set(postId, [...(by.get(postId) ?? []), name]);
  }
  return by;
};

const PIECE_BYTES = 8 * 1024 * 1024;

const wholeText = async (file: ArchiveFile): Promise<string> => {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < file.size; at += PIECE_BYTES) pieces.push(await file.read(at, PIECE_BYTES));
  return new TextDecoder().decode(Buffer.concat(pieces));
};

const parse = (json: string): Data => {
  try {
    const read = exported.parse(JSON.parse(json));
    if (read) return read;
  } catch {
    // Neither JSON nor of this shape: for whoever sent it that is the same.
  }
  throw new JobFailed('The file is no Ghost export: it has no list of posts in `db[0].data.posts`.');
};

type Post = z.output<typeof post>;

const foundIn = (foreign: Data['posts'][number], opened: Opened, reading: Reading): Found => {
  const read = post.safeParse(foreign);
  if (!read.success)
    return { is: 'refused', name: `post ${foreign.id.slice(0, 40)}`, because: 'it has no title or status' };
  const one = read.data;
  const because = passedOver(one);
  if (because !== undefined) return { is: 'passed-over', name: one.title, because };
  const modifiedMs = one.updated_at ? Date.parse(one.updated_at) || null : null;
  return { is: 'article', name: one.title, modifiedMs, input: inputOf(foreign.id, one, opened, reading) };
};

const passedOver = ({ type, page, visibility }: Post): string | undefined => {
  if (type !== 'post' || page === true || page === 1) return 'it is no post but a page';
  return visibility === 'public' ? undefined : 'it is for members only';
};

const inputOf = (id: string, one: Post, { tags, authors, alts }: Opened, reading: Reading) => ({
  language: reading.language,
  title: one.title,
  ...(one.custom_excerpt && { summary: one.custom_excerpt }),
  body: { html: placed(one.html ?? one.plaintext ?? '', reading) },
  topics: tags.get(id) ?? [],
  authors: (authors.get(id) ?? []).map((name) => ({ name })),
  ...(one.feature_image && { image: { url: placed(one.feature_image, reading), alt: alts.get(id) ?? '' } }),
  ...publication(one, reading),
  externalId: one.uuid ?? id,
});

/** What is not public there is a draft here. */
const publication = (one: Post, reading: Reading) => {
  if (one.status !== 'published' && one.status !== 'scheduled') return { draft: true };
  const address = addressOf(one, reading);
  return {
    ...(address !== undefined && { url: address }),
    ...(one.published_at && { publishAt: isoOf(one.published_at) }),
  };
};

/** Ghost leaves its own address out of what it exports. */
const placed = (html: string, { siteUrl }: Reading): string => html.replaceAll('__GHOST_URL__', siteUrl ?? '');

const addressOf = ({ canonical_url: canonical, slug }: Post, { links, siteUrl }: Reading): string | undefined => {
  if (links === 'ours') return undefined;
  if (canonical) return canonical;
  return siteUrl !== undefined && slug !== undefined ? `${siteUrl}/${slug}/` : undefined;
};

/** Old versions write `2019-07-08 09:30:00`, in UTC. */
const isoOf = (moment: string): string =>
  /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(moment) ? `${moment.replace(' ', 'T')}Z` : moment;
