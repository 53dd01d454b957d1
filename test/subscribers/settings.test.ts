import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { DAY_MS, HOUR_MS } from '../../functions/shared/time.ts';
import { verifyChain } from '../../functions/subscribers/consent/chain.ts';
import { activeSubscription, type Subscriber } from '../../functions/subscribers/subscriber.ts';
import { suppress } from '../../functions/subscribers/suppress.ts';
import { memoryTable } from '../support/memoryTable.ts';
import { aRoom, openHouseForTests, type Room } from './aRoom.ts';

const ANA = 'ana@example.org';
const NEW = 'ana@elsewhere.example';

let house: Awaited<ReturnType<typeof openHouseForTests>>;
beforeAll(async () => {
  house = await openHouseForTests();
});
afterAll(() => house.close());

/** Ana, a weekly reader, and the path of her settings. */
const withAna = async (wish: object = {}) => {
  const table = memoryTable();
  const room = await aRoom(house, { table });
  await room.join(ANA, wish);
  const first = await room.subscribers.byAddress(ANA);
  if (!first) throw new Error('There is no Ana.');
  const ana = async (): Promise<Subscriber> => {
    const there = await room.subscribers.byId(first.id);
    if (!there) throw new Error('There is no Ana.');
    return there;
  };
  return {
    ...{ room, table, ana, id: first.id, settings: await room.linkFor('preferences', ANA) },
    subscription: async () => (await ana()).subscriptions[0],
    record: async () => room.subscribers.record(await ana()),
  };
};

const parse = (body: string): unknown => JSON.parse(body);
const mailsTo = (room: Room, address: string): number => room.sent.filter(({ to }) => to === address).length;

describe('a pause', () => {
  test('lasts until the morning of the day named, in the newsletter’s time zone, and ends by itself', async () => {
    const { room, settings, subscription, record } = await withAna();
    const answer = await room.postJson(`${settings}/pause`, { until: '2026-06-01' });
    expect([answer.status, parse(answer.body)]).toMatchObject([
      200,
      { state: 'paused', pausedUntil: '2026-05-31T22:00:00.000Z' },
    ]);
    expect((await subscription())?.pauses).toEqual([{ from: room.now(), until: '2026-05-31T22:00:00.000Z' }]);
    expect((await record()).map(({ what, until }) => [what, until])).toEqual([
      ['joined', undefined],
      ['paused', '2026-05-31T22:00:00.000Z'],
    ]);
    expect((await room.get(settings)).body).toContain('Paused until 1 June 2026.');
    room.wait(40 * DAY_MS);
    expect((await room.get(settings)).body).toContain('Pause until');
  });

  test.each([['2026-05-01'], ['2020-01-01'], ['2027-06-01'], ['2026-02-30'], ['tomorrow'], [''], [undefined]])(
    'until “%s” is refused, and changes nothing',
    async (until) => {
      const { room, settings, ana } = await withAna();
      const before = await ana();
      const refused = await room.postJson(`${settings}/pause`, { until });
      expect([refused.status, refused.body]).toEqual([400, expect.stringContaining('“until”')]);
      const page = await room.postForm(`${settings}/pause`, until === undefined ? [] : [['until', until]]);
      expect([page.status, page.body]).toEqual([400, expect.stringContaining('within a year')]);
      expect(await ana()).toEqual(before);
    },
  );

  test('is ended early by one button, and survives other changes', async () => {
    const { room, settings, subscription } = await withAna();
    await room.postForm(`${settings}/pause`, [['until', '2026-06-01']]);
    room.wait(HOUR_MS);
    await room.postJson(settings, { topics: ['climate'] });
    expect((await room.get(settings)).body).toContain('Paused until');
    const page = await room.postForm(`${settings}/pause`, [['resume', '1']]);
    expect(page.body).toContain('come to you again');
    expect((await subscription())?.pauses?.at(-1)?.until).toBe(room.now());
  });
});

describe('the last change', () => {
  test('can be taken back for a day, and so can that', async () => {
    const { room, settings, subscription } = await withAna();
    await room.postJson(settings, { cadence: 'daily', topics: ['climate'] });
    expect((await room.get(settings)).body).toContain(`action="${settings}/undo`);
    const undone = await room.press(`${settings}/undo`);
    expect(undone.body).toContain('The last change was taken back.');
    expect(undone.body).toContain('<s>Every day</s>');
    expect(await subscription()).toMatchObject({ cadence: 'weekly', topics: [] });
    await room.postJson(`${settings}/undo`, {});
    expect(await subscription()).toMatchObject({ cadence: 'daily', topics: ['climate'] });
    room.wait(DAY_MS);
    expect(parse((await room.postJson(`${settings}/undo`, {})).body)).toMatchObject({ state: 'unchanged' });
  });

  test('of a pause is a pause as well, and ends with it', async () => {
    const { room, settings } = await withAna();
    await room.postForm(`${settings}/pause`, [['until', '2026-06-01']]);
    expect(parse((await room.postJson(`${settings}/undo`, {})).body)).toMatchObject({ pausedUntil: null });
    expect(parse((await room.postJson(`${settings}/undo`, {})).body)).toMatchObject({
      pausedUntil: '2026-05-31T22:00:00.000Z',
    });
  });
});

