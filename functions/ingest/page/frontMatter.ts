import * as z from 'zod';
import { parseInput } from '../../shared/http/parse.ts';

const line = z.union([z.string(), z.number()]).transform(String);
const lines = z
  .union([line.transform((one) => one.split(',')), z.array(line)])
  .transform((all) => all.map((one) => one.trim()).filter(Boolean));

/**
 * What newsrooms write above a Markdown text. Fields that only their site's generator needs are passed over: this is
 * somebody's file, not a request made for us.
 */
const schema = z.object({
  title: line.optional(),
  summary: line.optional(),
  description: line.optional(),
  excerpt: line.optional(),
  section: line.optional(),
  date: line.optional(),
  publishAt: line.optional(),
  embargoUntil: line.optional(),
  embargo: line.optional(),
  expiresAt: line.optional(),
  expires: line.optional(),
  announce: z.boolean().optional(),
  language: line.optional(),
  lang: line.optional(),
  topics: lines.optional(),
  tags: lines.optional(),
  categories: lines.optional(),
  author: lines.optional(),
  authors: lines.optional(),
  url: line.optional(),
  canonical: line.optional(),
  id: line.optional(),
  externalId: line.optional(),
  story: line.optional(),
  rights: line.optional(),
  draft: z.boolean().optional(),
  published: z.boolean().optional(),
});

export interface FrontMatter {
  readonly title: string | undefined;
  readonly summary: string | undefined;
  readonly section: string | undefined;
  readonly date: string | undefined;
  readonly embargoUntil: string | undefined;
  readonly expiresAt: string | undefined;
  readonly announce: boolean | undefined;
  /** Set where the page says it is one, or that it is none any more. */
  readonly draft: boolean | undefined;
  readonly language: string | undefined;
  /** Named as topics: each has to be known. */
  readonly topics: readonly string[];
  /** Named as tags or categories: those that are not known say nothing. */
  readonly tags: readonly string[];
  readonly authors: readonly string[];
  readonly url: string | undefined;
  readonly externalId: string | undefined;
  readonly story: string | undefined;
  readonly rights: string | undefined;
}

export const readFrontMatter = (data: unknown): FrontMatter => {
  const read = parseInput(schema, data ?? {}, 'front matter');
  return {
    title: read.title,
    summary: read.summary ?? read.description ?? read.excerpt,
    section: read.section,
    date: read.publishAt ?? read.date,
    embargoUntil: read.embargoUntil ?? read.embargo,
    expiresAt: read.expiresAt ?? read.expires,
    announce: read.announce,
    draft: read.draft ?? (read.published === undefined ? undefined : !read.published),
    language: read.language ?? read.lang,
    topics: read.topics ?? [],
    tags: [...(read.tags ?? []), ...(read.categories ?? [])],
    authors: read.authors ?? read.author ?? [],
    url: read.url ?? read.canonical,
    externalId: read.externalId ?? read.id,
    story: read.story,
    rights: read.rights,
  };
};
