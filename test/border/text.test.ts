import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hasText } from '../../functions/border/characters.ts';
import { cleanText, plainOf, wordsOf } from '../../functions/border/text.ts';

describe('clean text', () => {
  test.each([
    ['white space', '  a\t\n b\u2028c ', 'a b c'],
    ['control characters', 'a\u0000b\u0007c\u009fd\u007f', 'abcd'],
    ['overrides and isolates of direction', 'a\u202eb\u2066c\u2069', 'abc'],
    ['marks of byte order', '\ufeffa\ufffe', 'a'],
    ['half characters', 'a\ud83cb', 'a\ufffdb'],
    ['accents that were typed alone', 'e\u0301', 'é'],
    ['accents behind a removed character', 'e\u0000\u0301', 'é'],
  ])('%s', (_, text, expected) => {
    expect(cleanText(text)).toBe(expected);
  });

  test.each(['« a »', 'مرحبا\u200f!', 'naïve', '👩‍👩‍👧', 'a\u00adb', '𝒜'])('%s stays as it is', (text) => {
    expect(cleanText(text)).toBe(text);
  });

  test('is clean already when it comes again, and fit for XML', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const clean = cleanText(text);
        expect(cleanText(clean)).toBe(clean);
        expect(clean.isWellFormed()).toBe(true);
        expect(clean).toBe(clean.normalize('NFC'));
        expect(clean).not.toMatch(/[\p{Cc}\ufeff\ufffe\uffff]/u);
      }),
      { numRuns: 1000 },
    );
  });

  test('of white space and joiners nothing can be seen', () => {
    expect([' ', '\u200b\u2060', '\u00a0', '\u200e', ''].map(hasText)).toEqual([false, false, false, false, false]);
    expect(['a', '.', '🌊', '東'].map(hasText)).toEqual([true, true, true, true]);
  });
});

describe('what an HTML text says', () => {
  test.each([
    ['paragraphs', '<p>a</p><p>b</p>', 'a\n\nb'],
    ['line breaks, items and rows', 'a<br>b<ul><li>c</li><li>d</li></ul>', 'a\nb\n\nc\nd'],
    ['a list within a list', '<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>', 'a\n\nb\n\nc'],
    ['rows', '<table><tr><td>a</td></tr><tr><td>b</td></tr></table><p>c</p>', 'a\nb\n\nc'],
    ['entities', '<p>5 &lt; 7 &amp;amp; 8 &eacute;</p>', '5 < 7 &amp; 8 é'],
    ['nothing of scripts, styles and comments', '<style>x</style>a<script>b</script><!-- c -->', 'a'],
    ['cells are kept apart', '<table><tr><td>a</td><td>b</td></tr></table>', 'a b'],
  ])('%s', (_, html, expected) => {
    expect(plainOf(html)).toBe(expected);
  });

  test('words are letters and digits, with what joins them', () => {
    expect(wordsOf("L’eau – it's 42 night-ferries, «año»!")).toEqual(['L’eau', "it's", '42', 'night-ferries', 'año']);
  });
});
