import * as z from 'zod';
import { choose, correctionsFor } from '../composing/choice.ts';
import { layOut } from '../composing/layout.ts';
import type { Pieces } from '../composing/pieces.ts';
import type { Curation } from '../ledger/curation.ts';

const inOneLanguage = z.object({
  /** The newsletter's name; `null` where an earlier release kept it. */
  label: z.string().nullable().default(null),
  /** `''` where it had no news, and no editor named it. */
  subject: z.string(),
  /** As an editor wrote it. */
  intro: z.string().nullable(),
  /** Ids, in the order of a mail: first what whoever chose every topic got, then what his mail had no room for. */
  articles: z.array(z.string()).readonly(),
  /** Ids of what was put right, those that a mail had no room for too; an earlier release kept none. */
  corrections: z.array(z.string()).readonly().optional(),
});

/**
 * An edition as everybody may read it: what its mails were made of, in each language in which it had news. Where an editor
 * wrote something in a language without any, it is there with no articles: whoever reads others too has a mail in it.
 */
export const issueSchema = z.object({ edition: z.string(), languages: z.record(z.string(), inOneLanguage) });

export type Issue = Readonly<z.infer<typeof issueSchema>>;

/** Nobody looks through more, and `/{lang}` has the rest. */
const MOST_ARTICLES = 100;

/** Worked out with the very layout of the mails, for a reader of one language who chose every topic. */
export const issueOf = (
  pieces: Pieces,
  { after, curation }: { readonly after: number; readonly curation: Curation },
): Issue => {
  const languages: Record<string, Issue['languages'][string]> = {};
  for (const [language, shell] of pieces.shells) {
    const wants = { languages: [language], topics: [], after };
    const mail = layOut(pieces, wants);
    const hasNews = mail !== undefined && mail.articles.length > 0;
    const all = hasNews ? [...mail.articles, ...choose(pieces.articles, wants, pieces).map(({ id }) => id)] : [];
    const intro = curation.intro[language] ?? null;
    if (!hasNews && intro === null && shell.subject === null) continue;
    languages[language] = {
      label: shell.label,
      subject: hasNews ? mail.subject : (shell.subject ?? ''),
      intro,
      articles: [...new Set(all)].slice(0, MOST_ARTICLES),
      corrections: correctionsFor(pieces.corrections, pieces.articles, wants, pieces).map(({ id }) => id),
    };
  }
  return { edition: pieces.edition, languages };
};

/** What it told in this language; `undefined` where that was nothing. */
export const newsIn = (issue: Issue | undefined, language: string): Issue['languages'][string] | undefined => {
  const here = issue?.languages[language];
  return here && here.articles.length > 0 ? here : undefined;
};

/** By language in which it had news. */
export const subjectsOf = (issue: Issue): Record<string, string> =>
  Object.fromEntries(
    Object.keys(issue.languages).flatMap((language) => {
      const news = newsIn(issue, language);
      return news ? [[language, news.subject]] : [];
    }),
  );
