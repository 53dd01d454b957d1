import { collapsed, soundText } from './characters.ts';

export { plainOf } from './plain.ts';

/** One line of plain text as people read it: sound, white space collapsed and trimmed. */
export const cleanText = (text: string): string => collapsed(soundText(text)).trim();

/** The words of a plain text, as they stand: letters and digits, with the apostrophes and hyphens inside them. */
export const wordsOf = (text: string): string[] => text.match(/[\p{L}\p{M}\p{N}]+(?:['’-][\p{L}\p{M}\p{N}]+)*/gu) ?? [];
