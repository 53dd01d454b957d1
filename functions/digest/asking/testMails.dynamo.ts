import * as z from 'zod';
import type { Item, Table } from '../../shared/storage/table.ts';
import { addMs, HOUR_MS, type Instant } from '../../shared/time.ts';

/** What is noted of a mail that somebody sent himself to look at; never its address. */
export interface TestMail {
  /** A random id of its own. */
  readonly id: string;
  readonly edition: string;
  readonly by: string | null;
  readonly at: Instant;
}

/** Tests take one of a few places, each for an hour: so many an hour can be sent, and what is kept of them stays small. */
export interface TestMails {
  /** Written before the mail is sent. `undefined`: the hour's tests are used up. */
  claim(test: TestMail): Promise<number | undefined>;
  settle(place: number, test: TestMail, state: string): Promise<void>;
}

const TESTS_AN_HOUR = 20;

const claimed = z.object({ id: z.string(), at: z.string() });

/** Table `ledger`: `TESTS` / number of the place, two digits. */
export const dynamoTestMails = (table: Table): TestMails => ({
  async claim(test) {
    const held = new Map((await table.query({ pk: 'TESTS' })).map((item) => [item.sk, claimed.parse(item)]));
    for (let place = 1; place <= TESTS_AN_HOUR; place++) {
      const there = held.get(placeKey(place).sk);
      if (there && there.at > addMs(test.at, -HOUR_MS)) continue;
      const condition = there ? { is: { id: there.id } } : 'absent';
      if ((await table.put(itemOf(place, test, 'claimed'), condition)) === 'written') return place;
      // `refused` may be our own first try, whose answer was lost.
      const now = await table.get(placeKey(place));
      if (now?.['id'] === test.id) return place;
    }
    return undefined;
  },

  async settle(place, test, state) {
    await table.put(itemOf(place, test, state), { is: { id: test.id } });
  },
});

const placeKey = (place: number) => ({ pk: 'TESTS', sk: String(place).padStart(2, '0') });
const itemOf = (place: number, test: TestMail, state: string): Item => ({ ...placeKey(place), ...test, state });
