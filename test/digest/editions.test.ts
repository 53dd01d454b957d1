import { describe, expect, test } from 'vitest';
import { askForEdition, takeAction } from '../../functions/digest/asking/newsletters.ts';
import type { PageDoorbell } from '../../functions/digest/doorbells.ts';
import type { Edition } from '../../functions/digest/ledger/edition.ts';
import { countEdition } from '../../functions/digest/ledger/standing.ts';
import { lookAtEdition } from '../../functions/digest/planning/look.ts';
import { sendPage } from '../../functions/digest/sending/send.ts';
import type { OutgoingMail, SendResult } from '../../functions/mail/mailer.ts';
import { HOUR_MS, MINUTE_MS } from '../../functions/shared/time.ts';
import type { Subscriber, Subscription } from '../../functions/subscribers/subscriber.ts';
import { aNewsroom } from './support/aPress.ts';
import { aSubscriber } from './support/aSubscriber.ts';
import { theRoom } from './support/theRoom.ts';

const cityNews = (room: ReturnType<typeof theRoom>) => {
  const [newsletter] = room.newsletters.press.newsroom.newsletters;
  if (!newsletter) throw new Error('no newsletter');
  return newsletter;
};

const withApproval = () => {
  const newsroom = aNewsroom();
  return { ...newsroom, newsletters: newsroom.newsletters.map((one) => ({ ...one, approval: 'required' as const })) };
};

const choosing =
  (over: Partial<Subscription>) =>
  (reader: Subscriber): Subscriber => ({
    ...reader,
    subscriptions: reader.subscriptions.map((one) => ({ ...one, ...over })),
  });

const ask = async (room: ReturnType<typeof theRoom>, cadence: 'daily' | 'weekly' = 'weekly') => {
  const edition = await askForEdition(room.newsletters, cityNews(room), cadence);
  if (!edition) throw new Error('There was nothing new.');
  return edition.id;
};

const stateOf = async (room: ReturnType<typeof theRoom>, id: string) => (await room.ledger.edition(id))?.state;
const counts = async (room: ReturnType<typeof theRoom>, id: string) => {
  const edition = await room.ledger.edition(id);
  if (!edition) throw new Error('no edition');
  return countEdition(room.ledger, edition);
};
const subjects = (room: ReturnType<typeof theRoom>) =>
  room.sent.map(({ to, raw }) => `${to}: ${/^Subject: (.*)\r$/m.exec(Buffer.from(raw).toString())?.[1]}`);

describe('an edition that somebody asks for', () => {
  test('goes to every reader of its cadence once, and is then complete', async () => {
    const room = theRoom();
    await room.join(aSubscriber('ana'), aSubscriber('ben'), aSubscriber('eve', { cadence: 'daily' }));
    room.wire.publish({ title: 'The first boat' });
    const id = await ask(room);
    expect(await stateOf(room, id)).toBe('planned');
    await room.work();
    expect(subjects(room).sort()).toEqual([
      'ana@readers.example: The first boat',
      'ben@readers.example: The first boat',
    ]);
    expect(await stateOf(room, id)).toBe('complete');
    expect(await counts(room, id)).toMatchObject({ audience: 2, sent: 2, ready: 0, unknown: 0 });
    expect(room.sent[0]?.tags).toMatchObject({ edition: id, delivery: '1-0' });
    expect(id).toMatch(/^[A-Za-z0-9_-]+$/);
  });

  test('is not made where nothing new was announced, and the next one has only what came since', async () => {
    const room = theRoom();
    await room.join(aSubscriber('ana'));
    expect(await askForEdition(room.newsletters, cityNews(room), 'weekly')).toBeUndefined();
    room.wire.publish({ title: 'Old' }, { announce: false, announcedSeq: null });
    expect(await askForEdition(room.newsletters, cityNews(room), 'weekly')).toBeUndefined();
    room.wire.publish({ title: 'One' });
    await ask(room);
    await room.work();
    expect(await askForEdition(room.newsletters, cityNews(room), 'weekly')).toBeUndefined();
    const two = room.wire.publish({ title: 'Two' });
    room.wire.revise(two, { title: 'Two, corrected' });
    await ask(room);
    await room.work();
    expect(subjects(room)).toEqual(['ana@readers.example: One', 'ana@readers.example: Two, corrected']);
  });

  test('asked for twice with the same key is one edition, and in the same second with other keys two', async () => {
    const room = theRoom();
    await room.join(aSubscriber('ana'));
    room.wire.publish();
    const newsletter = cityNews(room);
    const first = await askForEdition(room.newsletters, newsletter, 'weekly', { request: 'key-1' });
    const again = await askForEdition(room.newsletters, newsletter, 'weekly', { request: 'key-1' });
    const other = await askForEdition(room.newsletters, newsletter, 'weekly', { request: 'key-2' });
    expect(again?.id).toBe(first?.id);
    expect(other?.id).not.toBe(first?.id);
    await room.work();
    expect(room.sent).toHaveLength(1);
    expect(await counts(room, first?.id ?? '')).toMatchObject({ audience: 1, sent: 1 });
    expect(await counts(room, other?.id ?? '')).toMatchObject({ audience: 0 });
  });

  test('that nobody receives covers nothing: who comes next gets its articles', async () => {
    const room = theRoom();
    await room.join(aSubscriber('ana', { topics: ['culture'] }));
    room.wire.publish({ title: 'A bridge', topics: ['mobility'] });
    const empty = await ask(room);
    await room.work();
    expect(await room.ledger.edition(empty)).toMatchObject({ state: 'complete', audience: 0, startedAt: null });
    room.later(HOUR_MS);
    await room.join(aSubscriber('ben', { confirmedAt: room.now() }));
    await ask(room);
    await room.work();
    expect(subjects(room)).toEqual(['ben@readers.example: A bridge']);
  });
});

