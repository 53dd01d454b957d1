import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { MINUTE_MS } from '../../functions/shared/time.ts';
import { aDoor } from './support/aDoor.ts';
import { aNewsroom } from './support/aPress.ts';
import { aSubscriber } from './support/aSubscriber.ts';
import { someChecks } from './support/someChecks.ts';

type Outside = ReturnType<NonNullable<Parameters<typeof someChecks>[0]>>;

const withApproval = {
  ...aNewsroom(),
  newsletters: aNewsroom().newsletters.map((one) => ({ ...one, approval: 'required' as const })),
};

const findings = z.array(z.object({ code: z.string() }));
const shown = z.object({
  state: z.string(),
  approvedBy: z.string().nullable(),
  preflight: z.object({ state: z.string(), at: z.string().nullable(), refusals: findings }).nullable(),
});

/** An edition of two articles, ferry and square, that waits for an approval and then so many minutes; the world outside may be changed. */
const waiting = async (undoMinutes = 0) => {
  let outside: Outside = {};
  const world = someChecks(() => outside);
  const door = await aDoor({ newsroom: withApproval, checks: world.checks });
  const { room } = door;
  // Far from the next slot, which would supersede it.
  room.turnTo('2026-05-05T09:00:00.000Z');
  await room.join(aSubscriber('ana'), aSubscriber('ben'));
  const ferry = room.wire.publish({ title: 'Ferry' });
  const square = room.wire.publish({ title: 'Square' });
  const asked = await door.call('POST', '/api/v1/newsletters/city-news/editions', { cadence: 'weekly', undoMinutes });
  await room.work();
  const path = `/api/v1/editions/${String(asked.json['id'])}`;
  const soon = { at: '2026-05-05T09:01:00.000Z' };
  return {
    ...{ ...door, ...world, path, ferry, square },
    retract: (one: typeof square) => room.wire.retract(one, soon),
    revise: (one: typeof square, what: Parameters<typeof room.wire.revise>[1]) => room.wire.revise(one, what, soon),
    turn: (to: Outside) => {
      outside = to;
    },
    now: async () => {
      const { state, approvedBy, preflight } = shown.parse((await door.call('GET', path)).json);
      return { state, approvedBy, refusals: preflight?.refusals.map(({ code }) => code), at: preflight?.at };
    },
    aMinute: async (minutes = 1) => {
      room.later(minutes * MINUTE_MS);
      await room.sweep();
      await room.work();
    },
    told: () =>
      room.sent.map(({ raw }) => {
        const mail = Buffer.from(raw).toString();
        const text = mail.split('text/html')[0] ?? '';
        const titles = [...text.matchAll(/(?:LEAD|ARTICLE)\((\w+)/g)].map(([, title]) => title);
        return `${/^Subject: (.*)\r$/m.exec(mail)?.[1]}: ${titles.join(' ')}`;
      }),
  };
};

describe('what is retracted while an edition waits', () => {
  test('is in no preview and no test mail from that moment on', async () => {
    const { ask, call, room, path, square, ferry, retract, revise, told } = await waiting();
    await call('PUT', `${path}/curation`, { pinned: [square.article.id], subject: { en: 'The square is back' } });
    await room.work();
    retract(square);
    revise(ferry, { title: 'Ferries' });
    const page = await ask('GET', `${path}/preview?languages=en`);
    expect(page.body).toContain('LEAD(Ferries');
    expect(page.body).not.toContain('Square');
    const { json } = await call('POST', `${path}/test`, { to: 'desk@news.example', languages: ['en'] });
    expect(json).toMatchObject({ state: 'sent', subject: '[Test] Ferries' });
    expect(told()).toEqual(['[Test] Ferries: Ferries']);
  });

  test('holds an approved edition where an editor wrote over it, until he has read his words again', async () => {
    const { call, path, square, retract, aMinute, now, told } = await waiting(9);
    const words = { subject: { en: 'The square is back' }, intro: { en: 'Dear readers' } };
    await call('PUT', `${path}/curation`, { ...words, pinned: [square.article.id] });
    await aMinute();
    await call('POST', `${path}/approve`);
    await aMinute();
    expect(await now()).toMatchObject({ state: 'approved', refusals: [] });
    retract(square);
    await aMinute();
    expect(await now()).toMatchObject({ state: 'held', refusals: ['own-words'] });
    await aMinute(30);
    expect(told()).toEqual([]);
    await call('PUT', `${path}/curation`, { intro: { en: 'Dear readers, no square' } });
    await aMinute();
    expect(await now()).toMatchObject({ state: 'held', refusals: [] });
    await call('POST', `${path}/approve`);
    await aMinute(10);
    expect(told()).toEqual(['Ferry: Ferry', 'Ferry: Ferry']);
  });

  test('takes with it the subject that was written for it, whoever sends all the same', async () => {
    const { call, path, square, retract, aMinute, told } = await waiting();
    await call('PUT', `${path}/curation`, { subject: { en: 'The square is back' }, pinned: [square.article.id] });
    await aMinute();
    retract(square);
    await aMinute();
    await call('POST', `${path}/approve`);
    await aMinute();
    expect(told()).toEqual(['Ferry: Ferry', 'Ferry: Ferry']);
  });

  test('leaves a subject alone that was written for something else', async () => {
    const { call, path, square, ferry, retract, aMinute, told } = await waiting();
    await call('PUT', `${path}/curation`, { subject: { en: 'Boats!' }, pinned: [ferry.article.id] });
    await aMinute();
    retract(square);
    await aMinute();
    await call('POST', `${path}/approve`);
    await aMinute();
    expect(told()).toEqual(['Boats!: Ferry', 'Boats!: Ferry']);
  });

  test('is gone while it is sent too, with the subject that was written for it', async () => {
    const { call, room, path, square, retract, aMinute, told } = await waiting();
    await call('PUT', `${path}/curation`, { subject: { en: 'The square is back' }, pinned: [square.article.id] });
    await aMinute();
    await call('POST', `${path}/approve`);
    // It begins; its page is still in the queue.
    await room.work(1);
    expect(room.queue).toMatchObject([{ page: 1 }]);
    retract(square);
    await room.work();
    expect(told()).toEqual(['Ferry: Ferry', 'Ferry: Ferry']);
  });

  test('asks for no second approval: mails only say less', async () => {
    const { call, path, square, retract, aMinute, now, told } = await waiting(9);
    await call('POST', `${path}/approve`, undefined, { authorization: 'Bearer key-of-Ana' });
    retract(square);
    await aMinute();
    expect(await now()).toMatchObject({ state: 'approved', approvedBy: 'Ana' });
    await aMinute(10);
    expect(told()).toEqual(['Ferry: Ferry', 'Ferry: Ferry']);
  });

  test('is seen by an edition that is held, in a minute', async () => {
    const { call, room, path, square, retract, aMinute, now } = await waiting();
    await call('PUT', `${path}/curation`, { intro: { en: 'Dear readers' } });
    await aMinute();
    await call('POST', `${path}/hold`);
    room.wire.publish({ title: 'New' });
    await aMinute();
    expect(await now()).toMatchObject({ state: 'held', refusals: [] });
    retract(square);
    await aMinute();
    expect(await now()).toMatchObject({ state: 'held', refusals: ['own-words'] });
  });
});

describe('what is revised after an approval', () => {
  test('needs another one where mails say something else', async () => {
    const { call, path, square, revise, aMinute, now, told } = await waiting(9);
    await call('POST', `${path}/approve`, undefined, { authorization: 'Bearer key-of-Ana' });
    revise(square, { title: 'Squares' });
    await aMinute();
    expect(await now()).toMatchObject({ state: 'ready', approvedBy: null });
    await aMinute(30);
    expect(told()).toEqual([]);
    await call('POST', `${path}/approve`);
    await aMinute(10);
    expect(told()).toEqual(['Squares: Squares Ferry', 'Squares: Squares Ferry']);
  });

  test('needs none where only the text was mended that no mail carries', async () => {
    const { call, path, square, revise, aMinute, now } = await waiting(9);
    await call('POST', `${path}/approve`, undefined, { authorization: 'Bearer key-of-Ana' });
    revise(square, { html: '<p>Another text.</p>' });
    await aMinute();
    expect(await now()).toMatchObject({ state: 'approved', approvedBy: 'Ana' });
  });
});

describe('a pre-flight', () => {
  test('is believed for a quarter of an hour; what begins later is looked over once more', async () => {
    const { call, path, turn, aMinute, now, told, pressed } = await waiting();
    await call('POST', `${path}/approve`);
    expect(pressed).toHaveLength(1);
    expect(told()).toEqual([]);
    turn({ oneClick: 503 });
    await aMinute(15);
    expect(await now()).toMatchObject({ state: 'held', refusals: ['one-click'] });
    expect(told()).toEqual([]);
    expect(pressed).toHaveLength(3);
  });

  test('is not repeated for what begins soon', async () => {
    const { call, path, turn, aMinute, told, pressed } = await waiting();
    await call('POST', `${path}/approve`);
    turn({ oneClick: 503 });
    await aMinute(14);
    expect([told().length, pressed.length]).toEqual([2, 1]);
  });

  test('does not hold again what a person has let go in spite of it', async () => {
    const { call, path, turn, aMinute, now, told } = await waiting(60);
    turn({ perDay: 200 });
    await call('POST', `${path}/preflight`);
    await aMinute();
    expect(await now()).toMatchObject({ state: 'held', refusals: ['sandbox'] });
    await call('POST', `${path}/approve`);
    await aMinute(61);
    expect(told()).toHaveLength(2);
  });

  test('holds it once more for what was not there when he did', async () => {
    const { call, path, turn, aMinute, now } = await waiting(60);
    turn({ perDay: 200 });
    await call('POST', `${path}/preflight`);
    await aMinute();
    await call('POST', `${path}/approve`);
    turn({ perDay: 200, verified: false });
    await aMinute(61);
    expect((await now()).refusals?.sort()).toEqual(['sandbox', 'sender']);
    expect(await now()).toMatchObject({ state: 'held' });
  });
});
