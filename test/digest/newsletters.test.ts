import { describe, expect, test } from 'vitest';
import { aDoor } from './support/aDoor.ts';
import { aNewsroom } from './support/aPress.ts';
import { aSubscriber } from './support/aSubscriber.ts';

const withApproval = () => {
  const newsroom = aNewsroom();
  return { ...newsroom, newsletters: newsroom.newsletters.map((one) => ({ ...one, approval: 'required' as const })) };
};

const EDITIONS = '/api/v1/newsletters/city-news/editions';

describe('the newsletters', () => {
  test('are listed with their cadences and when each comes next', async () => {
    const { call } = await aDoor();
    const { status, json } = await call('GET', '/api/v1/newsletters');
    expect(status).toBe(200);
    expect(json).toMatchObject({
      items: [
        {
          id: 'city-news',
          languages: ['en', 'fr'],
          approval: 'none',
          cadences: [
            { cadence: 'daily', next: '2026-05-05T07:00:00.000Z' },
            { cadence: 'weekly', next: '2026-05-04T08:00:00.000Z' },
          ],
        },
      ],
    });
  });

  test('are nobody’s business without the key', async () => {
    const { call } = await aDoor();
    expect((await call('GET', '/api/v1/newsletters', undefined, { authorization: 'Bearer wrong' })).status).toBe(401);
  });
});

