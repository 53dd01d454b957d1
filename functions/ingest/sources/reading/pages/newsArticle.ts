import * as z from 'zod';
import { parsedJson } from '../json.ts';

const text = z.string().optional().catch(undefined);
const person = z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)]);
const oneOrMore = <T extends z.ZodType>(one: T) =>
  z
    .union([one.transform((value) => [value]), z.array(one)])
    .catch([])
    .default([]);
const picture = z.union([
  z.string().transform((url) => ({ url })),
  z.looseObject({ url: z.string(), width: z.unknown().optional(), height: z.unknown().optional(), caption: text }),
]);

/** https://schema.org/NewsArticle, as far as it is read here. */
const newsArticle = z.object({
  headline: text,
  name: text,
  description: text,
  articleBody: text,
  datePublished: text,
  dateModified: text,
  url: text,
  author: oneOrMore(person),
  image: oneOrMore(picture),
  articleSection: oneOrMore(z.string()),
  keywords: z
    .union([z.string().transform((list) => list.split(',')), z.array(z.string())])
    .catch([])
    .default([]),
});

export type NewsArticle = z.output<typeof newsArticle>;

const KINDS = /(?:^|\/)(?:[A-Za-z]*NewsArticle|Article|BlogPosting|Report|ReportageNewsArticle)$/;
const MOST_DEPTH = 4;

/** The article that a page's JSON-LD describes: alone, in a list, or in a `@graph`. */
export const newsArticleIn = (scripts: readonly string[]): NewsArticle | undefined => {
  for (const script of scripts) {
    const parsed = parsedJson(script);
    const found = parsed.is === 'json' ? articleIn(parsed.value, 0) : undefined;
    if (found !== undefined) return newsArticle.safeParse(found).data;
  }
  return undefined;
};

const articleIn = (value: unknown, depth: number): object | undefined => {
  if (typeof value !== 'object' || value === null || depth > MOST_DEPTH) return undefined;
  if (Array.isArray(value)) return firstIn(value, depth);
  if ('@type' in value && [value['@type']].flat().some((type) => KINDS.test(String(type)))) return value;
  const inner = ['@graph', 'mainEntity', 'mainEntityOfPage'].flatMap((name) =>
    Object.entries(value).filter(([key]) => key === name),
  );
  return firstIn(
    inner.map(([, one]) => one),
    depth,
  );
};

const firstIn = (values: readonly unknown[], depth: number): object | undefined => {
  for (const value of values) {
    const found = articleIn(value, depth + 1);
    if (found) return found;
  }
  return undefined;
};
