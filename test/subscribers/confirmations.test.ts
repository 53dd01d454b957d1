import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { House } from '../../functions/shared/page/house.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../functions/shared/time.ts';
import { sendConfirmations } from '../../functions/subscribers/confirming/sendConfirmation.ts';
import { suppress } from '../../functions/subscribers/suppress.ts';
import { memoryTable, type Operation } from '../support/memoryTable.ts';
import { aRoom, openHouseForTests, type Room } from './aRoom.ts';

let house: House & { close(): Promise<void> };
beforeAll(async () => {
  house = await openHouseForTests();
});
afterAll(() => house.close());

const ANA = 'ana@example.org';

const ask = (room: Room, wish: object = {}) => room.postJson('/subscribe', { email: ANA, ...wish });

const idOf = async (room: Room): Promise<string> => (await room.subscribers.byAddress(ANA))?.id ?? '';

describe('the mail that asks for confirmation', () => {
  test('is in the reader’s language, with what was chosen, and with nothing the sender of the form could write', async () => {
    const room = await aRoom(house);
    await ask(room, { languages: ['fr', 'en'], topics: ['climate'], cadence: 'daily' });
    await room.hearBells();
    const { parsed, html, text, tags, from, to, link } = await room.lastMail();
    expect(parsed.subject).toBe('À confirmer\u00a0: Delta <i>Post</i> (fr) de Delta & Sons <b>');
    for (const words of ['Climat', 'Delta <i>Post</i> (fr)', link]) expect(text).toContain(words);
    for (const words of ['Climat', 'Delta &lt;i&gt;Post&lt;/i&gt; (fr)', link]) expect(html).toContain(words);
    expect(html).toContain('<html lang="fr"');
    expect({ from, to }).toEqual({ from: 'news@delta.example', to: ANA });
    expect(parsed.replyTo?.value[0]?.address).toBe('desk@delta.example');
    expect(parsed.headers.get('auto-submitted')).toBe('auto-generated');
    expect(parsed.headers.get('content-language')).toBe('fr');
    expect(parsed.headers.has('list-unsubscribe')).toBe(false);
    expect(tags).toEqual({ purpose: 'confirmation', subscriber: await idOf(room) });
  });

  test.each([
    ['en', 'Please confirm: Delta <i>Post</i> from Delta & Sons <b>'],
    ['es', 'Confirme su suscripción: Delta <i>Post</i> (es), de Delta & Sons <b>'],
  ])('says in %s what it is about', async (language, subject) => {
    const room = await aRoom(house);
    await ask(room, { languages: [language] });
    await room.hearBells();
    expect((await room.lastMail()).parsed.subject).toBe(subject);
  });

  test('a mail asked for again is another mail: no inbox takes it for the first', async () => {
    const room = await aRoom(house);
    await ask(room);
    await room.hearBells();
    const first = (await room.lastMail()).parsed.messageId;
    room.wait(DAY_MS);
    await ask(room);
    await room.hearBells();
    expect(room.sent).toHaveLength(2);
    expect((await room.lastMail()).parsed.messageId).not.toBe(first);
  });

  test('comes once, however often the bell rings and the form is sent', async () => {
    const room = await aRoom(house);
    for (let i = 0; i < 10; i++) await ask(room);
    const subscriber = await idOf(room);
    await Promise.all(Array.from({ length: 20 }, () => sendConfirmations(room.confirming, { subscriber })));
    await room.sweep();
    expect(room.sent).toHaveLength(1);
  });

  test('nine sign-ups for one new address at the same moment are one reader and one mail', async () => {
    const room = await aRoom(house);
    const cadences = ['daily', 'weekly', 'monthly'];
    const answers = await Promise.all(Array.from({ length: 9 }, (_, i) => ask(room, { cadence: cadences[i % 3] })));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
    await Promise.all(room.bell.rung.map((message) => sendConfirmations(room.confirming, message)));
    expect(room.sent).toHaveLength(1);
  });

  test('asks for two newsletters at once, and its one click confirms both, each with its own choices', async () => {
    const room = await aRoom(house);
    await ask(room, { topics: ['climate'], cadence: 'daily' });
    await ask(room, { newsletter: 'ferries', languages: ['fr'], cadence: 'monthly' });
    await room.sweep();
    expect(room.sent).toHaveLength(1);
    const { parsed, text, html, link } = await room.lastMail();
    expect(parsed.subject).toBe('Please confirm: Delta <i>Post</i> and Ferries from Delta & Sons <b>');
    for (const words of ['Climate', 'every day', 'All topics', 'every month']) expect(text).toContain(words);
    for (const words of ['Ferries', 'Every day', 'Every month']) expect(html).toContain(words);

    const question = await room.get(link);
    expect(question.body.match(/<dl class="summary">/g)).toHaveLength(2);
    expect(question.body).toContain('Delta &lt;i&gt;Post&lt;/i&gt; and Ferries');
    expect((await room.press(link)).body.match(/<dl class="summary">/g)).toHaveLength(2);
    const reader = await room.subscribers.byAddress(ANA);
    expect(reader?.subscriptions).toMatchObject([
      { newsletter: 'delta-post', state: 'active', topics: ['climate'], cadence: 'daily' },
      { newsletter: 'ferries', state: 'active', topics: [], cadence: 'monthly', languages: ['fr'] },
    ]);
    expect(reader?.consent.map(({ what, newsletter }) => [what, newsletter])).toContainEqual(['joined', 'ferries']);
    expect((await room.press(link)).body).toContain('You are subscribed already');
  });

  test('comes once a day whatever is asked for; the next day’s asks for all that is open', async () => {
    const room = await aRoom(house);
    await ask(room);
    await room.sweep();
    const first = await room.lastMail();
    room.wait(HOUR_MS);
    await ask(room, { newsletter: 'ferries', languages: ['en'], cadence: 'daily' });
    room.wait(22 * HOUR_MS);
    await room.sweep();
    expect(room.sent).toHaveLength(1);
    room.wait(HOUR_MS);
    await room.sweep();
    expect(room.sent).toHaveLength(2);
    expect((await room.lastMail()).parsed.subject).toContain('Ferries and Delta <i>Post</i>');

    // The first mail said nothing of the ferries, so its link confirms nothing of them.
    await room.press(first.link);
    const states = async () => (await room.subscribers.byAddress(ANA))?.subscriptions.map(({ state }) => state);
    expect(await states()).toEqual(['active', 'pending']);
    await room.press((await room.lastMail()).link);
    expect(await states()).toEqual(['active', 'active']);
  });

  test('asks no more for what was answered or whose link has died meanwhile', async () => {
    const room = await aRoom(house);
    await ask(room);
    await room.sweep();
    room.wait(4 * DAY_MS);
    await ask(room, { newsletter: 'ferries', languages: ['en'], cadence: 'daily' });
    await room.sweep();
    expect((await room.lastMail()).parsed.subject).toBe('Please confirm: Ferries from Delta & Sons <b>');
    await room.press((await room.lastMail()).link);
    await ask(room);
    await room.sweep();
    expect((await room.lastMail()).parsed.subject).toContain('Please confirm: Delta <i>Post</i> from');
  });

  test('that SES was too busy for comes again with all that it asked for', async () => {
    const room = await aRoom(house, { answers: [{ is: 'throttled' }] });
    await ask(room);
    await ask(room, { newsletter: 'ferries', languages: ['en'], cadence: 'daily' });
    await room.sweep();
    room.wait(MINUTE_MS);
    await room.sweep();
    expect(room.sent).toHaveLength(2);
    await room.press((await room.lastMail()).link);
    expect((await room.subscribers.byAddress(ANA))?.subscriptions.map(({ state }) => state)).toEqual([
      'active',
      'active',
    ]);
  });

  test('however many newsletters are asked for, three stay without an answer', async () => {
    const room = await aRoom(house);
    for (let hour = 0; hour < 240; hour += 5) {
      await ask(room, hour % 2 ? {} : { newsletter: 'ferries', languages: ['en'], cadence: 'daily' });
      await room.sweep();
      room.wait(5 * HOUR_MS);
    }
    expect(room.sent).toHaveLength(3);
  });

  test('three stay unanswered, one a day; then there are none', async () => {
    const room = await aRoom(house);
    for (let day = 0; day < 10; day++) {
      for (let hour = 0; hour < 24; hour += 6) {
        await ask(room, { cadence: hour === 6 ? 'daily' : 'weekly' });
        await room.sweep();
        room.wait(6 * HOUR_MS);
      }
      expect(room.sent).toHaveLength(Math.min(3, day + 1));
    }
  });

  test('does not go to whom a bounce or a complaint has silenced, not even if it is due already', async () => {
    const room = await aRoom(house);
    await ask(room);
    await suppress(room, await idOf(room), 'bounce', { at: room.now(), sentAt: room.now() });
    await room.sweep();
    room.wait(2 * DAY_MS);
    await ask(room);
    await room.sweep();
    expect(room.sent).toEqual([]);
  });
});