describe('an edition', () => {
  test('is planned by a post, sent, and told with what became of its deliveries', async () => {
    const { room, call } = await aDoor();
    await room.join(aSubscriber('ana'), aSubscriber('ben'));
    room.wire.publish();
    const posted = await call('POST', EDITIONS, { cadence: 'weekly' });
    expect(posted).toMatchObject({
      status: 201,
      json: { newsletter: 'city-news', cadence: 'weekly', state: 'planned', slot: null, covers: null },
    });
    await room.work();
    const { status, json } = await call('GET', `/api/v1/editions/${posted.json['id']}`);
    expect(status).toBe(200);
    expect(json).toMatchObject({ state: 'complete', audience: 2, covers: { after: 0, upTo: 1 } });
    expect(json['deliveries']).toEqual({
      audience: 2,
      ready: 0,
      claimed: 0,
      sending: 0,
      sent: 2,
      failed: 0,
      suppressed: 0,
      unknown: 0,
      cancelled: 0,
    });
    const listed = await call('GET', `${EDITIONS}?limit=1`);
    expect(listed.json).toMatchObject({
      items: [{ id: posted.json['id'], state: 'complete' }],
      next: posted.json['id'],
    });
    expect((await call('GET', `${EDITIONS}?limit=1&before=${posted.json['id']}`)).json).toEqual({ items: [] });
  });

  test('is not made of nothing', async () => {
    const { call } = await aDoor();
    expect(await call('POST', EDITIONS, { cadence: 'weekly' })).toMatchObject({ status: 200, json: { empty: true } });
  });

  test.each([
    [true, 201],
    [false, 200],
  ])(
    'of nothing but a correction is made by a post as by a slot: only where the newsletter says so (%s)',
    async (correctionsAlone, status) => {
      const newsroom = aNewsroom();
      const newsletters = newsroom.newsletters.map((one) => ({ ...one, correctionsAlone }));
      const { room, call } = await aDoor({ newsroom: { ...newsroom, newsletters } });
      await room.join(aSubscriber('ana'));
      const boat = room.wire.publish({ title: 'Boat' });
      await call('POST', EDITIONS, { cadence: 'weekly' });
      await room.work();
      room.later(60_000);
      room.wire.retract(boat, { reason: 'There is no boat.', at: room.now() });
      room.later(60_000);
      expect(await call('POST', EDITIONS, { cadence: 'weekly' })).toMatchObject({ status });
      await room.work();
      expect(room.sent).toHaveLength(correctionsAlone ? 2 : 1);
    },
  );

  test('posted again with the same key is the same', async () => {
    const { room, call } = await aDoor();
    room.wire.publish();
    const headers = { 'idempotency-key': 'monday' };
    const first = await call('POST', EDITIONS, { cadence: 'weekly' }, headers);
    const again = await call('POST', EDITIONS, { cadence: 'weekly' }, headers);
    expect(again.json['id']).toBe(first.json['id']);
    expect((await call('POST', EDITIONS, { cadence: 'daily' }, headers)).json['id']).not.toBe(first.json['id']);
  });

  test.each([
    [{ cadence: 'monthly' }, 400, 'The newsletter “city-news” is not sent monthly.'],
    [{ cadence: 'yearly' }, 400, 'cadence'],
    [{}, 400, 'cadence'],
    [{ cadence: 'weekly', to: 'all' }, 400, 'The body has a field that is not known here: “to”.'],
  ])('asked for with %j is refused in one sentence', async (body, status, sentence) => {
    const { call } = await aDoor();
    const answer = await call('POST', EDITIONS, body);
    expect(answer.status).toBe(status);
    expect(answer.json['detail']).toContain(sentence);
  });

  test('that is not there is not found, nor is its newsletter', async () => {
    const { call } = await aDoor();
    expect((await call('GET', '/api/v1/editions/city-news-weekly-20200101T080000Z')).status).toBe(404);
    expect((await call('GET', '/api/v1/editions/nonsense')).status).toBe(404);
    expect((await call('POST', '/api/v1/editions/nonsense/send')).status).toBe(404);
    expect((await call('POST', '/api/v1/newsletters/other/editions', { cadence: 'weekly' })).status).toBe(404);
  });

  test('asked twice for the same answers twice the same: whoever did not hear the first answer may ask again', async () => {
    const { room, call } = await aDoor({ newsroom: withApproval() });
    await room.join(aSubscriber('ana'));
    room.wire.publish();
    const { json } = await call('POST', EDITIONS, { cadence: 'weekly' });
    await room.work();
    const path = `/api/v1/editions/${json['id']}`;
    for (const [action, state] of [
      ['hold', 'held'],
      ['approve', 'approved'],
      ['hold', 'held'],
      ['cancel', 'cancelled'],
    ]) {
      for (let i = 0; i < 2; i++)
        expect(await call('POST', `${path}/${action}`)).toMatchObject({ status: 200, json: { state } });
    }
    expect((await call('POST', `${path}/approve`)).status).toBe(409);
  });

  test('that SES has paused is held by a person for as long as he likes', async () => {
    const { room, call } = await aDoor();
    await room.join(aSubscriber('ana'));
    room.wire.publish();
    const { json } = await call('POST', EDITIONS, { cadence: 'weekly' });
    await room.work(3);
    const path = `/api/v1/editions/${json['id']}`;
    const sending = await room.ledger.edition(String(json['id']));
    if (!sending) throw new Error('There is no edition.');
    const because = (word: string) => ({ because: word, at: room.now() });
    const paused = await room.ledger.save({ ...sending, state: 'paused', paused: because('DailyQuotaExceeded') });
    expect((await call('POST', `${path}/hold`)).json).toMatchObject({ state: 'paused', pausedBecause: 'person' });
    expect(paused).toBeDefined();
    expect((await call('POST', `${path}/hold`)).status).toBe(200);
    expect((await call('POST', `${path}/send`)).json).toMatchObject({ state: 'sending' });
    expect((await call('POST', `${path}/send`)).status).toBe(200);
  });

  test.each([
    ['POST', `${EDITIONS}`, { cadence: 'yearly' }, 'cadence', 'it must be one of immediate, daily, weekly, monthly'],
    ['POST', `${EDITIONS}`, { cadence: 'weekly', undoMinutes: 999 }, 'undoMinutes', 'it must be 240 at most'],
    ['POST', `${EDITIONS}`, {}, 'cadence', 'The field “cadence” of the body is missing.'],
    ['GET', `${EDITIONS}?before=garbage`, undefined, 'before', 'the page before'],
    ['GET', `${EDITIONS}?before=other-news-weekly-20260504T080000Z`, undefined, 'before', 'the page before'],
    ['GET', `${EDITIONS}?limit=x`, undefined, 'limit', 'it must be a number'],
  ])('%s %s %j is refused by the field’s name, in words for people', async (method, path, body, field, words) => {
    const { call } = await aDoor();
    const answer = await call(method, path, body);
    expect(answer).toMatchObject({ status: 400, json: { field } });
    expect(answer.json['detail']).toContain(words);
  });

  test('says in which state it is when it cannot do what is asked', async () => {
    const { room, call } = await aDoor();
    await room.join(aSubscriber('ana'));
    room.wire.publish();
    const { json } = await call('POST', EDITIONS, { cadence: 'weekly' });
    const path = `/api/v1/editions/${json['id']}`;
    const early = await call('POST', `${path}/hold`);
    expect(early).toMatchObject({ status: 409, json: { detail: 'The edition is planned, and so it cannot be held.' } });
    await room.work();
    for (const action of ['approve', 'send', 'hold', 'cancel']) {
      const answer = await call('POST', `${path}/${action}`);
      expect(answer.status).toBe(409);
      expect(answer.json['detail']).toContain('The edition is complete');
    }
    expect(await call('POST', `${path}/retry`)).toMatchObject({ status: 200, json: { state: 'approved' } });
    await room.work();
    expect(room.sent).toHaveLength(1);
    expect((await call('POST', `${path}/retry`, { unknown: true })).status).toBe(200);
    expect((await call('POST', `${path}/retry`, { everybody: true })).status).toBe(400);
  });
});
