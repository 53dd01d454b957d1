import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addMs, HOUR_MS, SECOND_MS } from '../../functions/shared/time.ts';
import { readTokenKeys, type TokenKeys } from '../../functions/shared/tokenKeys.ts';
import { linksOf } from '../../functions/subscribers/links.ts';
import { type Claim, MOST_QUESTIONS, makeToken, type Purpose, readToken } from '../../functions/subscribers/token.ts';
import { memoryTable } from '../support/memoryTable.ts';
import { START } from './aSubscriber.ts';

const PURPOSES: readonly Purpose[] = ['confirm', 'preferences', 'unsubscribe'];
const BAD = { is: 'bad' };
const ANA = 'a'.repeat(32);
const BEN = 'b'.repeat(32);

/** Keys 0001 … `count`, the last of which signs. */
const keys = (count = 1): TokenKeys => {
  const all = Array.from({ length: count }, (_, i) => {
    const id = String(i + 1).padStart(4, '0');
    return [id, createHash('sha256').update(`secret ${id}`).digest()] as const;
  });
  const [id, secret] = all.at(-1) ?? ['0001', Buffer.alloc(32)];
  return { current: { id, secret }, byId: new Map(all) };
};

const aClaim = (over: Partial<Claim> = {}): Claim => ({
  purpose: 'unsubscribe',
  subscriber: ANA,
  newsletter: 'city-news',
  ...over,
});

const claims: fc.Arbitrary<Claim> = fc
  .record({
    purpose: fc.constantFrom(...PURPOSES),
    subscriber: fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 32, maxLength: 32 }),
    newsletter: fc.constantFrom('city-news', 'a', 'x'.repeat(60)),
    round: fc.option(fc.nat(999_999_999), { nil: undefined }),
    expires: fc.option(fc.integer({ min: 1, max: 10 ** 6 }), { nil: undefined }),
  })
  .map(({ round, expires, ...rest }) => ({
    ...rest,
    ...(round !== undefined && { round }),
    ...(expires !== undefined && { expiresAt: addMs(START, expires * SECOND_MS) }),
  }));