describe('when sending does not go well', () => {
  test('a throttled mail comes again with the next sweep', async () => {
    const room = await aRoom(house, { answers: [{ is: 'throttled' }, { is: 'not-reached', code: 'ECONNREFUSED' }] });
    await ask(room);
    await room.hearBells();
    room.wait(MINUTE_MS);
    await room.sweep();
    room.wait(MINUTE_MS);
    await room.sweep();
    room.wait(MINUTE_MS);
    await room.sweep();
    expect(room.sent).toHaveLength(3);
    await room.press((await room.lastMail()).link);
    expect((await room.subscribers.byAddress(ANA))?.subscriptions[0]?.state).toBe('active');
  });

  test('while sending is paused it waits', async () => {
    const room = await aRoom(house, { answers: [{ is: 'paused', code: 'quota' }] });
    await ask(room);
    await room.hearBells();
    for (let minute = 0; minute < 9; minute++) {
      room.wait(MINUTE_MS);
      await room.sweep();
    }
    expect(room.sent).toHaveLength(1);
    room.wait(MINUTE_MS);
    await room.sweep();
    expect(room.sent).toHaveLength(2);
  });

  test.each([{ is: 'unknown', code: 'TimeoutError' } as const, { is: 'refused', code: 'MessageRejected' } as const])(
    'what may have been sent, or never will be, is not sent again by itself ($is); after a day the reader can ask',
    async (result) => {
      const room = await aRoom(house, { answers: [result] });
      await ask(room);
      for (let hour = 0; hour < 24; hour++) {
        await room.sweep();
        await ask(room);
        room.wait(HOUR_MS);
      }
      expect(room.sent).toHaveLength(1);
      await ask(room);
      await room.sweep();
      expect(room.sent).toHaveLength(2);
    },
  );

  test('a bell that was lost is rung by the sweep', async () => {
    const room = await aRoom(house);
    await ask(room);
    room.bell.rung.length = 0;
    await room.sweep();
    expect(room.sent).toHaveLength(1);
  });

  test('a queue that fails does not undo a sign-up', async () => {
    const room = await aRoom(house);
    const { ring } = room.bell;
    room.bell.ring = () => Promise.reject(new Error('The queue is away.'));
    expect((await ask(room)).status).toBe(202);
    room.bell.ring = ring;
    await room.sweep();
    expect(room.sent).toHaveLength(1);
  });
});