describe('another address', () => {
  const moving = async (to = NEW) => {
    const there = await withAna({ languages: ['fr'] });
    const asked = await there.room.postForm(`${there.settings}/address`, [['email', to]]);
    await there.room.hearBells();
    return { ...there, asked };
  };

  test('is used when its own mail was clicked; the old one is told, the id stays, and old links work', async () => {
    const { room, settings, id, asked, ana, record } = await moving();
    expect([asked.status, asked.body]).toEqual([202, expect.stringContaining('un courriel lui est envoyé')]);
    expect((await ana()).address).toBe(ANA);
    const mail = await room.lastMail();
    expect([mail.to, mail.parsed.subject]).toEqual([NEW, 'Confirmez votre nouvelle adresse pour Delta & Sons <b>']);
    expect(mail.text + mail.html).not.toContain(ANA);
    expect((await room.get(mail.link)).body).toContain(NEW);
    expect((await ana()).address).toBe(ANA);
    expect((await room.press(mail.link)).body).toContain('Votre adresse est modifiée');
    await room.hearBells();
    expect((await room.subscribers.byAddress(NEW))?.id).toBe(id);
    expect(await room.subscribers.byAddress(ANA)).toBeUndefined();
    expect((await room.lastMail()).to).toBe(ANA);
    expect((await room.get(settings)).body).toContain(NEW);
    const records = await record();
    expect(records.map(({ what }) => what)).toEqual(['joined', 'moved']);
    expect(records[0]?.person).not.toBe(records[1]?.person);
    expect(verifyChain(records)).toEqual({ is: 'whole' });
  });

  test('pressed twice says the same; the old address is told once', async () => {
    const { room } = await moving();
    const { link } = await room.lastMail();
    for (let i = 0; i < 2; i++) expect((await room.press(link)).status).toBe(200);
    await room.hearBells();
    expect(mailsTo(room, ANA)).toBe(2);
  });

  test('is never confirmed by the link of an earlier wish, not even after an erasure and a new beginning', async () => {
    const { room, settings, ana } = await moving('ana@of-her-own.example');
    const { link: early } = await room.lastMail();
    await room.press(`${settings}/erase`);
    room.wait(25 * HOUR_MS);
    await room.join(ANA);
    const again = await room.linkFor('preferences', ANA);
    expect((await room.postJson(`${again}/address`, { email: 'somebody@else.example' })).status).toBe(202);
    await room.hearBells();
    expect((await room.lastMail()).to).toBe('somebody@else.example');
    expect((await room.press(early)).status).toBe(404);
    expect((await ana()).address).toBe(ANA);
  });

  test('is taken back by the link in the old one’s mail, and then for good', async () => {
    const { room, id } = await moving();
    await room.press((await room.lastMail()).link);
    await room.hearBells();
    const { link } = await room.lastMail();
    await room.press(link);
    await room.hearBells();
    expect((await room.subscribers.byAddress(ANA))?.id).toBe(id);
    expect(await room.subscribers.byAddress(NEW)).toBeUndefined();
    const last = await room.lastMail();
    expect([last.to, last.link]).toEqual([NEW, '']);
  });

  test('that has a subscription of its own stays as it is', async () => {
    const { room, ana } = await moving();
    const { link } = await room.lastMail();
    room.wait(DAY_MS);
    await room.join(NEW);
    const answer = await room.press(link);
    expect([answer.status, answer.body]).toEqual([409, expect.stringContaining('Un abonnement existe déjà')]);
    expect((await ana()).address).toBe(ANA);
  });

  test('gets no more mails than a form could send to it, whoever asks, and the answer does not tell', async () => {
    const { room, settings } = await withAna();
    const answers = new Set<string>();
    for (let hour = 0; hour < 200; hour++) {
      answers.add((await room.postJson(`${settings}/address`, { email: NEW })).body);
      await room.hearBells();
      room.wait(2 * HOUR_MS);
    }
    expect(mailsTo(room, NEW)).toBeLessThanOrEqual(3);
    expect([...answers].every((one) => /asked|too-soon/.test(one))).toBe(true);
  });

  test('is forgotten when the link to it has died', async () => {
    const { room, ana, table } = await moving();
    const { link } = await room.lastMail();
    room.wait(3 * DAY_MS + 2 * HOUR_MS);
    await room.sweep();
    expect((await room.press(link)).status).toBe(404);
    expect((await ana()).letters).toEqual([]);
    // What stays of the new address is what a sign-up leaves that nobody confirmed, and the table forgets it.
    const kept = table.items().filter((item) => JSON.stringify(item).includes(NEW));
    expect(kept.every((item) => typeof item['expiresAtSeconds'] === 'number')).toBe(true);
  });

  test.each([['no address'], ['a@b'], [`${'x'.repeat(300)}@example.org`]])('“%s” is refused', async (email) => {
    const { room, settings, ana } = await withAna();
    const before = await ana();
    expect((await room.postJson(`${settings}/address`, { email })).status).toBe(400);
    expect((await room.postForm(`${settings}/address`, [['email', email]])).status).toBe(400);
    expect(await ana()).toEqual(before);
  });
});

