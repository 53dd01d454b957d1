import { type Block, bytesOf, type Cut, cutBytes, type Shell } from './pieces.ts';

/** Nobody reads more in one mail. */
export const MOST_ARTICLES = 30;
/** There may be no end of them after a bad week; the newest are in the mail. */
export const MOST_CORRECTIONS = 10;
/** Gmail clips what is over 102 KB, and with it the link for leaving. */
export const MOST_BYTES = 90_000;
/** So much of that may be corrections: a mail is news first. */
export const MOST_CORRECTION_BYTES = 25_000;
/** Headers, and the frame of the two parts. */
const HEAD_BYTES = 3000;

/** What still fits into a mail. */
export interface Room {
  has(...blocks: readonly Block[]): boolean;
  /** Whether it fitted. */
  take(...blocks: readonly Block[]): boolean;
}

export const roomOf = (bytes: number): Room => {
  let left = bytes;
  const has = (...blocks: readonly Block[]): boolean => sumOf(blocks) <= left;
  return {
    has,
    take(...blocks) {
      const fits = has(...blocks);
      if (fits) left -= sumOf(blocks);
      return fits;
    },
  };
};

/** Beside what is in every mail, and the ways to what has no room. */
export const roomBeside = (shell: Shell): Room => {
  const cuts = [shell, shell.more.at(-1) ?? NOTHING_CUT, shell.moreCorrections.at(-1) ?? NOTHING_CUT];
  const everywhere = cuts.reduce((sum, cut) => sum + cutBytes(cut), 0);
  return roomOf(MOST_BYTES - HEAD_BYTES - everywhere - sumOf([shell.intro ?? NOTHING, shell.corrections]));
};

const sumOf = (blocks: readonly Block[]): number => blocks.reduce((sum, block) => sum + bytesOf(block), 0);

export const NOTHING: Block = { html: Buffer.alloc(0), text: Buffer.alloc(0) };
const NOTHING_CUT: Cut = { html: [], text: [] };