describe('the token of a link', () => {
  test('says what it was made for, in characters that no mail program breaks', () => {
    fc.assert(
      fc.property(claims, (claim) => {
        const token = makeToken(keys(), claim);
        expect(token).toMatch(/^[\w.-]{1,400}$/);
        expect(readToken(keys(), claim.purpose, token, START)).toEqual({ is: 'good', claim });
      }),
    );
  });

  test('of a mail that asked for several names each with its round, and is no link for anything else', () => {
    const newsletters = Array.from({ length: MOST_QUESTIONS }, (_, i) => `${'n'.repeat(58)}-${i}`);
    const [first, ...also] = newsletters.map((newsletter, i) => ({ newsletter, round: 999_999_990 + i }));
    const claim = aClaim({ purpose: 'confirm', ...first, also, expiresAt: addMs(START, HOUR_MS) });
    const token = makeToken(keys(), claim);
    expect(token).toMatch(/^[\w.-]{1,900}$/);
    expect(readToken(keys(), 'confirm', token, START)).toEqual({ is: 'good', claim });
    expect(readToken(keys(), 'confirm', token.replace('_999999991', '_999999990'), START)).toEqual(BAD);
    expect(readToken(keys(), 'confirm', token.replace(`_${newsletters[1]}`, ''), START)).toEqual(BAD);
    const leaving = makeToken(keys(), { ...claim, purpose: 'unsubscribe' });
    expect(readToken(keys(), 'unsubscribe', leaving, START)).toEqual(BAD);
  });

  test('serves no other purpose', () => {
    fc.assert(
      fc.property(claims, fc.constantFrom(...PURPOSES), (claim, purpose) => {
        fc.pre(purpose !== claim.purpose);
        expect(readToken(keys(), purpose, makeToken(keys(), claim), START)).toEqual(BAD);
      }),
    );
  });

  test('is good for nobody else, and for no other newsletter or round', () => {
    const token = makeToken(keys(), aClaim({ purpose: 'confirm', round: 1 }));
    for (const [from, to] of [
      [ANA, BEN],
      ['city-news', 'town-news'],
      ['.1.', '.2.'],
    ] as const) {
      const other = token.replace(from, to);
      expect(other).not.toBe(token);
      expect(readToken(keys(), 'confirm', other, START)).toEqual(BAD);
    }
  });

  test('bears no other letter anywhere', () => {
    const token = makeToken(keys(), aClaim());
    const letters = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.= \n%');
    fc.assert(
      fc.property(fc.nat(token.length - 1), letters, (at, letter) => {
        fc.pre(token[at] !== letter);
        expect(readToken(keys(), 'unsubscribe', token.slice(0, at) + letter + token.slice(at + 1), START)).toEqual(BAD);
      }),
      { numRuns: 2000 },
    );
  });

  test('is nothing when a mail program has cut it or added to it', () => {
    const token = makeToken(keys(), aClaim());
    for (let length = 0; length < token.length; length++)
      expect(readToken(keys(), 'unsubscribe', token.slice(0, length), START)).toEqual(BAD);
    for (const other of [`${token}.`, `${token}A`, ` ${token}`, `${token}\n`, token.toUpperCase(), token + token])
      expect(readToken(keys(), 'unsubscribe', other, START)).toEqual(BAD);
  });

  test('is nothing when it is anything else', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 600 }), fc.constantFrom(...PURPOSES), (text, purpose) => {
        expect(readToken(keys(), purpose, text, START)).toEqual(BAD);
      }),
    );
  });

  test('ends to the second, if it ends', () => {
    const expiresAt = addMs(START, 72 * HOUR_MS);
    const token = makeToken(keys(), aClaim({ purpose: 'confirm', round: 1, expiresAt }));
    expect(readToken(keys(), 'confirm', token, addMs(expiresAt, -1)).is).toBe('good');
    expect(readToken(keys(), 'confirm', token, expiresAt)).toEqual(BAD);
  });

  test('without an end it is good after twenty years and every rotation', () => {
    const token = makeToken(keys(1), aClaim());
    expect(readToken(keys(7), 'unsubscribe', token, '2046-03-02T09:00:00.000Z').is).toBe('good');
    expect(makeToken(keys(7), aClaim())).not.toBe(token);
  });

  test('of a key that is not ours, or of another secret under a known name, is nothing', () => {
    expect(readToken(keys(1), 'unsubscribe', makeToken(keys(2), aClaim()), START)).toEqual(BAD);
    const theirs = { ...keys(), current: { id: '0001', secret: Buffer.alloc(32, 7) } };
    expect(readToken(keys(), 'unsubscribe', makeToken(theirs, aClaim()), START)).toEqual(BAD);
  });
});

describe('keys that change while functions are warm', () => {
  const opened = async () => {
    const table = memoryTable();
    let looks = 0;
    let now = START;
    const load = () => {
      looks += 1;
      return readTokenKeys(table, 'links');
    };
    const links = linksOf(load, () => now);
    await links.make(aClaim());
    return {
      links,
      looks: () => looks,
      wait: (ms: number) => {
        now = addMs(now, ms);
      },
      rotate: () => table.put({ pk: 'TOKENS#links', sk: '0002', secret: Buffer.alloc(32, 9).toString('base64') }),
      another: () =>
        linksOf(
          () => readTokenKeys(table, 'links'),
          () => now,
        ),
    };
  };

  test('a link signed elsewhere with a key made since is understood at the next look', async () => {
    const { links, rotate, another, wait } = await opened();
    await rotate();
    const token = await another().make(aClaim());
    expect(token).toMatch(/^1\.0002\./);
    wait(11 * SECOND_MS);
    expect((await links.read('unsubscribe', token)).is).toBe('good');
  });

  test('a link of the old key still works', async () => {
    const { links, rotate, another } = await opened();
    const token = await links.make(aClaim());
    await rotate();
    expect((await another().read('unsubscribe', token)).is).toBe('good');
  });

  test('forgeries that name keys do not make a function read the keys each time', async () => {
    const { links, looks } = await opened();
    const forged = (await links.make(aClaim())).replace('1.0001.', '1.9999.');
    for (let i = 0; i < 50; i++) expect(await links.read('unsubscribe', forged)).toEqual(BAD);
    expect(looks()).toBe(1);
  });
});
