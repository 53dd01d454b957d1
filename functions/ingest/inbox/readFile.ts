import * as z from 'zod';
import { textOfBytes } from '../../border/charset.ts';
import type { Newsroom } from '../../shared/config.ts';
import { InvalidInput } from '../../shared/errors.ts';
import { parseInput } from '../../shared/http/parse.ts';
import type { Submission } from '../../wire/ports.ts';
import { type ArticleInput, articleInput } from '../articleInput.ts';
import { articleOfPage } from '../page/exportedPage.ts';
import { submissionOf } from '../submission.ts';

interface Context {
  readonly newsroom: Newsroom;
  readonly siteUrl: string;
  readonly now: string;
}

/** As much as a request to the API may have. */
export const MOST_FILE_BYTES = 1024 * 1024;

/**
 * The article in a file: `.md` and `.html` as a page that a site exported, `.json` as the newsroom API takes it. A file
 * that says no name of its own for its article is known by its path, so that a changed file is a revision; a first
 * folder that is named as a language says the language of the pages in it. Throws `InvalidInput`.
 */
export const submissionOfFile = (path: string, bytes: Uint8Array | undefined, context: Context): Submission => {
  const submission = submissionOf(inputOfFile(path, bytes, context), context);
  return submission.externalId === null ? { ...submission, externalId: path, source: 'inbox' } : submission;
};

/** The article in a file as the newsroom API takes it. Throws `InvalidInput`. */
export const inputOfFile = (
  path: string,
  bytes: Uint8Array | undefined,
  context: Pick<Context, 'newsroom' | 'siteUrl'>,
): ArticleInput => {
  if (bytes === undefined || bytes.length > MOST_FILE_BYTES) throw new InvalidInput('The file is over 1 MB.');
  const type = typeOf(path);
  const text = textOfBytes(bytes);
  return type === 'application/json' ? jsonArticle(text) : pageArticle(path, type, text, context);
};

const typeOf = (path: string): 'text/markdown' | 'text/html' | 'application/json' => {
  const ending = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? '';
  if (ending === 'md' || ending === 'markdown') return 'text/markdown';
  if (ending === 'html' || ending === 'htm') return 'text/html';
  if (ending === 'json') return 'application/json';
  throw new InvalidInput('Only .md, .html, .json and .zip files are read here.');
};

const pageArticle = (
  path: string,
  type: 'text/markdown' | 'text/html',
  text: string,
  context: Pick<Context, 'newsroom' | 'siteUrl'>,
): ArticleInput => {
  const folder = path.includes('/') ? path.split('/')[0] : undefined;
  const language = context.newsroom.languages.find(({ id }) => id === folder)?.id;
  return articleOfPage({ text, type, language: undefined, otherwise: language }, context);
};

const jsonArticle = (text: string): ArticleInput => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    // Its message quotes the file.
    throw new InvalidInput('The file is not JSON.');
  }
  return parseInput(z.looseObject({}).pipe(articleInput), parsed, 'file');
};
