import { readDate } from '../../border/date.ts';
import type { Block } from '../../border/html.ts';
import { wordsOf } from '../../border/text.ts';
import { headlineIn, isHeading, isText, type Line, lineOf } from './headline.ts';

/** What stands above the text of an exported page, taken apart. */
export interface Head {
  readonly title: string | null;
  readonly section: string | null;
  /** Names of topics that this newsroom knows. */
  readonly topics: readonly string[];
  /** The line behind the section, where a topic is named, names none that is known. */
  readonly hasUnknownTopic: boolean;
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

/**
 * Above the text of a newsroom's page stand, in some order: the masthead, the section, a kicker that names the topic,
 * the headline and the date. The date line tells where the head ends; without one, the headline does. What stands
 * above the headline belongs to the site; what stands below it and is none of these belongs to the text.
 */
export const readHead = (blocks: readonly Block[], reading: Reading): Head => {
  const lines = blocks.slice(0, MOST_HEAD_BLOCKS).map(lineOf);
  const dateAt = dateIn(lines, reading.language);
  const isName = (text: string): boolean => reading.isTopic(text) || sameName(text, reading.newsroomName);
  const above = dateAt < 0 ? untilText(lines) : lines.slice(0, dateAt);
  const headlineAt = headlineBeforeText(above, dateAt, isName);
  const end = dateAt < 0 ? headlineAt : dateAt;
  const below = blocks.slice(end + 1).map(lineOf);
  const date = lines[dateAt]?.text ?? null;
  if (headlineAt < 0) return headlineBelow(above, below, date, reading);
  const between = above.slice(headlineAt + 1, Math.max(end, headlineAt + 1));
  return {
    title: above[headlineAt]?.text ?? null,
    ...labelsOf([...above.slice(0, headlineAt), ...between.filter(({ text }) => isName(text))], reading),
    date,
    rest: [...between.filter(({ text }) => !isName(text)), ...below].map(({ block }) => block),
  };
};

/** With more than a standfirst before it, a date is part of the text; with one, a heading is: that of a chronicle. */
const dateIn = (lines: readonly Line[], language: string): number => {
  const at = lines.findIndex(({ text }) => isDate(text, language));
  const line = lines[at];
  if (!line) return -1;
  return lines.slice(0, at).filter(isText).length > (isHeading(line.block) ? 0 : 1) ? -1 : at;
};

const isDate = (text: string, language: string): boolean =>
  text.length <= 60 && /\d/.test(text) && readDate(text, language).is !== 'none';

const untilText = (lines: readonly Line[]): readonly Line[] => {
  const text = lines.findIndex(isText);
  return text < 0 ? lines : lines.slice(0, text);
};

/** Without a date, the headings behind an `h1` may be the text's own; with one, a line above it can be the headline. */
const headlineBeforeText = (above: readonly Line[], dateAt: number, isName: (text: string) => boolean): number => {
  const found = headlineIn(above, isName);
  if (found >= 0 || dateAt < 0) return found;
  return above.findLastIndex((line) => line.text !== '' && !isName(line.text) && !isText(line));
};

/** Some pages put the date above the headline; others have none at all. */
const headlineBelow = (above: readonly Line[], below: readonly Line[], date: string | null, reading: Reading): Head => {
  const [first, ...others] = below;
  const isHeadline = date !== null && first !== undefined && isHeading(first.block);
  const loose = date === null ? [] : above.filter(isText);
  const rest = [...loose, ...(isHeadline ? others : below)];
  return {
    title: isHeadline ? first.text : null,
    ...labelsOf(date === null ? [] : above, reading),
    date,
    rest: rest.map(({ block }) => block),
  };
};

/** A masthead comes first and repeats a name; the section stands behind it. */
const labelsOf = (lines: readonly Line[], { isTopic, newsroomName }: Reading) => {
  const texts = lines.map(({ text }) => text).filter((text) => text !== '');
  const named = texts.filter((text) => !isTopic(text) && !sameName(text, newsroomName));
  const last = named.length > 1 ? named.at(-1) : named[0];
  const words = wordsOf(last ?? '').length;
  const topics = texts.filter(isTopic);
  return {
    topics,
    hasUnknownTopic: topics.length === 0 && endsWithKicker(lines.filter(({ text }) => text !== '')),
    section: last === undefined || words === 0 || words > 6 ? null : unshouted(last),
  };
};

/** Behind a masthead and a section, or behind a section that is set as one, a plain line names the topic. */
const endsWithKicker = (lines: readonly Line[]): boolean => {
  const last = lines.at(-1);
  if (!last || isSetApart(last) || isText(last)) return false;
  const before = lines.slice(0, -1);
  return before.filter(isSetApart).length > 1 || before.some(isShouted);
};

const isSetApart = (line: Line): boolean => isHeading(line.block) || isShouted(line);

const isShouted = ({ block, text }: Line): boolean =>
  /^<strong>[^<]*<\/strong>$/.test(block.inner) || (text === text.toUpperCase() && text !== text.toLowerCase());

const letters = (text: string): string => wordsOf(text).join(' ').toLowerCase();

const sameName = (text: string, name: string): boolean => letters(text) === letters(name);

/** “NEWS” is only how the page sets it. */
const unshouted = (text: string): string =>
  text === text.toUpperCase() && text !== text.toLowerCase() ? text.charAt(0) + text.slice(1).toLowerCase() : text;
