import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../functions/border/address.ts';
import {
  cleanHeaderText,
  headerValue,
  isMailable,
  mailbox,
  phrase,
  webAddresses,
} from '../../functions/mail/header.ts';
import { mimeOf } from '../../functions/mail/mime.ts';
import { aMail, linesOf } from './aMail.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.string({ unit: 'grapheme', maxLength: 250 }),
  fc.string({
    unit: fc.constantFrom(
      '\r',
      '\n',
      '\u2028',
      '\u202e',
      ' ',
      ':',
      'é',
      '=?',
      '?=',
      '"',
      '\\',
      '<',
      ',',
      '\ud800',
      '城',
    ),
    maxLength: 90,
  }),
);

const encodedWord = /^=\?UTF-8\?(?:Q\?[A-Za-z0-9!*+/_=-]*|B\?[A-Za-z0-9+/]*={0,2})\?=$/;

describe('a header value', () => {
  it('is read back as the text, cleaned', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        const read = await simpleParser(mimeOf(aMail({ subject: text })));
        expect(read.subject ?? '').toBe(cleanHeaderText(text));
      }),
      { numRuns: 500 },
    );
  });

  it('is ASCII in lines of at most 76 characters, with legal encoded words', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 25 }), (text, column) => {
        // The header's name stands for itself: so many characters, the last one a space.
        const lines = `${'N'.repeat(column - 1)} ${headerValue(text, column)}`.split('\r\n');
        for (const line of lines) {
          expect(line).toMatch(/^[ -~]*$/);
          const words = line.trim().split(' ');
          const mayBeLonger = words.some((word) => word.length > 76 - column) && !line.includes('=?');
          expect(line.length).toBeLessThanOrEqual(mayBeLonger ? 230 : 76);
          for (const word of words.filter((one) => one.includes('=?'))) {
            expect(word).toMatch(encodedWord);
            expect(word.length).toBeLessThanOrEqual(75);
          }
        }
        for (const line of lines.slice(1)) expect(line).toMatch(/^ [!-~]/);
      }),
      { numRuns: 2000 },
    );
  });

  it('holds no control, line separator, bidi control or half a character, and at most 200 code points', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const clean = cleanHeaderText(text);
        expect(clean).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u);
        expect(clean.isWellFormed()).toBe(true);
        expect([...clean].length).toBeLessThanOrEqual(200);
        expect(clean).toBe(clean.trim());
      }),
      { numRuns: 2000 },
    );
  });

  it('stays one header whatever breaks its line', () => {
    for (const breaker of ['\r\n', '\n', '\r', '\u2028', '\u2029', '\u0085', '\v', '\f', '\0'])
      expect(headerValue(`News${breaker}Bcc: all@example.org`)).toMatch(/^News ?Bcc: all@example.org$/);
  });

  it('keeps text that looks like an encoded word as text', async () => {
    const text = '=?UTF-8?Q?Free_money?=';
    expect(headerValue(text)).not.toBe(text);
    expect((await simpleParser(mimeOf(aMail({ subject: text })))).subject).toBe(text);
  });

  it('keeps the spaces of French typography', () => {
    expect(cleanHeaderText('Crues\u202f: « le fleuve »')).toBe('Crues\u202f: « le fleuve »');
  });

  it('is Q for Latin letters and B for other scripts', () => {
    expect(headerValue('L’actualité du réseau des villes')).toMatch(/^=\?UTF-8\?Q\?L=E2=80=99actualit=C3=A9_du_r/);
    expect(headerValue('城市新闻')).toMatch(/^=\?UTF-8\?B\?/);
  });
});

describe('a mailbox', () => {
  it('keeps any name and its address apart', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, async (name) => {
        const raw = mimeOf(aMail({ from: { name, address: 'news@confluence.example' } }));
        const read = await simpleParser(raw);
        expect(read.from?.value).toEqual([{ name: cleanHeaderText(name), address: 'news@confluence.example' }]);
        for (const line of linesOf(raw).head) expect(line.length).toBeLessThanOrEqual(998);
      }),
      { numRuns: 500 },
    );
  });

  it('quotes what is no atom', () => {
    expect(phrase('Confluence News')).toBe('Confluence News');
    expect(phrase('News, “daily”')).toMatch(/^=\?UTF-8/);
    expect(phrase('News, "daily"')).toBe('"News, \\"daily\\""');
    expect(mailbox('', 'news@confluence.example')).toBe('news@confluence.example');
  });
});

describe('an address', () => {
  it.each(['a@b.example', "o'neil+news@sub.b-c.example", 'x_y=z@localhost'])('%s can be mailed', (address) => {
    expect(isMailable(address)).toBe(true);
  });

  it.each([
    'a b@c.example',
    'a@b.example\r\nBcc: c@d.example',
    '"a b"@c.example',
    'a@b.example,c@d.example',
    'A <a@b.example>',
    'a@b@c.example',
    'jürgen@b.example',
    'a@bücher.example',
    'a@',
    '@b.example',
    `${'a'.repeat(65)}@b.example`,
    `a@${'b'.repeat(260)}.example`,
    'a@b\u202e.example',
  ])('%j cannot', (address) => {
    expect(isMailable(address)).toBe(false);
    expect(() => mailbox('News', address)).toThrow('not an address');
  });
});

it('whatever the border takes for an address, a header can carry', () => {
  const typed = fc.oneof(
    fc.emailAddress(),
    fc.string({
      unit: fc.constantFrom('a', 'Z', '0', '.', '@', '@b.example', '+', "'", 'ü', ' ', '"', ',', '-', '|'),
      maxLength: 30,
    }),
  );
  fc.assert(
    fc.property(typed, (text) => {
      const parsed = parseAddress(text);
      if (parsed.is === 'address') expect(isMailable(parsed.address)).toBe(true);
    }),
    { numRuns: 3000 },
  );
});

it('web addresses stand in angle brackets and hold none', () => {
  expect(webAddresses('https://a.example/x', 'mailto:b@c.example?subject=d')).toBe(
    '<https://a.example/x>,\r\n <mailto:b@c.example?subject=d>',
  );
  for (const evil of ['https://a.example/> ,<x', 'https://a.example/\r\nBcc: b@c', 'https://a.example/é', ''])
    expect(() => webAddresses(evil)).toThrow('not a web address');
});