describe('a reader', () => {
  test('who is new gets everything since the last edition, and an empty first edition never', async () => {
    const room = theRoom();
    await room.join(aSubscriber('ana'));
    room.wire.publish({ title: 'One' });
    await ask(room);
    await room.work();
    room.wire.publish({ title: 'Two' });
    room.later(HOUR_MS);
    await room.join(aSubscriber('ben', { confirmedAt: room.now() }));
    room.later(HOUR_MS);
    await ask(room);
    await room.work();
    expect(subjects(room).slice(1).sort()).toEqual(['ana@readers.example: Two', 'ben@readers.example: Two']);
  });

  test('who leaves, is suppressed or changes cadence between planning and sending gets nothing', async () => {
    const room = theRoom({ newsroom: withApproval() });
    const names = ['ana', 'ben', 'eve', 'kim'];
    await room.join(...names.map((name) => aSubscriber(name)));
    room.wire.publish();
    const id = await ask(room);
    await room.work();
    expect(await counts(room, id)).toMatchObject({ audience: 4, ready: 4 });
    room.later(HOUR_MS);
    await room.change(aSubscriber('ana').id, choosing({ state: 'left', leftAt: room.now() }));
    await room.change(aSubscriber('ben').id, (reader) => ({
      ...reader,
      suppressed: { because: 'complaint', at: room.now() },
    }));
    await room.change(
      aSubscriber('eve').id,
      choosing({ cadence: 'daily', history: [{ cadence: 'weekly', until: room.now() }] }),
    );
    room.later(HOUR_MS);
    await takeAction(room.newsletters, id, 'approve', { unknown: false });
    await room.work();
    expect(room.sent.map(({ to }) => to)).toEqual(['kim@readers.example']);
    expect(await counts(room, id)).toMatchObject({ audience: 4, sent: 1, suppressed: 3 });
    expect(await stateOf(room, id)).toBe('complete');
  });

  test('who changes his cadence gets each article once', async () => {
    const room = theRoom();
    await room.join(aSubscriber('ana', { cadence: 'weekly' }), aSubscriber('ben', { cadence: 'daily' }));
    room.wire.publish({ title: 'One' });
    await ask(room, 'daily');
    await room.work();
    room.wire.publish({ title: 'Two' });
    await ask(room, 'daily');
    await room.work();
    room.later(HOUR_MS);
    await room.change(
      aSubscriber('ana').id,
      choosing({ cadence: 'daily', history: [{ cadence: 'weekly', until: room.now() }] }),
    );
    room.later(HOUR_MS);
    room.wire.publish({ title: 'Three' });
    await ask(room, 'daily');
    await room.work();
    const toAna = room.sent.filter(({ to }) => to.startsWith('ana'));
    expect(toAna).toHaveLength(1);
    const text = Buffer.from(toAna[0]?.raw ?? []).toString();
    for (const title of ['One', 'Two', 'Three']) expect(text).toContain(`(${title}`);
    const toBen = Buffer.from(room.sent.filter(({ to }) => to.startsWith('ben')).at(-1)?.raw ?? []).toString();
    expect(toBen).toContain('(Three');
    expect(toBen).not.toContain('(Two');
  });
});

