import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAddress } from '../../functions/border/address.ts';
import { cpuMsOf } from '../support/cpuMs.ts';

const addressOf = (text: string): string | undefined => {
  const parsed = parseAddress(text);
  return parsed.is === 'address' ? parsed.address : undefined;
};

describe('an address', () => {
  test.each([
    ['ana@city.example', 'ana@city.example'],
    ['Ana.Prat+news@City.EXAMPLE', 'Ana.Prat+news@city.example'],
    ['  ana@city.example ', 'ana@city.example'],
    ["o'neil@city.example", "o'neil@city.example"],
    ['a_{b}|~=?^`!#$%&*/-x@a.b', 'a_{b}|~=?^`!#$%&*/-x@a.b'],
    ['ana@bücher.example', 'ana@xn--bcher-kva.example'],
    ['ana@BÜCHER.example', 'ana@xn--bcher-kva.example'],
    ['ana@xn--bcher-kva.example', 'ana@xn--bcher-kva.example'],
    ['ana@例え.テスト', 'ana@xn--r8jz45g.xn--zckzah'],
    [`${'a'.repeat(64)}@city.example`, `${'a'.repeat(64)}@city.example`],
  ])('%s', (text, expected) => {
    expect(addressOf(text)).toBe(expected);
  });

  test.each([
    ['nothing', ''],
    ['no @', 'ana.city.example'],
    ['two @', 'ana@home@city.example'],
    ['nobody', '@city.example'],
    ['nowhere', 'ana@'],
    ['a name around it', 'Ana <ana@city.example>'],
    ['a quoted part', '"ana"@city.example'],
    ['a comment', 'ana(home)@city.example'],
    ['a group', 'all:ana@city.example;'],
    ['a list', 'ana@city.example,jo@city.example'],
    ['a line end and another header', 'ana@city.example\r\nBcc: jo@city.example'],
    ['a line end in the local part', 'a\nna@city.example'],
    ['white space inside', 'ana @city.example'],
    ['a tab behind', 'ana@city.example\t'],
    ['a control character', 'ana\u0000@city.example'],
    ['a space that is none', 'ana\u00a0@city.example'],
    ['dots at the ends', '.ana@city.example'],
    ['dots at the ends', 'ana.@city.example'],
    ['two dots', 'a..na@city.example'],
    ['letters beyond ASCII before the @', 'anä@city.example'],
    ['a local part of 65 letters', `${'a'.repeat(65)}@city.example`],
    ['a label of 64 letters', `ana@${'a'.repeat(64)}.example`],
    ['255 bytes', `a@${`${'b'.repeat(49)}.`.repeat(5)}cde`],
    [
      '255 bytes once the domain is written out',
      `ana@${'ü'.repeat(30)}.${'ü'.repeat(30)}.${'é'.repeat(50)}.${'é'.repeat(50)}.${'ö'.repeat(50)}.example`,
    ],
    ['no dot in the domain', 'ana@localhost'],
    ['an IP address', 'ana@192.0.2.1'],
    ['an IP address in brackets', 'ana@[192.0.2.1]'],
    ['an IP address in disguise', 'ana@0x7f.1'],
    ['a hyphen at the end of a label', 'ana@city-.example'],
    ['an underscore in the domain', 'ana@ci_ty.example'],
    ['a dot at the end', 'ana@city.example.'],
    ['an encoded domain', 'ana@city%2eexample'],
    ['half a character', 'ana@cit\ud800y.example'],
  ])('with %s is refused', (_, text) => {
    expect(parseAddress(text)).toMatchObject({ is: 'refused', because: expect.stringMatching(/^[a-z].*[^.]$/) });
  });

  test('is of letters that every mail program reads alike, and is read again as itself', () => {
    const piece = fc.constantFrom(
      'a',
      'B',
      '.',
      '@',
      '-',
      '+',
      'ü',
      '例',
      ' ',
      '"',
      '<',
      '>',
      '(',
      ',',
      '\r\n',
      '1',
      'city.example',
    );
    const text = fc.oneof(
      fc.array(piece, { maxLength: 14 }).map((all) => all.join('')),
      fc.string({ unit: 'binary' }),
      fc.emailAddress(),
    );
    fc.assert(
      fc.property(text, (typed) => {
        const address = addressOf(typed);
        if (address === undefined) return;
        expect(address).toMatch(/^[\x21-\x7e]+$/);
        expect(address).not.toMatch(/[\s"(),:;<>[\]\\]/);
        expect(address.split('@')).toHaveLength(2);
        expect(address.length).toBeLessThanOrEqual(254);
        expect(addressOf(address)).toBe(address);
      }),
      { numRuns: 1000 },
    );
  });

  test('is judged in time that does not grow with what was typed', () => {
    const ms = cpuMsOf(() => {
      for (const piece of ['a', '.', '@', ' ', 'a@', '-', 'ü']) {
        expect(addressOf(piece.repeat(500_000))).toBeUndefined();
      }
      for (const piece of ['a', '.', '-', 'ü']) expect(addressOf(`a@${piece.repeat(250)}`)).toBeUndefined();
    });
    expect(ms).toBeLessThan(500);
  });
});
