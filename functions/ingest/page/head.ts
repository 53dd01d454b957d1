import { readDate } from '../../border/date.ts';
import type { Block } from '../../border/html.ts';
import { plainOf, wordsOf } from '../../border/text.ts';

/** What stands above the text of an exported page, taken apart. */
export interface Head {
  readonly title: string | null;
  readonly section: string | null;
  /** Names of topics that this newsroom knows. */
  readonly topics: readonly string[];
  /** The date as it is written. */
  readonly date: string | null;
  /** Where the text begins. */
  readonly rest: readonly Block[];
}

interface Reading {
  readonly language: string;
  readonly isTopic: (name: string) => boolean;
  /** The newsroom's own name, which a masthead repeats. */
  readonly newsroomName: string;
}

/** Nobody puts more above a text; a date further down belongs to the text. */
const MOST_HEAD_BLOCKS = 15;
const MOST_LINE = 200;

/**
 * Above the text of a newsroom's page stand, in some order: the masthead, the section, a kicker that names the topic,
 * the headline and the date. The date line tells where the head ends; without one, the headline does.
 */
export const readHead = (blocks: readonly Block[], reading: Reading): Head => {
  const lines = blocks.slice(0, MOST_HEAD_BLOCKS).map((block) => ({ block, text: lineOf(block) }));
  const dateAt = lines.findIndex(({ text }) => text !== '' && isDate(text, reading.language));
  const above = dateAt < 0 ? lines.slice(0, headlineWithoutDate(blocks) + 1) : lines.slice(0, dateAt);
  const headlineAt = headlineOf(above, reading);
  const below = blocks.slice(dateAt < 0 ? above.length : dateAt + 1);
  const date = lines[dateAt]?.text ?? null;
  const others = above
    .filter((_, i) => i !== headlineAt)
    .map(({ text }) => text)
    .filter((text) => text !== '');
  const kickers = others.filter(reading.isTopic);
  const section = sectionOf(
    others.filter((text) => !reading.isTopic(text)),
    reading,
  );
  const title = above[headlineAt]?.text;
  if (title !== undefined) return { title, section, topics: kickers, date, rest: below };
  // Some pages put the date above the headline.
  const [first, ...rest] = below;
  const isHeadline = first !== undefined && isHeading(first);
  return { title: isHeadline ? lineOf(first) : null, section, topics: kickers, date, rest: isHeadline ? rest : below };
};

interface Line {
  readonly block: Block;
  readonly text: string;
}

export const isHeading = ({ tag }: Block): boolean => /^h[1-6]$/.test(tag);

const lineOf = (block: Block): string => plainOf(block.inner).replace(/\s+/g, ' ').trim();

const isDate = (text: string, language: string): boolean =>
  text.length <= 60 && /\d/.test(text) && readDate(text, language).is !== 'none';

/** The last heading before the first paragraph of real text; where there is none, nothing is above the text. */
const headlineWithoutDate = (blocks: readonly Block[]): number => {
  const text = blocks.findIndex((block) => !isHeading(block) && wordsOf(lineOf(block)).length > 12);
  const above = blocks.slice(0, Math.min(text < 0 ? blocks.length : text, MOST_HEAD_BLOCKS));
  const first = above.findIndex(({ tag }) => tag === 'h1');
  return first >= 0 ? first : above.findLastIndex(isHeading);
};

/** The last `h1`, else the last heading, that is not a topic's or the newsroom's name; else the line above the date. */
const headlineOf = (above: readonly Line[], { isTopic, newsroomName }: Reading): number => {
  const canBe = ({ text }: Line): boolean =>
    text !== '' && text.length <= MOST_LINE * 2 && !isTopic(text) && !sameName(text, newsroomName);
  const headings = above.map((line) => canBe(line) && isHeading(line.block));
  const first = above.findLastIndex((line, i) => headings[i] && line.block.tag === 'h1');
  if (first >= 0 && wordsOf(above[first]?.text ?? '').length > 1) return first;
  const last = headings.lastIndexOf(true);
  return last >= 0 ? last : above.findLastIndex(canBe);
};

/** A masthead comes first and repeats a name; the section stands behind it. */
const sectionOf = (others: readonly string[], { newsroomName }: Reading): string | null => {
  const named = others.filter((text) => !sameName(text, newsroomName));
  const last = named.length > 1 ? named.at(-1) : named[0];
  return last === undefined || wordsOf(last).length === 0 || wordsOf(last).length > 6 ? null : unshouted(last);
};

const letters = (text: string): string => wordsOf(text).join(' ').toLowerCase();

const sameName = (text: string, name: string): boolean => letters(text) === letters(name);

/** “NEWS” is only how the page sets it. */
const unshouted = (text: string): string =>
  text === text.toUpperCase() && text !== text.toLowerCase() ? text.charAt(0) + text.slice(1).toLowerCase() : text;
