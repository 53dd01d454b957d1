import fc from 'fast-check';
import type { Article } from '../../functions/wire/article.ts';

const NASTY = [
  ']]>',
  '<![CDATA[',
  '--',
  '<!--',
  '&amp;',
  '&',
  '<',
  '>',
  '"',
  "'",
  '{{',
  '}}',
  '{% raw %}',
  '</item>',
  '</title>',
  '<script>alert(1)</script>',
  '&#x0;',
  '\u0000',
  '\u0007',
  '\u000b',
  '\u001b[31m',
  '\u0085',
  '\u200f',
  '\u202e',
  '\u2028',
  '\ufffe',
  '\uffff',
  '\ud800',
  '\udc00',
  '\ufeff',
  '😀',
  'שלום',
  'مرحبا',
  '\r\n',
  '\r',
  '\t',
  '<?xml version="1.0"?>',
  '<!DOCTYPE x [<!ENTITY y "z">]>',
  '%',
  'é',
  'é',
];

const nastyText = fc
  .array(fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: 'binary', maxLength: 8 })), { maxLength: 12 })
  .map((parts) => parts.join(''));

const nastyAddress = fc.oneof(
  nastyText,
  nastyText.map((text) => `https://elsewhere.example/${text}`),
);

const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });

/** Articles as nobody should ever send them. */
export const hostile: fc.Arbitrary<Partial<Article>> = fc.record({
  title: fc.oneof(
    nastyText,
    nastyText.map((text) => `${text}${'x'.repeat(100_000)}`),
  ),
  summary: orNull(nastyText),
  html: nastyText,
  authors: fc.array(fc.record({ name: nastyText, email: nastyText }), { maxLength: 3 }),
  url: orNull(nastyAddress),
  rights: orNull(nastyText),
  topics: fc.constantFrom([], ['mobility'], ['no-topic-of-ours']),
  image: orNull(
    fc.record({
      ...{ url: nastyAddress, alt: nastyText, credit: nastyText },
      ...{ type: fc.constant('image/png'), bytes: fc.constant(1) },
    }),
  ),
});