describe('what is known', () => {
  test('is a download: address, choices and the whole record with its proof', async () => {
    const { room, settings } = await withAna({ topics: ['climate'] });
    const answer = await room.get(`${settings}/data`);
    expect(answer.headers).toMatchObject({
      'content-disposition': 'attachment; filename="my-data.json"',
      'cache-control': 'no-store',
    });
    expect(parse(answer.body)).toMatchObject({
      email: ANA,
      subscriptions: [{ newsletter: 'delta-post', state: 'active', topics: ['climate'] }],
      consent: { verdict: { is: 'whole' }, records: [{ what: 'joined', choices: { topics: ['climate'] } }] },
    });
  });

  test('of consent is handed to the newsroom as a proof, and to nobody else', async () => {
    const { room, id } = await withAna();
    const answer = await room.api(`/api/v1/subscribers/${id}/consent`);
    expect(parse(answer.body)).toMatchObject({ subscriber: id, verdict: { is: 'whole' }, records: [{ number: 1 }] });
    expect(answer.body).toContain('RFC 8785');
    expect(answer.body).not.toContain(ANA);
    expect((await room.get(`/api/v1/subscribers/${id}/consent`)).status).toBe(401);
  });
});

describe('an erasure', () => {
  const proof = z.object({
    records: z.array(z.looseObject({ what: z.string() })),
    verdict: z.object({ is: z.string() }),
  });

  test('by the reader takes the address out of every item, and leaves the proof whole', async () => {
    const { room, table, settings, id } = await withAna({ topics: ['climate'] });
    expect((await room.get(`${settings}/erase`)).body).toContain(ANA);
    expect(JSON.stringify(table.items())).toContain(ANA);
    expect((await room.press(`${settings}/erase`)).body).toContain('You are erased');
    const left = JSON.stringify(table.items());
    expect(left.toLowerCase()).not.toContain('ana@');
    expect(left).not.toContain('AUDIENCE#');
    expect((await room.press(`${settings}/erase`)).status).toBe(200);
    expect((await room.get(settings)).status).toBe(404);
    const shown = proof.parse(parse((await room.api(`/api/v1/subscribers/${id}/consent`)).body));
    expect([shown.verdict.is, shown.records.map(({ what }) => what)]).toEqual(['whole', ['joined', 'erased']]);
  });

  test('by the newsroom needs its key, and a reason that names nobody', async () => {
    const { room, id, ana } = await withAna();
    expect((await room.ask('DELETE', `/api/v1/subscribers/${id}`)).status).toBe(401);
    expect((await room.api(`/api/v1/subscribers/${id}?reason=asked%20by%20${ANA}`, 'DELETE')).status).toBe(400);
    expect((await ana()).address).toBe(ANA);
    expect((await room.api(`/api/v1/subscribers/${id}?reason=asked%20by%20phone`, 'DELETE')).status).toBe(200);
    expect((await room.api(`/api/v1/subscribers/${id}`, 'DELETE')).status).toBe(200);
    expect((await room.api(`/api/v1/subscribers/${'0'.repeat(32)}`, 'DELETE')).status).toBe(404);
    const records = await room.subscribers.record(await ana());
    expect(records.at(-1)).toMatchObject({ what: 'erased', because: 'newsroom: asked by phone' });
  });

  test('is undone by nobody but the owner, who signs up afresh and clicks', async () => {
    const { room, settings, ana, table } = await withAna();
    await room.press(`${settings}/erase`);
    room.wait(2 * DAY_MS);
    await room.postJson('/subscribe', { email: ANA, cadence: 'daily' });
    await room.hearBells();
    expect(activeSubscription(await ana(), 'delta-post')).toBeUndefined();
    expect((await ana()).suppressed?.because).toBe('erased');
    await room.press((await room.lastMail()).link);
    expect(await ana()).toMatchObject({ address: ANA, suppressed: null, subscriptions: [{ cadence: 'daily' }] });
    expect((await room.subscribers.record(await ana())).map(({ what }) => what)).toEqual([
      'joined',
      'erased',
      'joined',
    ]);
    expect(table.items().filter(({ sk }) => sk === 'SUBSCRIBER')).toHaveLength(1);
  });

  test('is complete again three days after a question that nobody answered', async () => {
    const { room, settings, table } = await withAna();
    await room.press(`${settings}/erase`);
    room.wait(2 * DAY_MS);
    await room.postJson('/subscribe', { email: ANA });
    await room.hearBells();
    const { link } = await room.lastMail();
    room.wait(3 * DAY_MS);
    await room.sweep();
    expect(JSON.stringify(table.items())).not.toContain('ana@');
    expect((await room.press(link)).status).toBe(404);
  });

  test('of whoever complained is for good: no form, no question', async () => {
    const { room, settings, id } = await withAna();
    await suppress(room, id, 'complaint', { at: room.now(), sentAt: room.now() });
    await room.press(`${settings}/erase`);
    const mails = room.sent.length;
    room.wait(40 * DAY_MS);
    expect((await room.postJson('/subscribe', { email: ANA })).status).toBe(202);
    await room.sweep();
    expect(room.sent).toHaveLength(mails);
    expect((await room.subscribers.byAddress(ANA))?.address).toBe('');
  });

  test('outlives what SES still tells of mails from before: then no question is mailed any more', async () => {
    const { room, settings, id, ana } = await withAna();
    await room.press(`${settings}/erase`);
    await suppress(room, id, 'complaint', { at: room.now(), sentAt: room.now() });
    expect((await ana()).suppressed).toMatchObject({ because: 'erased', formerly: 'complaint' });
    room.wait(40 * DAY_MS);
    await room.postJson('/subscribe', { email: ANA });
    await room.sweep();
    expect(mailsTo(room, ANA)).toBe(1);
  });
});

