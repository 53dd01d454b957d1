import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dayText, momentOf, readDate } from '../../functions/border/date.ts';

const BRUSSELS = 'Europe/Brussels';

/** The reading in short: a day, a day and time, a moment, or why not. */
const read = (text: string, language = 'en'): string => {
  const reading = readDate(text, language);
  switch (reading.is) {
    case 'moment':
      return reading.at;
    case 'day':
      return dayText(reading.day) + (reading.time ? ` ${reading.time.hour}:${reading.time.minute}` : '');
    case 'refused':
      return `refused: ${reading.because}`;
    case 'none':
      return 'none';
  }
};

describe('a date in words', () => {
  const days = fc.date({ min: new Date('1900-01-01'), max: new Date('2199-12-31'), noInvalidDate: true });
  const languages = ['en', 'en-GB', 'fr', 'es', 'ca'] as const;

  test.each(languages)('every one that the platform writes in %s is read back', (language) => {
    const styles = (['full', 'long', 'medium'] as const).map(
      (dateStyle) => new Intl.DateTimeFormat(language, { dateStyle, timeZone: 'UTC' }),
    );
    fc.assert(
      fc.property(days, fc.constantFrom(...styles), (date, style) => {
        expect(read(style.format(date), language)).toBe(date.toISOString().slice(0, 10));
      }),
      { numRuns: 200 },
    );
  });

  test.each(languages)('with numbers and its weekday, too, in %s; in English unless it fits two days', (language) => {
    const style = new Intl.DateTimeFormat(language, {
      ...{ weekday: 'long', day: '2-digit', month: '2-digit', year: 'numeric', timeZone: 'UTC' },
    });
    fc.assert(
      fc.property(days, (date) => {
        const day = date.toISOString().slice(0, 10);
        const swapped = new Date(`${day.slice(0, 4)}-${day.slice(8)}-${day.slice(5, 7)}`);
        const fitsTwo = swapped.getTime() !== Date.parse(day) && swapped.getUTCDay() === date.getUTCDay();
        const reading = read(style.format(date), language);
        if (fitsTwo && language.startsWith('en')) expect(reading).toMatch(/^refused: it may mean /);
        else expect(reading).toBe(day);
      }),
      { numRuns: 200 },
    );
  });

  test.each([
    ['8 July 2019', '2019-07-08'],
    ['July 8th, 2019', '2019-07-08'],
    ['the 8th of July 2019', '2019-07-08'],
    ['LUNDI 8 JUILLET 2019', '2019-07-08'],
    ['le 1er août 2019', '2019-08-01'],
    ['8 de juliol de 2019', '2019-07-08'],
    ['martes, 3 de marzo de 2026', '2026-03-03'],
    ['Published on 5 March 2025', '2025-03-05'],
    ['Publié le 5 mars 2025 à 14h30', '2025-03-05 14:30'],
    ['5 March 2025, 2.30 pm', 'none'],
    ['5 March 2025, 2:30 pm', '2025-03-05 14:30'],
    ['5 March 2025 at 12:05 am', '2025-03-05 0:5'],
    ['Sept 5, 2025', '2025-09-05'],
    ['31 April 2025', 'refused: the calendar has no such day'],
    ['29 February 2023', 'refused: the calendar has no such day'],
    ['Monday 9 July 2019', 'refused: the weekday does not fit the date'],
    ['soon', 'none'],
    ['Room 5, March 2025', 'none'],
    ['', 'none'],
    ['5 March', 'none'],
    ['5 March 2025 was a cold day', 'none'],
    ['5 March 20256', 'none'],
  ])('“%s”', (text, expected) => {
    expect(read(text)).toBe(expected);
  });
});

