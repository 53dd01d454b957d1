import * as z from 'zod';
import {
  absolute,
  dateIn,
  type ForeignDocument,
  type FoundDocument,
  type FoundItem,
  gathered,
  htmlOfText,
  lineOfHtml,
  type RefusedDocument,
  type RefusedItem,
  summaryOf,
} from '../found.ts';
import { parsedJson } from '../json.ts';

const text = z.union([z.string(), z.number().transform(String)]);
const person = z.object({ name: z.string().optional() });

/** Only what is read here; what a feed has beside it, or has of another type, does not matter. */
const itemSchema = z.object({
  id: text.optional(),
  url: z.string().optional().catch(undefined),
  title: z.string().optional().catch(undefined),
  content_html: z.string().optional().catch(undefined),
  content_text: z.string().optional().catch(undefined),
  summary: z.string().optional().catch(undefined),
  image: z.string().optional().catch(undefined),
  banner_image: z.string().optional().catch(undefined),
  date_published: z.string().optional().catch(undefined),
  date_modified: z.string().optional().catch(undefined),
  authors: z.array(person).optional().catch(undefined),
  author: person.optional().catch(undefined),
  tags: z.array(z.string()).catch([]).default([]),
});

const feedSchema = z.object({
  version: z.string().regex(/^https?:\/\/jsonfeed\.org\/version\/1/),
  home_page_url: z.string().optional().catch(undefined),
  authors: z.array(person).optional().catch(undefined),
  author: person.optional().catch(undefined),
  items: z.array(z.unknown()),
});

type Feed = z.output<typeof feedSchema>;

/** JSON Feed 1.0 and 1.1. One item of a wrong form costs that item. */
export const readJsonFeed = (json: string, document: ForeignDocument): FoundDocument | RefusedDocument => {
  const parsed = parsedJson(json);
  if (parsed.is === 'refused') return parsed;
  const feed = feedSchema.safeParse(parsed.value);
  if (!feed.success) return { is: 'refused', because: 'it is JSON, but no JSON Feed' };
  return gathered(
    feed.data.items.map((item) => itemOf(item, feed.data, document)),
    null,
  );
};

const itemOf = (foreign: unknown, feed: Feed, document: ForeignDocument): FoundItem | RefusedItem => {
  const read = itemSchema.safeParse(foreign);
  if (!read.success) return { item: '', because: 'it is no item of a JSON Feed' };
  const item = read.data;
  const url = absolute(item.url, feed.home_page_url ?? document.url);
  const title = lineOfHtml(item.title ?? '');
  if (title === '') return { item: (url ?? item.id ?? '').slice(0, 200), because: 'it has no title' };
  const html = item.content_html ?? htmlOfText(item.content_text ?? '');
  const base = url ?? document.url;
  const image = absolute(item.image ?? item.banner_image, base);
  return {
    guid: item.id ?? null,
    url,
    title,
    summary: html === '' ? null : summaryOf(item.summary),
    html: html || htmlOfText(item.summary ?? ''),
    base,
    publishedAt: dateIn(item.date_published, document),
    modifiedAt: dateIn(item.date_modified, document),
    authors: namesIn(item) ?? namesIn(feed) ?? [],
    categories: item.tags.map(lineOfHtml).filter(Boolean),
    image: image === null ? null : { url: image, alt: '' },
    language: null,
    story: null,
    rights: null,
  };
};

/** `author` is what version 1.0 had for `authors`. */
const namesIn = ({ authors, author }: Pick<Feed, 'authors' | 'author'>): string[] | undefined => {
  const people = authors ?? (author ? [author] : undefined);
  return people?.map(({ name }) => lineOfHtml(name ?? '')).filter(Boolean);
};