describe('an article', () => {
  test('that is retracted leaves the edition until the last page, and one that is revised is shown as it is now', async () => {
    const room = theRoom();
    await room.join(...Array.from({ length: 30 }, (_, i) => aSubscriber(`reader${i}`)));
    const wrong = room.wire.publish({ title: 'Wrong' });
    const right = room.wire.publish({ title: 'Right' });
    await ask(room);
    // The planning, and the first of two pages.
    await room.work(2);
    expect(room.sent).toHaveLength(25);
    room.wire.retract(wrong);
    room.wire.revise(right, { title: 'Right after all' });
    await room.work();
    const text = room.sent.map(({ raw }) => Buffer.from(raw).toString());
    expect(text.filter((mail) => mail.includes('(Wrong'))).toHaveLength(25);
    expect(text.filter((mail) => mail.includes('(Right after all'))).toHaveLength(5);
  });

  test('that was all there was and is retracted before sending leaves nothing to send', async () => {
    const room = theRoom();
    await room.join(aSubscriber('ana'));
    const wrong = room.wire.publish({ title: 'Wrong' });
    const id = await ask(room);
    await room.work(1);
    room.wire.retract(wrong);
    await room.work();
    expect(room.sent).toHaveLength(0);
    expect(await counts(room, id)).toMatchObject({ audience: 1, suppressed: 1 });
    expect(await stateOf(room, id)).toBe('complete');
  });
});

describe('the schedule', () => {
  test('makes one edition for a slot, however many look', async () => {
    const room = theRoom();
    await room.join(aSubscriber('ana'));
    room.wire.publish();
    await room.sweep();
    room.turnTo('2026-05-04T08:00:30.000Z');
    await Promise.all([room.sweep(), room.sweep(), room.sweep()]);
    await room.work();
    expect(room.sent).toHaveLength(1);
    const editions = await room.ledger.newest('city-news', { limit: 10 });
    expect(editions.map(({ id, state }) => [id, state])).toEqual([['city-news-weekly-20260504T080000Z', 'complete']]);
  });

  test('misses nothing before a newsletter was first seen', async () => {
    const room = theRoom();
    room.wire.publish();
    room.turnTo('2026-05-04T09:00:00.000Z');
    await room.sweep();
    expect(await room.ledger.newest('city-news', { limit: 10 })).toEqual([]);
  });

  test('finds a slot that was missed, and holds what is over six hours late for a person', async () => {
    const room = theRoom();
    await room.join(aSubscriber('ana'), aSubscriber('ben', { cadence: 'daily' }));
    await room.sweep();
    room.wire.publish();
    room.turnTo('2026-05-05T10:00:00.000Z');
    await room.sweep();
    await room.work();
    expect(await stateOf(room, 'city-news-daily-20260505T070000Z')).toBe('complete');
    expect(await stateOf(room, 'city-news-weekly-20260504T080000Z')).toBe('held');
    expect(room.sent.map(({ to }) => to)).toEqual(['ben@readers.example']);
    await takeAction(room.newsletters, 'city-news-weekly-20260504T080000Z', 'send', { unknown: false });
    await room.work();
    expect(room.sent).toHaveLength(2);
  });

  test('supersedes an edition that has not begun when the next slot comes, and that one has it all', async () => {
    const room = theRoom({ newsroom: withApproval() });
    await room.join(aSubscriber('ana', { cadence: 'daily' }));
    await room.sweep();
    room.wire.publish({ title: 'One' });
    room.turnTo('2026-05-05T07:00:00.000Z');
    await room.sweep();
    await room.work();
    expect(await stateOf(room, 'city-news-daily-20260505T070000Z')).toBe('ready');
    room.wire.publish({ title: 'Two' });
    room.turnTo('2026-05-06T07:00:00.000Z');
    await room.sweep();
    await room.work();
    room.later(MINUTE_MS);
    await room.sweep();
    await room.work();
    expect(await stateOf(room, 'city-news-daily-20260505T070000Z')).toBe('superseded');
    expect(await counts(room, 'city-news-daily-20260505T070000Z')).toMatchObject({
      audience: 1,
      cancelled: 1,
      ready: 0,
    });
    await takeAction(room.newsletters, 'city-news-daily-20260506T070000Z', 'approve', { unknown: false });
    await room.work();
    const text = Buffer.from(room.sent[0]?.raw ?? []).toString();
    expect(text).toContain('(One');
    expect(text).toContain('(Two');
  });
});

