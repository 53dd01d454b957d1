import { filesOfZip } from '../../border/zip.ts';
import type { Newsroom } from '../../shared/config.ts';
import { InvalidInput, unreachable } from '../../shared/errors.ts';
import type { Instant } from '../../shared/time.ts';
import type { Outcome, Publisher } from '../../wire/ports.ts';
import { shownDraftReceipt, shownReceipt } from '../shown.ts';
import { MOST_FILE_BYTES, submissionOfFile } from './readFile.ts';

export interface Taking {
  readonly publisher: Publisher;
  readonly newsroom: Newsroom;
  readonly siteUrl: string;
  readonly now: () => Instant;
}

/** What became of a file, as it is written down beside it. */
export interface FileReport {
  /** Its path in the inbox. */
  readonly file: string;
  readonly at: Instant;
  /** `partly`: some files of a zip were refused. */
  readonly is: 'taken' | 'partly' | 'refused';
  /** One for each file of a zip. */
  readonly articles: readonly ArticleReport[];
  /** Why a zip as a whole was refused, or where it broke off. */
  readonly because?: string;
}

export type ArticleReport =
  | { readonly file: string; readonly is: 'new' | 'revised' | 'unchanged' | 'draft'; readonly [about: string]: unknown }
  | { readonly file: string; readonly is: 'refused'; readonly because: string; readonly field?: string };

/** More is a matter for an import, which shows how far it is. */
const MOST_IN_ZIP = { files: 500, fileBytes: MOST_FILE_BYTES, bytes: 50_000_000 };

/** Puts what is in a file on the wire. The same file again is unchanged: it may be taken as often as it must be. */
export const takeFile = async (taking: Taking, path: string, bytes: Uint8Array): Promise<FileReport> => {
  const about = { file: path, at: taking.now() };
  if (!/\.zip$/i.test(path)) {
    const article = await takeArticle(taking, path, bytes);
    return { ...about, is: article.is === 'refused' ? 'refused' : 'taken', articles: [article] };
  }
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/') + 1) : '';
  const articles: ArticleReport[] = [];
  let because: string | undefined;
  try {
    for await (const { name, read } of filesOfZip(bytes, MOST_IN_ZIP))
      articles.push(await takeArticle(taking, folder + name, await read()));
  } catch (error) {
    // A zip that breaks off in the middle: what came before it is taken, and its report says where it ended.
    if (!(error instanceof InvalidInput)) throw error;
    because = error.message;
  }
  if (articles.length === 0) because ??= 'The zip is empty.';
  return { ...about, is: stateOf(articles, because), articles, ...(because !== undefined && { because }) };
};

const stateOf = (articles: readonly ArticleReport[], because: string | undefined): FileReport['is'] => {
  if (articles.every(({ is }) => is === 'refused')) return 'refused';
  return because !== undefined || articles.some(({ is }) => is === 'refused') ? 'partly' : 'taken';
};

const takeArticle = async (taking: Taking, file: string, bytes: Uint8Array | undefined): Promise<ArticleReport> => {
  try {
    const submission = submissionOfFile(file, bytes, { ...taking, now: taking.now() });
    return reported(file, await taking.publisher.submit(submission), taking.siteUrl);
  } catch (error) {
    // One bad file costs that file; trouble of ours stops, and everything is taken again.
    if (!(error instanceof InvalidInput)) throw error;
    return { file, is: 'refused', because: error.message, ...(error.field !== undefined && { field: error.field }) };
  }
};

const reported = (file: string, outcome: Outcome, siteUrl: string): ArticleReport => {
  switch (outcome.is) {
    case 'new':
    case 'revised':
    case 'unchanged':
      return { file, is: outcome.is, ...shownReceipt(outcome.current, siteUrl) };
    case 'drafted':
    case 'unchanged-draft':
      return { file, is: 'draft', ...shownDraftReceipt(outcome.draft) };
    case 'older':
      return { file, is: 'refused', because: 'A newer version of this article came in at the same moment.' };
    case 'retracted':
      return { file, is: 'refused', because: 'This article was retracted, and stays away.' };
    case 'public':
      return {
        file,
        is: 'refused',
        because: 'This article is public already, and cannot be made a draft.',
        field: 'draft',
      };
    default:
      return unreachable(outcome);
  }
};
