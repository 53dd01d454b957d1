import { readFileSync } from 'node:fs';
import { plainOf } from '../../functions/border/text.ts';
import { articleOfPage, type Exported } from '../../functions/ingest/page/exportedPage.ts';
import { submissionOf } from '../../functions/ingest/submission.ts';
import type { Content } from '../../functions/wire/article.ts';
import { aNewsroom } from './aNewsroom.ts';

export const context = { newsroom: aNewsroom(), siteUrl: 'https://news.example', now: '2026-05-04T08:00:00.000Z' };

export const pageNamed = (name: string): string => readFileSync(new URL(`pages/${name}`, import.meta.url), 'utf8');

export const markdown = (text: string, language?: string): Exported => ({ text, type: 'text/markdown', language });

/** All the way to what the wire is handed. */
export const contentOf = (page: Exported): Content => submissionOf(articleOfPage(page, context), context).content;

/** The paragraphs and headings of an HTML text, as `p: …`. */
export const outline = (html: string): string[] =>
  [...html.matchAll(/<(p|h\d|li|td|th|figcaption)>(.*?)<\/\1>/g)].map(
    ([, tag, inner = '']) => `${tag}: ${plainOf(inner)}`,
  );
