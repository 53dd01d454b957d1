import type { Block } from '../../border/html.ts';
import { plainOf } from '../../border/text.ts';
import { isHeading } from './headline.ts';

/**
 * Joins what an export broke: a paragraph that stops within a sentence, and goes on in the block behind it, which may
 * have been made a heading. A heading never begins with a small letter otherwise.
 */
export const mended = (blocks: readonly Block[]): Block[] => {
  const out: Block[] = [];
  for (const block of blocks) {
    const last = out.at(-1);
    if (last && goesOn(last, block)) out[out.length - 1] = { ...last, inner: `${last.inner} ${block.inner}` };
    else out.push(block);
  }
  return out;
};

const goesOn = (before: Block, block: Block): boolean =>
  before.tag === 'p' &&
  (isHeading(block) || block.tag === 'p') &&
  endsWithinSentence(plainOf(before.inner)) &&
  /^\p{Ll}/u.test(plainOf(block.inner));

const endsWithinSentence = (text: string): boolean => /[\p{L}\p{N},–-]$/u.test(text.trimEnd());

const MOST_LEAD = 600;

/** The first paragraph says what the article is about, if more comes behind it and it is no longer than a lead is. */
export const leadOf = (blocks: readonly Block[]): string | null => {
  const [first, ...rest] = blocks;
  if (first?.tag !== 'p' || !rest.some(({ tag }) => tag === 'p')) return null;
  const text = plainOf(first.inner).replace(/\s+/g, ' ');
  return text.length > 0 && text.length <= MOST_LEAD ? text : null;
};