describe('a person', () => {
  const waiting = async () => {
    const room = theRoom({ newsroom: withApproval() });
    await room.join(...Array.from({ length: 30 }, (_, i) => aSubscriber(`reader${i}`)));
    room.wire.publish();
    const id = await ask(room);
    await room.work();
    return { room, id };
  };

  test('must approve before anything is sent, where the newsletter asks for it', async () => {
    const { room, id } = await waiting();
    expect(await takeAction(room.newsletters, id, 'send', { unknown: false })).toEqual({
      is: 'unapproved',
      state: 'ready',
    });
    expect(await takeAction(room.newsletters, id, 'retry', { unknown: false })).toEqual({
      is: 'illegal',
      state: 'ready',
    });
    await takeAction(room.newsletters, id, 'approve', { unknown: false });
    await room.work();
    expect(room.sent).toHaveLength(30);
    expect(await takeAction(room.newsletters, id, 'approve', { unknown: false })).toMatchObject({
      is: 'done',
      edition: { state: 'complete' },
    });
  });

  test('is not refused because the answer to the first try was lost', async () => {
    const { room, id } = await waiting();
    let lost = 0;
    const ledger = {
      ...room.ledger,
      save: async (edition: Edition) => {
        const saved = await room.ledger.save(edition);
        return lost++ === 0 ? undefined : saved;
      },
    };
    const outcome = await takeAction({ ...room.newsletters, ledger }, id, 'approve', { unknown: false });
    expect(outcome).toMatchObject({ is: 'done', edition: { state: 'approved', approved: true } });
    expect(lost).toBe(1);
  });

  test('pauses half-way and lets it go on; nobody gets it twice', async () => {
    const { room, id } = await waiting();
    await takeAction(room.newsletters, id, 'approve', { unknown: false });
    await room.work(2);
    expect(room.sent).toHaveLength(25);
    await takeAction(room.newsletters, id, 'hold', { unknown: false });
    await room.work();
    room.later(HOUR_MS);
    await room.sweep();
    await room.work();
    expect(room.sent).toHaveLength(25);
    expect(await stateOf(room, id)).toBe('paused');
    await takeAction(room.newsletters, id, 'send', { unknown: false });
    await room.work();
    expect(new Set(room.sent.map(({ to }) => to)).size).toBe(30);
    expect(room.sent).toHaveLength(30);
    expect(await stateOf(room, id)).toBe('complete');
  });

  test('cancels half-way: who had it had it, the others are cancelled, and the next edition may begin', async () => {
    const { room, id } = await waiting();
    await takeAction(room.newsletters, id, 'approve', { unknown: false });
    await room.work(2);
    await takeAction(room.newsletters, id, 'cancel', { unknown: false });
    await room.work();
    expect(await counts(room, id)).toMatchObject({ audience: 30, sent: 25, cancelled: 5, ready: 0 });
    expect(await room.ledger.edition(id)).toMatchObject({ state: 'cancelled', closedAt: room.now() });
    room.wire.publish({ title: 'Next' });
    const next = await ask(room);
    await room.work();
    await takeAction(room.newsletters, next, 'approve', { unknown: false });
    await room.work();
    expect(room.sent).toHaveLength(55);
  });

  test('cancels before it begins, and it has covered nothing', async () => {
    const { room, id } = await waiting();
    await takeAction(room.newsletters, id, 'cancel', { unknown: false });
    await room.work();
    const next = await ask(room);
    await room.work();
    await takeAction(room.newsletters, next, 'approve', { unknown: false });
    await room.work();
    expect(room.sent).toHaveLength(30);
    expect(await counts(room, id)).toMatchObject({ audience: 30, cancelled: 30 });
  });
});

