import type { Block } from '../../border/html.ts';
import { plainOf, wordsOf } from '../../border/text.ts';

/** A block above an article's text, and what it says on one line. */
export interface Line {
  readonly block: Block;
  readonly text: string;
}

export const lineOf = (block: Block): Line => ({ block, text: plainOf(block.inner).replace(/\s+/g, ' ').trim() });

export const isHeading = ({ tag }: Block): boolean => /^h[1-6]$/.test(tag);

/** A sentence, or more words than a kicker or a section has: somebody wrote it to be read. */
export const isText = ({ block, text }: Line): boolean =>
  !isHeading(block) && (wordsOf(text).length > 12 || /[.!?…;:]["'”’»)\]]*$/.test(text));

const MOST_LINE = 400;

/**
 * Which of the lines is the headline, -1 if none: of the highest headings the last, since a masthead and a section
 * stand above it. `isName`: says whether a text only names a topic or the newsroom. A single word is rather a
 * masthead's or a section's than a headline, if there is another heading.
 */
export const headlineIn = (lines: readonly Line[], isName: (text: string) => boolean): number => {
  const canBe = ({ text }: Line): boolean => text !== '' && text.length <= MOST_LINE && !isName(text);
  for (const level of ['h1', 'h2', 'h3', 'h4', 'h5', 'h6']) {
    const last = lines.findLastIndex((line) => line.block.tag === level && canBe(line));
    if (wordsOf(lines[last]?.text ?? '').length > 1) return last;
  }
  return lines.findLastIndex((line) => isHeading(line.block) && canBe(line));
};
