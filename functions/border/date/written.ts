import type { Day, Time } from './day.ts';
import { monthNamed } from './names.ts';

/** What a date may mean, the reading with the day first before the other, and what stands after it. */
interface Written {
  readonly days: readonly Day[];
  readonly rest: string;
}

/** Recognises a date at the start of a folded line; the days need not exist. */
export const writtenDate = (line: string, languages: readonly string[]): Written | undefined =>
  inNumbers(line) ?? yearFirst(line) ?? dayMonth(line, languages) ?? monthDay(line, languages);

const NUMBERS = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?!\d)/;

const inNumbers = (line: string): Written | undefined => {
  const found = NUMBERS.exec(line);
  if (!found) return undefined;
  const [one, other, year] = [Number(found[1]), Number(found[3]), Number(found[4])];
  const days = [
    { year, month: other, day: one },
    { year, month: one, day: other },
  ];
  return { days: one === other ? days.slice(0, 1) : days, rest: line.slice(found[0].length) };
};

const YEAR_FIRST = /^(\d{4})([/.])(\d{1,2})\2(\d{1,2})(?!\d)/;

const yearFirst = (line: string): Written | undefined => {
  const found = YEAR_FIRST.exec(line);
  if (!found) return undefined;
  const day = { year: Number(found[1]), month: Number(found[3]), day: Number(found[4]) };
  return { days: [day], rest: line.slice(found[0].length) };
};

const DAY_MONTH =
  /^(?:le |el |the )?(\d{1,2})(?:er|st|nd|rd|th|[ºª.])? (?:de |d |of )?(\p{L}+)[.,]? (?:de |del )?(\d{4})(?!\d)/u;

const dayMonth = (line: string, languages: readonly string[]): Written | undefined => {
  const found = DAY_MONTH.exec(line);
  const month = monthNamed(found?.[2] ?? '', languages);
  if (!found || month === undefined) return undefined;
  return { days: [{ year: Number(found[3]), month, day: Number(found[1]) }], rest: line.slice(found[0].length) };
};

const MONTH_DAY = /^(\p{L}+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})(?!\d)/u;

const monthDay = (line: string, languages: readonly string[]): Written | undefined => {
  const found = MONTH_DAY.exec(line);
  const month = monthNamed(found?.[1] ?? '', languages);
  if (!found || month === undefined) return undefined;
  return { days: [{ year: Number(found[3]), month, day: Number(found[2]) }], rest: line.slice(found[0].length) };
};

const TIME = /^(?:[ ,·|–-]*(?:at|a|as|a las|a la|a les|um)? ?(\d{1,2}) ?[:h] ?(\d\d)(?: ?h)? ?([ap]\.? ?m\.?)?)?$/;

/** The time after a date: `null` where nothing follows, `undefined` where something else does. */
export const timeAfter = (rest: string): Time | null | undefined => {
  const found = TIME.exec(rest);
  if (!found) return undefined;
  const [, hour, minute, half] = found;
  if (hour === undefined) return null;
  const counted = half === undefined ? Number(hour) : (Number(hour) % 12) + (half.startsWith('p') ? 12 : 0);
  return { hour: counted, minute: Number(minute), ms: 0 };
};
