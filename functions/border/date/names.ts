/** Small letters without accents, points and apostrophes of their own, so that `Août`, `août` and `AOUT` are one. */
export const folded = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[’']/g, ' ');

/** Which month (from 1) a word names, in the first of these languages that knows it. */
export const monthNamed = (word: string, languages: readonly string[]): number | undefined =>
  firstKnown(word, languages, (language) => namesOf(language).months);

/** Which weekday (0 is Sunday) a word names. */
export const weekdayNamed = (word: string, languages: readonly string[]): number | undefined =>
  firstKnown(word, languages, (language) => namesOf(language).weekdays);

const firstKnown = (
  word: string,
  languages: readonly string[],
  names: (language: string) => ReadonlyMap<string, number>,
): number | undefined => {
  for (const language of languages) {
    const found = names(language).get(word);
    if (found !== undefined) return found;
  }
  return undefined;
};

interface Names {
  readonly months: ReadonlyMap<string, number>;
  readonly weekdays: ReadonlyMap<string, number>;
}

const known = new Map<string, Names>();

/** The names as the platform's own formatter writes them (CLDR), so that every date it writes can be read back. */
const namesOf = (language: string): Names => {
  const found = known.get(language);
  if (found) return found;
  const names = { months: monthsOf(language), weekdays: weekdaysOf(language) };
  known.set(language, names);
  return names;
};

const monthsOf = (language: string): Map<string, number> => {
  const months = new Map<string, number>();
  for (const width of ['long', 'short'] as const) {
    // Beside a day some languages write the month in another form (de juliol, 8 lipca) than alone (juliol, lipiec).
    for (const beside of [{ day: 'numeric' }, {}] as const) {
      const format = new Intl.DateTimeFormat(language, { ...beside, month: width, timeZone: 'UTC' });
      for (let month = 1; month <= 12; month++) {
        add(months, partOf(format, 'month', Date.UTC(2023, month - 1, 3)), month);
      }
    }
  }
  return months;
};

const weekdaysOf = (language: string): Map<string, number> => {
  const weekdays = new Map<string, number>();
  for (const width of ['long', 'short'] as const) {
    const format = new Intl.DateTimeFormat(language, { weekday: width, timeZone: 'UTC' });
    // 1 January 2023 was a Sunday.
    for (let day = 0; day < 7; day++) add(weekdays, partOf(format, 'weekday', Date.UTC(2023, 0, 1 + day)), day);
  }
  return weekdays;
};

const partOf = (format: Intl.DateTimeFormat, type: string, ms: number): string =>
  format.formatToParts(ms).find((part) => part.type === type)?.value ?? '';

/** The last word of a name counts: Catalan's `d’abril` is April. */
const add = (names: Map<string, number>, name: string, value: number): void => {
  const word = folded(name)
    .match(/[\p{L}-]+/gu)
    ?.at(-1);
  if (word !== undefined && !names.has(word)) names.set(word, value);
};