/** A table whose sender dies at one of its calls: before the call takes effect, nothing after it happens. */
const mortalTable = () => {
  let left = Number.POSITIVE_INFINITY;
  const table = memoryTable((_: Operation) => {
    if (left <= 0) throw new Error('killed');
    left -= 1;
  });
  return {
    table,
    dieAfter: (calls: number) => {
      left = calls;
    },
    live: () => {
      left = Number.POSITIVE_INFINITY;
    },
  };
};

describe('a sender that is killed', () => {
  test('at any call before or after sending, mails nobody twice; before the claim, nobody is forgotten', async () => {
    for (let calls = 0; calls < 8; calls++) {
      const { table, dieAfter, live } = mortalTable();
      const room = await aRoom(house, { table });
      await ask(room);
      const subscriber = await idOf(room);
      dieAfter(calls);
      await sendConfirmations(room.confirming, { subscriber }).catch(() => {});
      live();
      for (let minute = 0; minute < 5; minute++) {
        await room.sweep();
        room.wait(MINUTE_MS);
      }
      expect(room.sent).toHaveLength(1);
      await room.press((await room.lastMail()).link);
      expect((await room.subscribers.byAddress(ANA))?.subscriptions[0]?.state).toBe('active');
    }
  });

  test('between claim and answer, leaves the question unsent rather than sent twice; after a day it can be asked again', async () => {
    const room = await aRoom(house);
    await ask(room);
    const dying = { ...room.confirming, mailer: { send: () => Promise.reject(new Error('killed')) } };
    await expect(sendConfirmations(dying, { subscriber: await idOf(room) })).rejects.toThrow('killed');
    await room.sweep();
    expect(room.sent).toEqual([]);
    room.wait(DAY_MS);
    await ask(room);
    await room.sweep();
    expect(room.sent).toHaveLength(1);
  });

  test('that cannot compose the mail has claimed nothing', async () => {
    const room = await aRoom(house);
    await ask(room);
    const broken = { ...room.confirming, links: { make: () => Promise.reject(new Error('no key')) } };
    await expect(sendConfirmations(broken, { subscriber: await idOf(room) })).rejects.toThrow('no key');
    await room.sweep();
    expect(room.sent).toHaveLength(1);
  });
});

test('a reader who clicks before the sender has written down that it sent is a member, and stays one', async () => {
  const room = await aRoom(house);
  await ask(room);
  const { mailer } = room.confirming;
  const quick = {
    ...room.confirming,
    mailer: {
      send: async (mail: Parameters<typeof mailer.send>[0]) => {
        const result = await mailer.send(mail);
        await room.press((await room.lastMail()).link);
        return result;
      },
    },
  };
  await sendConfirmations(quick, { subscriber: await idOf(room) });
  expect((await room.subscribers.byAddress(ANA))?.subscriptions[0]).toMatchObject({ state: 'active', asked: null });
});