describe('SES', () => {
  test('that refuses one mail leaves it failed, and a retry goes to him alone', async () => {
    let refuse = true;
    const room = theRoom({
      answer: ({ to }) =>
        refuse && to.startsWith('ben') ? { is: 'refused', code: 'MessageRejected' } : { is: 'sent', messageId: to },
    });
    await room.join(aSubscriber('ana'), aSubscriber('ben'), aSubscriber('eve'));
    room.wire.publish();
    const id = await ask(room);
    await room.work();
    expect(await counts(room, id)).toMatchObject({ audience: 3, sent: 2, failed: 1 });
    expect(await stateOf(room, id)).toBe('complete');
    refuse = false;
    await takeAction(room.newsletters, id, 'retry', { unknown: false });
    await room.work();
    expect(room.sent.map(({ to }) => to).sort()).toEqual(
      ['ana', 'ben', 'eve'].map((name) => `${name}@readers.example`),
    );
    expect(await counts(room, id)).toMatchObject({ audience: 3, sent: 3, failed: 0 });
    expect(await stateOf(room, id)).toBe('complete');
  });

  test('that refused the mails of many pages gets them again in a retry, without waiting for the sweep', async () => {
    let refuse = true;
    let refused = 0;
    // Each for a reason of his own: for one and the same it would stop.
    const answer = ({ to }: OutgoingMail): SendResult =>
      refuse ? { is: 'refused', code: `Reason${++refused}` } : { is: 'sent', messageId: to };
    const room = theRoom({ answer });
    await room.join(...Array.from({ length: 130 }, (_, i) => aSubscriber(`reader${i}`)));
    room.wire.publish();
    const id = await ask(room);
    await room.work();
    expect(await counts(room, id)).toMatchObject({ audience: 130, failed: 130 });
    refuse = false;
    await takeAction(room.newsletters, id, 'retry', { unknown: false });
    // Whoever is rung for a page is there at once, while the edition is still looked at.
    const ring = async (...bells: PageDoorbell[]) => {
      for (const bell of bells) await sendPage(room.sending, bell);
    };
    await lookAtEdition({ ...room.planning, pagesBell: { ring } }, { edition: id });
    expect(room.sent).toHaveLength(130);
    expect(await counts(room, id)).toMatchObject({ audience: 130, sent: 130, failed: 0 });
  });

  test('that pauses the account pauses the edition; it goes on when SES does', async () => {
    let open = false;
    const room = theRoom({
      answer: ({ to }) => (open ? { is: 'sent', messageId: to } : { is: 'paused', code: 'DailyQuota' }),
    });
    await room.join(aSubscriber('ana'));
    room.wire.publish();
    const id = await ask(room);
    await room.work();
    expect(await room.ledger.edition(id)).toMatchObject({ state: 'paused', paused: { because: 'DailyQuota' } });
    expect(await counts(room, id)).toMatchObject({ audience: 1, ready: 1 });
    room.later(16 * MINUTE_MS);
    await room.sweep();
    await room.work();
    expect(await stateOf(room, id)).toBe('paused');
    open = true;
    room.later(16 * MINUTE_MS);
    await room.sweep();
    await room.work();
    expect(room.sent).toHaveLength(1);
    expect(await stateOf(room, id)).toBe('complete');
  });

  test('of which nobody knows what it did is not asked again, unless a person wants it', async () => {
    let lost = true;
    const room = theRoom({
      answer: ({ to }) => (lost ? { is: 'unknown', code: 'timeout' } : { is: 'sent', messageId: to }),
    });
    await room.join(aSubscriber('ana'));
    room.wire.publish();
    const id = await ask(room);
    await room.work();
    expect(await counts(room, id)).toMatchObject({ audience: 1, unknown: 1 });
    expect(await stateOf(room, id)).toBe('complete');
    lost = false;
    await takeAction(room.newsletters, id, 'retry', { unknown: false });
    await room.work();
    expect(room.sent).toHaveLength(0);
    await takeAction(room.newsletters, id, 'retry', { unknown: true });
    await room.work();
    expect(room.sent).toHaveLength(1);
    expect(await counts(room, id)).toMatchObject({ audience: 1, sent: 1, unknown: 0 });
  });
});
