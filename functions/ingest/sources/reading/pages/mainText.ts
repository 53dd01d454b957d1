import { Readability } from '@mozilla/readability';
import { parseHTML } from 'linkedom';
import { blocksOfPage, htmlOf } from '../../../../border/html.ts';
import { plainOf, wordsOf } from '../../../../border/text.ts';

/** Fewer words than that are no text. */
const LEAST_WORDS = 30;
const MOST_ELEMENTS = 50_000;

/**
 * The text of a page, without the site around it: as Firefox's reader view finds it; where that finds nothing, the
 * page's one `article` or `main`. Foreign HTML still.
 */
export const mainTextOf = (html: string): string => {
  const read = readable(html);
  if (wordsOf(plainOf(read)).length >= LEAST_WORDS) return read;
  const marked = blocksOfPage(html, 'https://page.invalid/')
    .filter(({ tag }) => tag !== 'h1')
    .map(htmlOf)
    .join('');
  return wordsOf(plainOf(marked)).length > wordsOf(plainOf(read)).length ? marked : read;
};

const readable = (html: string): string => {
  try {
    const { document } = parseHTML(html);
    return new Readability(document, { maxElemsToParse: MOST_ELEMENTS }).parse()?.content ?? '';
  } catch {
    // It gives up on pages that are too large or no pages at all; the markup is looked at instead.
    return '';
  }
};
