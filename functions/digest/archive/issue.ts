import * as z from 'zod';
import { choose, correctionsFor } from '../composing/choice.ts';
import { layOut } from '../composing/layout.ts';
import type { Pieces } from '../composing/pieces.ts';
import type { Curation } from '../ledger/curation.ts';

const inOneLanguage = z.object({
  subject: z.string(),
  /** As an editor wrote it. */
  intro: z.string().nullable(),
  /** Ids, in the order of a mail: first what whoever chose every topic got, then what his mail had no room for. */
  articles: z.array(z.string()).readonly(),
  /** Ids of what was put right, those that a mail had no room for too; an earlier release kept none. */
  corrections: z.array(z.string()).readonly().optional(),
});

/** An edition as everybody may read it: what its mails were made of, in each language in which it had news. */
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
  for (const language of pieces.shells.keys()) {
    const wants = { languages: [language], topics: [], after };
    const mail = layOut(pieces, wants);
    if (!mail || mail.articles.length === 0) continue;
    const all = [...mail.articles, ...choose(pieces.articles, wants, pieces).map(({ id }) => id)];
    languages[language] = {
      subject: mail.subject,
      intro: curation.intro[language] ?? null,
      articles: [...new Set(all)].slice(0, MOST_ARTICLES),
      corrections: correctionsFor(pieces.corrections, pieces.articles, wants, pieces).map(({ id }) => id),
    };
  }
  return { edition: pieces.edition, languages };
};
