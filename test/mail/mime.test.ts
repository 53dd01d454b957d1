import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { describe, expect, it } from 'vitest';
import { encodePart, mimeOf } from '../../functions/mail/mime.ts';
import { aMail, headerOf, linesOf } from './aMail.ts';

/** Texts that a newsroom writes, and those that hurt: controls, lone surrogates, long lines, dots, spaces at ends. */
const piece = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 300 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 200 }) },
  fc.constantFrom(
    '.',
    '..\n.',
    'From ',
    ' ',
    '\t',
    '=',
    '=\n',
    '\n',
    '\r\n',
    'a \n b',
    `${'x'.repeat(75)} `,
    '--=_b1--',
  ),
  fc.string({ unit: fc.constantFrom('\ud800', '\udfff', 'é', '\r', '\n', ' ', '.', '=', '😀'), maxLength: 120 }),
);

/** Quoted-printable decoded by the letter of RFC 2045 section 6.7, independently of the code under test. */
const decode = (encoded: string): string =>
  Buffer.from(
    encoded
      .replace(/[ \t]+(?=\r\n|$)/g, '')
      .replace(/=\r\n/g, '')
      .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString('utf8');

/** Line ends are CRLF in a mail; everything else comes back as it was. */
const asSent = (text: string): string => text.toWellFormed().replace(/\r?\n/g, '\r\n');

describe('encoded parts', () => {
  it('come back as they were, joined in any number', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const joined = Buffer.concat(pieces.map(encodePart)).toString('latin1');
        expect(decode(joined)).toBe(pieces.map(asSent).join(''));
      }),
      { numRuns: 2000 },
    );
  });

  it('keep every line legal, wherever they are joined', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const joined = Buffer.concat(pieces.map(encodePart)).toString('latin1');
        expect(joined).toMatch(/^(?:[ -~\t]|\r\n)*$/);
        for (const line of joined.split('\r\n')) {
          expect(line.length).toBeLessThanOrEqual(76);
          expect(line).not.toMatch(/[ \t]$/);
          expect(line).not.toMatch(/^\.|^From |^--=_/);
          expect(line).toMatch(/^(?:[^=]|=[0-9A-F]{2})*=?$/);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('never split a character over two lines', () => {
    const lines = encodePart('é€😀'.repeat(60)).toString('latin1').split('=\r\n');
    for (const line of lines) expect(decode(line)).not.toContain('\ufffd');
  });

  it('begin at the start of a line and end with a line break', () => {
    expect(encodePart('ferry').toString()).toBe('ferry=\r\n');
    expect(encodePart('ferry\n').toString()).toBe('ferry\r\n');
    expect(encodePart('').toString()).toBe('');
  });
});

describe('a mail', () => {
  it('is read by a mail program as it was written', async () => {
    const words = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 150 })
      .map((text) => text.replace(/[\r\p{Cf}]/gu, ''));
    await fc.assert(
      fc.asyncProperty(fc.array(words, { minLength: 1, maxLength: 6 }), async (pieces) => {
        const html = [...pieces.map((text) => `<p>${text.replace(/[<>&]/g, '')}</p>`), '\n'];
        const read = await simpleParser(
          mimeOf(aMail({ html: html.map(encodePart), text: [...pieces, '\n'].map(encodePart) })),
          { skipTextToHtml: true, skipHtmlToText: true, skipImageLinks: true },
        );
        expect(read.html).toBe(html.join(''));
        expect(read.text).toBe([...pieces, '\n'].join(''));
      }),
      { numRuns: 150 },
    );
  });

  it('says who, to whom, what and when', async () => {
    const read = await simpleParser(
      mimeOf(
        aMail({
          from: { name: 'Réseau des villes', address: 'news@confluence.example' },
          replyTo: 'editors@confluence.example',
          subject: 'Les villes fluviales votent, « à l’unanimité », un horaire commun',
          language: 'fr',
        }),
      ),
    );
    expect(read.from?.value).toEqual([{ name: 'Réseau des villes', address: 'news@confluence.example' }]);
    expect(read.replyTo?.value).toEqual([{ name: '', address: 'editors@confluence.example' }]);
    expect(read.to).toMatchObject({ value: [{ address: 'reader@example.org' }] });
    expect(read.subject).toBe('Les villes fluviales votent, « à l’unanimité », un horaire commun');
    expect(read.date?.toISOString()).toBe('2026-05-01T08:00:00.000Z');
    expect(read.messageId).toBe('<01JZ-1-4@confluence.example>');
    expect(read.headers.get('content-language')).toBe('fr');
  });

  it('offers the text first and the HTML last, which is the one shown (RFC 2046 section 5.1.4)', () => {
    const types = linesOf(mimeOf(aMail())).body.filter((line) => line.startsWith('Content-Type'));
    expect(types).toEqual(['Content-Type: text/plain; charset=utf-8', 'Content-Type: text/html; charset=utf-8']);
  });

  it('cannot be ended early by a body that quotes its boundary', async () => {
    const text = 'a\n--=_b1\n--=_b1--\nb\n';
    const read = await simpleParser(mimeOf(aMail({ text: [encodePart(text)] })));
    expect(read.text).toBe(text);
  });

  it('dates itself as RFC 5322 wants it', () => {
    expect(headerOf(mimeOf(aMail()), 'Date')).toBe('Fri, 01 May 2026 08:00:00 +0000');
  });

  it('refuses what could begin another header', () => {
    const evil = 'a\r\nBcc: everybody@example.org';
    expect(() => mimeOf(aMail({ headers: [['List-Id', evil]] }))).toThrow();
    expect(() => mimeOf(aMail({ headers: [[evil, 'a']] }))).toThrow();
    expect(() => mimeOf(aMail({ headers: [['List-Id', 'é']] }))).toThrow();
    expect(() => mimeOf(aMail({ to: `${evil}@example.org` }))).toThrow();
    expect(() => mimeOf(aMail({ replyTo: evil }))).toThrow();
    expect(() => mimeOf(aMail({ messageId: evil }))).toThrow();
    expect(() => mimeOf(aMail({ language: evil }))).toThrow();
    expect(() => mimeOf(aMail({ boundary: evil }))).toThrow();
    const raw = mimeOf(aMail({ subject: evil, from: { name: evil, address: 'news@confluence.example' } }));
    expect(headerOf(raw, 'Bcc')).toBeUndefined();
    expect(headerOf(raw, 'Subject')).toBe('a Bcc: everybody@example.org');
  });
});