describe('a lost link', () => {
  test('is mailed to whoever has a subscription, with the same answer and the same work for everybody', async () => {
    const { room, settings } = await withAna();
    const calls: string[] = [];
    const counting = await aRoom(house, {
      table: memoryTable(({ is, key }) => void calls.push(`${is} ${key.pk.split('#')[0]}`)),
    });
    await counting.join(ANA);
    const workFor = async (email: string): Promise<string> => {
      calls.length = 0;
      const { status, body } = await counting.postJson('/preferences', { email });
      return JSON.stringify([status, body, calls, counting.bell.rung.splice(0).length]);
    };
    expect(new Set([await workFor(ANA), await workFor('nobody@example.org'), await workFor(ANA)]).size).toBe(1);
    await room.postForm('/preferences', [['email', 'ANA@example.org']]);
    await room.hearBells();
    const mail = await room.lastMail();
    expect([mail.to, mail.parsed.subject]).toEqual([ANA, 'Your settings at Delta & Sons <b>']);
    expect(new URL(mail.link).pathname).toBe(settings);
  });

  test('comes once a day and three times in all, and never to who never confirmed', async () => {
    const { room } = await withAna();
    for (let hour = 0; hour < 24 * 12; hour++) {
      await room.postJson('/preferences', { email: ANA });
      await room.postJson('/preferences', { email: 'nobody@example.org' });
      await room.hearBells();
      room.wait(HOUR_MS);
    }
    expect(mailsTo(room, ANA)).toBe(1 + 3);
    expect(mailsTo(room, 'nobody@example.org')).toBe(0);
  });
});

describe('fewer instead of none', () => {
  test('is offered behind the link for leaving, and can only make it less', async () => {
    const { room, subscription } = await withAna({ cadence: 'weekly' });
    const link = await room.linkFor('unsubscribe', ANA);
    const page = await room.get(`${link}?less=1`);
    expect(page.body).toContain('One mail a month');
    expect(page.body).not.toContain('One mail a week');
    await room.postForm(link, [['instead', 'weekly']]);
    expect(await subscription()).toMatchObject({ state: 'active', cadence: 'weekly' });
    expect((await room.postForm(link, [['instead', 'monthly']])).body).toContain('comes to you less often');
    expect(await subscription()).toMatchObject({ state: 'active', cadence: 'monthly' });
    expect((await room.postForm(link, [['instead', 'pause']])).body).toContain('31 May 2026');
    expect((await room.postForm(link, [['instead', 'nonsense']])).body).toContain('You have left');
  });
});