describe('a date in numbers', () => {
  test.each([
    ['Monday 08/07/2019', 'en', '2019-07-08'],
    ['Wednesday 08/07/2019', 'en', '2019-08-07'],
    ['25/12/2026', 'en', '2026-12-25'],
    ['12/25/2026', 'en', '2026-12-25'],
    ['12/25/2026', 'fr', '2026-12-25'],
    ['07/07/2019', 'en', '2019-07-07'],
    ['03/04/2026', 'fr', '2026-04-03'],
    ['3.4.2026', 'de', '2026-04-03'],
    ['2026/04/03', 'en', '2026-04-03'],
    ['30/02/2026', 'en', 'refused: the calendar has no such day'],
    ['Sunday 08/07/2019', 'en', 'refused: the weekday does not fit the date'],
    ['lundi 09/07/2019', 'fr', 'refused: the weekday does not fit the date'],
    ['08/07/19', 'en', 'none'],
    ['08/07-2019', 'en', 'none'],
  ])('“%s” in %s', (text, language, expected) => {
    expect(read(text, language)).toBe(expected);
  });

  test('that could be two is refused in English, naming both', () => {
    expect(read('03/04/2026')).toContain('2026-04-03 or 2026-03-04');
  });
});

describe('a date for programs', () => {
  test.each([
    ['2026-01-02T08:00:00Z', '2026-01-02T08:00:00.000Z'],
    ['2026-01-02t08:00:00.1239z', '2026-01-02T08:00:00.123Z'],
    ['2026-01-02 08:00:00+02:00', '2026-01-02T06:00:00.000Z'],
    ['2026-01-02T08:00-0530', '2026-01-02T13:30:00.000Z'],
    ['2026-01-02T08:00:00', '2026-01-02 8:0'],
    ['2026-01-02', '2026-01-02'],
    ['2026-02-30T08:00:00Z', 'refused: the calendar has no such day'],
    ['2026-02-30', 'refused: the calendar has no such day'],
    ['2026-01-02T24:00:00Z', 'refused: the clock has no such time'],
    ['2026-01-02T08:00:60Z', 'refused: the clock has no such time'],
    ['2026-01-02T08:00:00+24:00', 'refused: the clock has no such time'],
    ['10000-01-01T00:00:00Z', 'none'],
    ['2026-1-2', 'none'],
    ['1777881600', 'none'],
    ['0000-01-01', 'refused: the calendar has no such day'],
  ])('%s', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  test('every moment is read back', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1000-01-01'), max: new Date('9999-12-30'), noInvalidDate: true }),
        (date) => {
          expect(read(date.toISOString())).toBe(date.toISOString());
        },
      ),
      { numRuns: 500 },
    );
  });

  test('any text at all is a reading, and a long one none', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 120 }),
        fc.constantFrom('en', 'fr', 'pt-BR'),
        (text, language) => {
          expect(['moment', 'day', 'refused', 'none']).toContain(readDate(text, language).is);
        },
      ),
      { numRuns: 1000 },
    );
    expect(read(`5 March 2025${' '.repeat(100_000)}`)).toBe('none');
  });
});

describe('a day in a place', () => {
  const moment = (text: string, timeZone = BRUSSELS): string | undefined => momentOf(readDate(text, 'en'), timeZone);

  test.each([
    ['a day means its noon, in winter', '2026-01-02', BRUSSELS, '2026-01-02T11:00:00.000Z'],
    ['and in summer', '2026-07-02', BRUSSELS, '2026-07-02T10:00:00.000Z'],
    ['a time is the clock’s on the wall there', '5 March 2025, 14:30', 'America/New_York', '2025-03-05T19:30:00.000Z'],
    ['a time that spring skips is an hour later', '2026-03-29 02:30', BRUSSELS, '2026-03-29T01:30:00.000Z'],
    ['a time that autumn has twice is the first', '2026-10-25 02:30', BRUSSELS, '2026-10-25T00:30:00.000Z'],
    ['places of half hours', '2026-01-02', 'Asia/Kolkata', '2026-01-02T06:30:00.000Z'],
    [
      'a moment with an offset is the same everywhere',
      '2026-01-02T08:00:00Z',
      'Asia/Tokyo',
      '2026-01-02T08:00:00.000Z',
    ],
  ])('%s', (_, text, timeZone, expected) => {
    expect(moment(text, timeZone)).toBe(expected);
  });

  test('what is no date is no moment', () => {
    expect([moment('soon'), moment('2026-02-30')]).toEqual([undefined, undefined]);
  });
});
