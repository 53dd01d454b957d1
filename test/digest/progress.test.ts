import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { askForEdition, takeAction } from '../../functions/digest/asking/newsletters.ts';
import { wholeView } from '../../functions/digest/asking/shown.ts';
import { changeEdition } from '../../functions/digest/ledger/change.ts';
import type { Edition } from '../../functions/digest/ledger/edition.ts';
import { standingOf } from '../../functions/digest/ledger/standing.ts';
import { lookAtEdition } from '../../functions/digest/planning/look.ts';
import { troubleOf } from '../../functions/digest/progress/halt.ts';
import { progressOf } from '../../functions/digest/progress/rate.ts';
import { sendPage } from '../../functions/digest/sending/send.ts';
import type { SendResult } from '../../functions/mail/mailer.ts';
import { setLogSink } from '../../functions/shared/log.ts';
import { addMs, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../functions/shared/time.ts';
import { aBigEdition } from './support/aBigEdition.ts';
import { aNewsroom } from './support/aPress.ts';
import { aSubscriber } from './support/aSubscriber.ts';
import { someChecks } from './support/someChecks.ts';
import { settleByEvent } from './support/tell.ts';
import { accepted, atOnce, theRoom } from './support/theRoom.ts';

type Room = ReturnType<typeof theRoom>;
type Options = Parameters<typeof theRoom>[0];

const lines: { event?: string; edition?: string }[] = [];
beforeEach(() => {
  lines.length = 0;
});
beforeAll(() => setLogSink((line) => void lines.push(JSON.parse(line))));
const told = (event: string, id: string): number =>
  lines.filter((line) => line.event === event && line.edition === id).length;

const newsroomWith = (over: Partial<ReturnType<typeof aNewsroom>['newsletters'][number]>) => {
  const newsroom = aNewsroom();
  return { ...newsroom, newsletters: newsroom.newsletters.map((one) => ({ ...one, ...over })) };
};

/** A quarter of the readers first; above eight of a hundred bounces it stops. */
const careful = newsroomWith({
  firstShare: { share: 0.25, atMost: 1000, fromAudience: 100, waitMinutes: 5 },
  halt: { bounceShare: 0.08, complaintShare: 0.02, bounces: 3, complaints: 2 },
});

const planned = async (options: Options, count: number): Promise<{ room: Room; id: string }> => {
  const room = theRoom(options);
  await room.join(...Array.from({ length: count }, (_, i) => aSubscriber(`reader${i}`)));
  room.wire.publish();
  const [newsletter] = room.newsletters.press.newsroom.newsletters;
  const edition = newsletter && (await askForEdition(room.newsletters, newsletter, 'weekly'));
  if (!edition) throw new Error('There was nothing new.');
  return { room, id: edition.id };
};

const editionOf = async (room: Room, id: string): Promise<Edition> => {
  const edition = await room.ledger.edition(id);
  if (!edition) throw new Error('no edition');
  return edition;
};
const standing = async (room: Room, id: string) => standingOf(room.ledger, await editionOf(room, id));

const bounce = async (
  room: Room,
  id: string,
  deliveries: readonly string[],
  event: 'bounced' | 'complained' = 'bounced',
) => {
  for (const delivery of deliveries) await settleByEvent(room.ledger, { edition: id, delivery, event, messageId: 'm' });
};

const aMinute = async (room: Room, minutes = 1): Promise<void> => {
  for (let i = 0; i < minutes; i++) {
    room.later(MINUTE_MS);
    await room.sweep();
    await room.work();
  }
};

describe('some readers first', () => {
  test('get it, the others wait for what SES tells, and then get it too', async () => {
    const { room, id } = await planned({ newsroom: careful }, 110);
    await room.work();
    await aMinute(room, 4);
    expect(room.sent).toHaveLength(50);
    expect((await standing(room, id)).counts).toMatchObject({ audience: 110, sent: 50, ready: 60 });
    await bounce(room, id, ['1-0', '1-1', '1-2', '1-2']);
    await aMinute(room, 2);
    expect(room.sent).toHaveLength(110);
    expect(new Set(room.sent.map(({ to }) => to)).size).toBe(110);
    expect(await editionOf(room, id)).toMatchObject({ state: 'complete' });
  });

  test('are everybody where the audience is small, or the newsletter does not want it', async () => {
    const small = await planned({ newsroom: careful }, 99);
    await small.room.work();
    expect(small.room.sent).toHaveLength(99);
    const never = newsroomWith({ firstShare: { share: 0, atMost: 1000, fromAudience: 1, waitMinutes: 5 } });
    const all = await planned({ newsroom: never }, 60);
    await all.room.work();
    expect(all.room.sent).toHaveLength(60);
  });

  test('whose mails bounce keep it from all others, until a person lets it go on', async () => {
    const { room, id } = await planned({ newsroom: careful }, 110);
    await room.work();
    await bounce(room, id, ['1-0', '1-1', '1-2', '1-3', '1-4']);
    await aMinute(room);
    expect(await editionOf(room, id)).toMatchObject({ state: 'paused', paused: { because: 'TooManyBounces' } });
    expect(told('edition.halted', id)).toBe(1);
    // It does not go on by itself, as it would when only SES was in the way.
    await aMinute(room, 40);
    expect(room.sent).toHaveLength(50);
    expect(await takeAction(room.newsletters, id, 'send', { unknown: false })).toMatchObject({ is: 'done' });
    await room.work();
    expect(room.sent).toHaveLength(110);
    await aMinute(room);
    expect(await editionOf(room, id)).toMatchObject({ state: 'complete' });
    expect(await standing(room, id)).toMatchObject({ bounced: 5, complained: 0 });
  });
});

describe('an edition that SES refuses everybody', () => {
  test('stops after the first page, and when that is mended nobody has missed it', async () => {
    let answer: SendResult = { is: 'refused', code: 'InvalidParameterValue' };
    const { room, id } = await planned({ answer: () => (answer.is === 'refused' ? answer : accepted()) }, 60);
    await room.work();
    expect(await editionOf(room, id)).toMatchObject({ state: 'paused', paused: { because: 'EverybodyRefused' } });
    expect(told('edition.halted', id)).toBe(1);
    expect((await standing(room, id)).counts).toMatchObject({ failed: 25, ready: 35 });
    // It does not go on by itself: each try would write off another page.
    await aMinute(room, 40);
    expect((await standing(room, id)).counts).toMatchObject({ failed: 25, ready: 35 });
    answer = accepted();
    await takeAction(room.newsletters, id, 'send', { unknown: false });
    await room.work();
    await aMinute(room, 3);
    expect((await standing(room, id)).counts).toMatchObject({ failed: 25, sent: 35 });
    await takeAction(room.newsletters, id, 'retry', { unknown: false });
    await room.work();
    expect(new Set(room.sent.map(({ to }) => to)).size).toBe(60);
  });

  test('goes on where only some are refused, or for more than one reason', async () => {
    let n = 0;
    const some = (): SendResult => (++n % 25 === 0 ? accepted() : { is: 'refused', code: 'InvalidParameterValue' });
    const mixed = (): SendResult => ({ is: 'refused', code: `Code${++n % 2}` });
    for (const answer of [some, mixed]) {
      const { room, id } = await planned({ answer }, 60);
      await room.work();
      expect(await editionOf(room, id)).toMatchObject({ state: 'complete' });
    }
  });
});

describe('an edition stops by itself', () => {
  const limits = { bounceShare: 0.05, complaintShare: 0.001, bounces: 10, complaints: 3 };
  const nothing = { sent: 0, bounced: 0, complained: 0 };
  const stands = (sent: number, bounced: number, complained: number) => ({
    ...{
      counts: {
        audience: sent,
        ready: 0,
        claimed: 0,
        sending: 0,
        sent,
        failed: 0,
        suppressed: 0,
        unknown: 0,
        cancelled: 0,
      },
    },
    ...{ discrepancy: 0, unknownSince: null, sentIn: {}, bounced, complained, openPages: [], closable: [] },
  });

  test('above a share of bounces or complaints, but not for one of ten', () => {
    const troubles = [
      [10, 1, 0],
      [100, 9, 0],
      [200, 10, 0],
      [199, 10, 0],
      [1000, 0, 2],
      [2999, 0, 3],
      [3000, 0, 3],
    ].map(([sent = 0, bounced = 0, complained = 0]) =>
      troubleOf(limits, { accepted: nothing }, stands(sent, bounced, complained)),
    );
    expect(troubles).toEqual([
      ...[undefined, undefined, undefined, 'TooManyBounces'],
      ...[undefined, 'TooManyComplaints', undefined],
    ]);
  });

  test('but not for what a person has accepted', () => {
    const accepted = { sent: 500, bounced: 60, complained: 5 };
    expect(troubleOf(limits, { accepted }, stands(700, 69, 5))).toBeUndefined();
    expect(troubleOf(limits, { accepted }, stands(699, 70, 5))).toBe('TooManyBounces');
    expect(troubleOf(limits, { accepted }, stands(700, 60, 8))).toBe('TooManyComplaints');
  });
});

describe('the doorbells of a long edition', () => {
  test('are rung a few hundred at a time, as those before are done', async () => {
    const room = theRoom();
    const edition = await aBigEdition(room.ledger, { pages: 1000, stateOf: () => 'ready', rung: 0 });
    const rung = () => room.queue.flatMap((message) => ('page' in message ? message.page : []));
    await lookAtEdition(room.planning, { edition: edition.id });
    expect([rung().length, Math.max(...rung())]).toEqual([400, 400]);
    await lookAtEdition(room.planning, { edition: edition.id });
    expect(rung()).toHaveLength(400);
    for (let page = 1; page <= 150; page++) {
      const there = await room.ledger.page(edition.id, page);
      await room.ledger.savePage({ ...(there ?? fail()), deliveries: [{ reader: `r${page}`, state: 'sent' }] });
    }
    await lookAtEdition(room.planning, { edition: edition.id });
    expect([rung().length, Math.max(...rung())]).toEqual([550, 550]);
    expect(await room.ledger.tallies(edition.id)).toMatchObject([{ group: 1, sum: { counts: { sent: 100 } } }]);
  });

  test('ring again from the first page that is open when it was stopped and goes on', async () => {
    const room = theRoom();
    const { id } = await aBigEdition(room.ledger, {
      pages: 600,
      stateOf: (page) => (page < 10 ? 'sent' : 'ready'),
      rung: 0,
    });
    await lookAtEdition(room.planning, { edition: id });
    await takeAction(room.newsletters, id, 'hold', { unknown: false });
    expect(await editionOf(room, id)).toMatchObject({ state: 'paused', rung: 400, reach: 400 });
    room.queue.length = 0;
    await takeAction(room.newsletters, id, 'send', { unknown: false });
    await lookAtEdition(room.planning, { edition: id });
    expect(room.queue.flatMap((message) => ('page' in message ? message.page : []))).toEqual(
      Array.from({ length: 400 }, (_, i) => i + 10),
    );
    expect((await standing(room, id)).counts).toMatchObject({ audience: 600, ready: 591, sent: 9 });
  });

  test('say nothing of pages that are not due: such a page is not touched', async () => {
    const room = theRoom();
    const edition = await aBigEdition(room.ledger, { pages: 10, stateOf: () => 'ready', rung: 4 });
    await sendPage(room.sending, { edition: edition.id, page: 5 });
    expect(await room.ledger.page(edition.id, 5)).toMatchObject({ version: 1 });
  });
});

const fail = (): never => {
  throw new Error('It is not there.');
};

describe('deliveries that stay unknown', () => {
  const lost = (to: string): SendResult =>
    to.startsWith('reader1@') ? { is: 'unknown', code: 'timeout' } : accepted();

  test('are told to a person after a quarter of an hour, once, and are not sent again', async () => {
    const { room, id } = await planned({ answer: ({ to }) => lost(to) }, 3);
    await room.work();
    expect(await editionOf(room, id)).toMatchObject({ state: 'complete', watched: true });
    await aMinute(room, 14);
    expect(told('edition.unknown', id)).toBe(0);
    await aMinute(room, 100);
    expect(told('edition.unknown', id)).toBe(1);
    expect(await editionOf(room, id)).toMatchObject({ state: 'complete', watched: false, retries: [] });
    expect(room.sent).toHaveLength(2);
  });

  test('are forgotten about when SES tells in time', async () => {
    const { room, id } = await planned({ answer: ({ to }) => lost(to) }, 3);
    await room.work();
    const [page] = await room.ledger.pages(id, { after: 0 });
    const index = page?.deliveries.findIndex(({ state }) => state === 'unknown');
    await settleByEvent(room.ledger, { edition: id, delivery: `1-${index}`, event: 'sent', messageId: 'm' });
    await aMinute(room, 30);
    expect(told('edition.unknown', id)).toBe(0);
    expect(await editionOf(room, id)).toMatchObject({ watched: false });
    expect((await standing(room, id)).counts).toMatchObject({ sent: 3, unknown: 0 });
  });

  test('are told while an edition is still being sent', async () => {
    let calls = 0;
    const answer = (): SendResult => (++calls === 1 ? { is: 'unknown', code: 'timeout' } : accepted());
    const { room, id } = await planned({ answer }, 30);
    await room.work(1);
    await sendPage({ ...room.sending, speed: { ...atOnce, enter: async () => 3 } }, { edition: id, page: 1 });
    room.later(16 * MINUTE_MS);
    await lookAtEdition(room.planning, { edition: id });
    await lookAtEdition(room.planning, { edition: id });
    expect(told('edition.unknown', id)).toBe(1);
    expect((await standing(room, id)).counts).toMatchObject({ audience: 30, sent: 8, unknown: 1, ready: 21 });
  });

  test('are sent again after an hour, once, where the newsletter wants that, and the ledger says to whom', async () => {
    let first = true;
    const answer = ({ to }: { to: string }): SendResult => {
      const result = first ? lost(to) : accepted();
      if (result.is === 'unknown') first = false;
      return result;
    };
    const { room, id } = await planned({ newsroom: newsroomWith({ onUnknown: 'resend' }), answer }, 3);
    await room.work();
    await aMinute(room, 59);
    expect(room.sent).toHaveLength(2);
    await aMinute(room, 3);
    expect(room.sent).toHaveLength(3);
    const edition = await editionOf(room, id);
    expect(edition).toMatchObject({ state: 'complete', watched: false, retries: [{ by: 'rule', unknown: true }] });
    const [page] = await room.ledger.pages(id, { after: 0 });
    const again = page?.deliveries.filter((one) => one.again !== undefined);
    expect(again).toMatchObject([{ state: 'sent', again: [{ was: 'unknown', because: 'timeout' }] }]);
    expect(page?.deliveries.map(({ state }) => state)).toEqual(['sent', 'sent', 'sent']);
  });

  test('may be sent again by the rule only once, also where they are lost again', async () => {
    const { room, id } = await planned(
      { newsroom: newsroomWith({ onUnknown: 'resend' }), answer: ({ to }) => lost(to) },
      3,
    );
    await room.work();
    await aMinute(room, 200);
    expect((await editionOf(room, id)).retries).toHaveLength(1);
    expect(await editionOf(room, id)).toMatchObject({ state: 'complete', watched: false });
    expect((await standing(room, id)).counts).toMatchObject({ audience: 3, sent: 2, unknown: 1 });
  });
});

describe('how far an edition is', () => {
  const counts = {
    audience: 1000,
    ready: 400,
    claimed: 50,
    sending: 50,
    sent: 480,
    failed: 10,
    suppressed: 10,
    unknown: 0,
    cancelled: 0,
  };

  test('is told with its speed of the last minutes, and how long the rest takes at that', () => {
    const samples = [{ at: '2026-05-04T08:00:00.000Z', done: 0 }];
    expect(progressOf({ state: 'sending', samples }, counts, '2026-05-04T08:00:50.000Z')).toEqual({
      ...{ done: 500, of: 1000, perSecond: 10, etaSeconds: 50 },
    });
  });

  test('is told without a guess where nothing can be known', () => {
    const at = '2026-05-04T08:00:00.000Z';
    expect(progressOf({ state: 'sending', samples: [] }, counts, at)).toMatchObject({
      perSecond: null,
      etaSeconds: null,
    });
    expect(progressOf({ state: 'paused', samples: [{ at, done: 0 }] }, counts, at)).toMatchObject({ etaSeconds: null });
    const still = [{ at, done: 500 }];
    expect(progressOf({ state: 'sending', samples: still }, counts, '2026-05-04T08:03:00.000Z')).toMatchObject({
      ...{ perSecond: 0, etaSeconds: null },
    });
  });

  const begun = '2026-05-04T08:00:00.000Z';
  /** Of 51,000 a day a thousand are kept for confirmations. */
  const quota = { at: begun, perSecond: 14, perDay: 50_000, left: 10_000, done: 0 };
  const going = { state: 'sending', startedAt: begun, samples: [{ at: begun, done: 0 }], quota } as const;
  const of = (audience: number, sent: number) => ({
    ...counts,
    ...{ audience, sent, ready: audience - sent, claimed: 0, sending: 0, failed: 0, suppressed: 0 },
  });

  test('for more readers than the day has mails takes days, and says when it goes on', () => {
    // 1,400 in 100 seconds; 8,600 more today, 40,000 tomorrow.
    expect(progressOf(going, of(50_000, 1400), addMs(begun, 100 * SECOND_MS))).toEqual({
      ...{ done: 1400, of: 50_000, perSecond: 14, resumesAround: '2026-05-05T08:00:00.000Z' },
      etaSeconds: 86_400 - 100 + Math.ceil(40_000 / 14),
    });
    // Ten today, fifty on each of two days, ten on the third.
    expect(progressOf(going, of(120_000, 1400), addMs(begun, 100 * SECOND_MS)).etaSeconds).toBe(
      3 * 86_400 - 100 + Math.ceil(10_000 / 14),
    );
    expect(progressOf(going, of(10_000, 1400), addMs(begun, 100 * SECOND_MS))).toEqual({
      ...{ done: 1400, of: 10_000, perSecond: 14, etaSeconds: Math.ceil(8600 / 14) },
    });
  });

  test('that waits for the quota says when that is back, a day after its first mails, and goes on mail by mail then', () => {
    const paused = (at: string, because = 'DailyQuotaExceeded') =>
      ({ ...going, state: 'paused', paused: { because, at } }) as const;
    const noon = '2026-05-04T12:00:00.000Z';
    expect(progressOf(paused(noon), of(50_000, 10_000), noon)).toMatchObject({
      ...{ perSecond: null, resumesAround: '2026-05-05T08:00:00.000Z' },
      etaSeconds: 20 * 3600 + Math.ceil(40_000 / 14),
    });
    // The next morning, while yesterday's mails leave the count.
    const morning = '2026-05-05T08:10:00.000Z';
    expect(progressOf(paused(morning), of(50_000, 20_000), morning)).toMatchObject({
      ...{ resumesAround: '2026-05-05T08:25:00.000Z', etaSeconds: Math.ceil(30_000 / 14) },
    });
    expect(progressOf(paused(noon, 'AccountSendingPaused'), of(50_000, 10_000), noon)).toMatchObject({
      ...{ etaSeconds: null, resumesAround: '2026-05-04T12:15:00.000Z' },
    });
    expect(progressOf(paused(noon, 'TooManyBounces'), of(50_000, 10_000), noon)).not.toHaveProperty('resumesAround');
  });

  test('knows what SES grants, and asks no more than once a minute', async () => {
    let asked = 0;
    const { checks } = someChecks(() => {
      asked++;
      return { perDay: 1050, sentLastDay: 20 };
    });
    const { room, id } = await planned({}, 60);
    await room.work(1);
    await sendPage(room.sending, { edition: id, page: 1 });
    const planning = { ...room.planning, checks };
    for (let i = 0; i < 5; i++) {
      room.later(11 * SECOND_MS);
      await lookAtEdition(planning, { edition: id });
    }
    expect(await editionOf(room, id)).toMatchObject({ quota: { perSecond: 14, perDay: 50, left: 30, done: 25 } });
    // Each answer asks three times what it is to be.
    expect(asked).toBeLessThanOrEqual(3);
    const view = progressOf(await editionOf(room, id), (await standing(room, id)).counts, room.now());
    expect(view).toMatchObject({ done: 25, of: 60, resumesAround: expect.any(String) });
  });

  test('is noted while it is sent, without a word of it in what says when it was last touched', async () => {
    const { room, id } = await planned({}, 60);
    await room.work(1);
    const before = await editionOf(room, id);
    room.later(30 * SECOND_MS);
    await sendPage(room.sending, { edition: id, page: 1 });
    await lookAtEdition(room.planning, { edition: id });
    const after = await editionOf(room, id);
    expect(after.samples.map(({ done }) => done)).toEqual([0, 25]);
    expect(after.touchedAt).toBe(before.touchedAt);
    const { counts: now } = await standingOf(room.ledger, after);
    expect(progressOf(after, now, room.now())).toMatchObject({ done: 25, of: 60, perSecond: 0.8, etaSeconds: 42 });
  });
});

test('the API tells how far an edition is, what it waits for, and what was heard of its mails', async () => {
  const { room, id } = await planned({ newsroom: careful }, 110);
  await room.work();
  await aMinute(room);
  await bounce(room, id, ['1-0']);
  const edition = await editionOf(room, id);
  const [newsletter] = careful.newsletters;
  expect(
    wholeView(edition, await standingOf(room.ledger, edition), { newsletter, statistics: null, now: room.now() }),
  ).toMatchObject({
    deliveries: { audience: 110, sent: 50, ready: 60 },
    progress: { done: 50, of: 110, waitsUntil: addMs(edition.first?.doneAt ?? '', 5 * MINUTE_MS) },
    ...{ feedback: { bounced: 1, complained: 0 }, retries: [] },
  });
});

describe('a day’s quota', () => {
  test('whose rest is kept for confirmations pauses an edition with that word; it goes on by itself', async () => {
    const { room, id } = await planned({}, 30);
    await room.work(1);
    const reserved = { ...room.sending, speed: { ...atOnce, enter: async () => 'reserved' as const } };
    await sendPage(reserved, { edition: id, page: 1 });
    await sendPage(reserved, { edition: id, page: 2 });
    expect(await editionOf(room, id)).toMatchObject({ state: 'paused', paused: { because: 'DailyQuotaReserved' } });
    expect(told('edition.paused', id)).toBe(1);
    expect(room.sent).toEqual([]);
    await aMinute(room, 16);
    expect(room.sent).toHaveLength(30);
    expect(await editionOf(room, id)).toMatchObject({ state: 'complete' });
  });

  test('and a rate that others have for the moment bring a page’s doorbell back', async () => {
    const { room, id } = await planned({}, 3);
    await room.work(1);
    room.queue.length = 0;
    await sendPage(
      { ...room.sending, speed: { ...atOnce, enter: async () => 'busy' as const } },
      { edition: id, page: 1 },
    );
    expect(room.queue).toEqual([{ edition: id, page: 1 }]);
    expect(await editionOf(room, id)).toMatchObject({ state: 'sending' });
  });
});

test('an edition that an earlier release began is read, counted and brought to its end', async () => {
  const { room, id } = await planned({}, 30);
  await room.work(1);
  const item = await room.table.get({ pk: 'EDITIONS#city-news', sk: `${id.replace('city-news-weekly-', '')}#weekly` });
  const {
    reach: _,
    first: __,
    accepted: ___,
    samples: ____,
    watched: _____,
    toldAt: ______,
    retries: _______,
    ...old
  } = item ?? fail();
  await room.table.put(old);
  room.later(HOUR_MS);
  await changeEdition(room.ledger, id, (there) => ({ ...there, touchedAt: room.now() }));
  await room.work();
  expect(await editionOf(room, id)).toMatchObject({ state: 'complete', audience: 30 });
  expect(room.sent).toHaveLength(30);
});
