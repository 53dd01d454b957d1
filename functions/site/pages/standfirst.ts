import { plainOf, wordsOf } from '../../border/text.ts';

/**
 * What stands between the headline and the text. Many newsrooms take the lead for their summary and leave it in the
 * text as well (exported pages always do); then the text begins with these words, and they are not shown twice. A
 * summary that was cut off there (“…”) says nothing new either.
 */
export const standfirstOf = ({ summary, html }: { summary: string | null; html: string }): string | null => {
  if (summary === null) return null;
  const said = wordsOf(folded(summary));
  const text = wordsOf(folded(plainOf(html.slice(0, MOST_READ))));
  return said.length > 0 && said.every((word, i) => text[i] === word) ? null : summary;
};

/** A summary has 2,000 characters at most; the text may have as much markup beside it. */
const MOST_READ = 10_000;

const folded = (text: string): string => text.normalize('NFC').toLowerCase().replaceAll('’', "'");
