import { expect, test } from 'vitest';
import type { Cadence } from '../../functions/shared/config.ts';
import { addMs, DAY_MS, epochSeconds, MINUTE_MS } from '../../functions/shared/time.ts';
import { change } from '../../functions/subscribers/change.ts';
import { confirm } from '../../functions/subscribers/confirming/confirm.ts';
import { enrol } from '../../functions/subscribers/joining/enrol.ts';
import { dynamoNetworkLimit } from '../../functions/subscribers/joining/networkLimit.dynamo.ts';
import { signUp } from '../../functions/subscribers/joining/signUp.ts';
import { leave } from '../../functions/subscribers/leaving/leave.ts';
import type { Subscribers } from '../../functions/subscribers/ports.ts';
import { changeChoices } from '../../functions/subscribers/preferences/changeChoices.ts';
import type { Subscriber } from '../../functions/subscribers/subscriber.ts';
import { suppress } from '../../functions/subscribers/suppress.ts';
import { memoryDoorbell } from '../support/memoryDoorbell.ts';
import { aWish, NEWSLETTER, START, seenAt, someChoices } from './aSubscriber.ts';
import { addressRow, onEveryTable } from './everyTable.ts';

const ANA = 'ana@readers.example';

const asking = async (subscribers: Subscribers, address = ANA, at = START): Promise<Subscriber> => {
  await enrol({ subscribers, bell: memoryDoorbell() }, address, aWish(at), at);
  return there(await subscribers.byAddress(address));
};

const joining = async (subscribers: Subscribers, address = ANA): Promise<Subscriber> => {
  const { id } = await asking(subscribers, address);
  await change(subscribers, id, (one) => confirm(one, { newsletter: NEWSLETTER, round: 1 }, seenAt(START)));
  return there(await subscribers.byId(id));
};

const there = (subscriber: Subscriber | undefined): Subscriber => {
  if (!subscriber) throw new Error('There is nobody.');
  return subscriber;
};

const audience = async (subscribers: Subscribers, cadence: Cadence = 'weekly'): Promise<string[]> =>
  (await subscribers.audience(NEWSLETTER, cadence, { limit: 1000 })).map(({ id }) => id);

onEveryTable((store) => {
  test('an address has one subscriber, however many sign up with it at the same time', async () => {
    const { subscribers } = store();
    const bell = memoryDoorbell<{ subscriber: string }>();
    await Promise.all(
      (['daily', 'weekly', 'monthly', 'daily', 'weekly'] as const).map((cadence) =>
        enrol({ subscribers, bell }, ANA, aWish(START, { cadence }), START),
      ),
    );
    expect(new Set(bell.rung.map(({ subscriber }) => subscriber)).size).toBe(1);
    expect(bell.rung).toHaveLength(5);
    expect(await subscribers.due(START, 10)).toEqual([bell.rung[0]?.subscriber]);
    expect((await subscribers.byAddress(ANA))?.unanswered.mails).toBe(1);
  });

  test('capitals make no second reader, and mails go to the spelling that came first', async () => {
    const { subscribers } = store();
    const { id } = await asking(subscribers, 'Ana@readers.example');
    expect(await asking(subscribers, 'ANA@readers.example')).toMatchObject({ id, address: 'Ana@readers.example' });
  });

  test('somebody who was never saved is nobody', async () => {
    const { subscribers } = store();
    const first = await subscribers.open(ANA, START);
    expect(first).toMatchObject({ version: 0, address: ANA });
    expect(await subscribers.byAddress(ANA)).toBeUndefined();
    expect(await subscribers.byId(first.id)).toBeUndefined();
    expect((await subscribers.open(ANA, START)).id).toBe(first.id);
  });

  test('subscribers come in the order they were asked for, without those there are not', async () => {
    const { subscribers } = store();
    const [ana, ben] = [await asking(subscribers), await asking(subscribers, 'ben@readers.example')];
    expect(await subscribers.byIds([ben.id, 'f'.repeat(32), ana.id])).toEqual([ben, ana]);
  });

  test('what was saved over a version that is gone is a conflict, and changes nothing', async () => {
    const { subscribers } = store();
    const before = await joining(subscribers);
    const one = leave(before, NEWSLETTER, seenAt(START)).subscriber;
    expect(await subscribers.save(before, one)).toBe('saved');
    const other = changeChoices(before, NEWSLETTER, someChoices({ cadence: 'daily' }), seenAt(START)).subscriber;
    expect(await subscribers.save(before, other)).toBe('conflict');
    const after = there(await subscribers.byId(before.id));
    expect(after).toMatchObject({ subscriptions: one.subscriptions, version: before.version + 1 });
    expect((await subscribers.record(after)).map(({ what }) => what)).toEqual(['joined', 'left']);
    expect(await audience(subscribers)).toEqual([]);
  });

  test('changes made at the same time are all made', async () => {
    const { subscribers } = store();
    const { id } = await joining(subscribers);
    await Promise.all([
      change(subscribers, id, (one) => signUp(one, { ...aWish(START), newsletter: 'harbour' }, START)),
      change(subscribers, id, (one) =>
        changeChoices(one, NEWSLETTER, someChoices({ cadence: 'daily', topics: ['climate'] }), seenAt(START)),
      ),
      suppress({ subscribers }, id, 'bounce', { at: START, sentAt: START }),
      suppress({ subscribers }, id, 'complaint', { at: START, sentAt: START }),
    ]);
    const after = there(await subscribers.byId(id));
    const { version, suppressed } = after;
    expect(suppressed?.because).toBe('complaint');
    const lines = (await subscribers.record(after)).map(({ what }) => what);
    expect(lines.filter((what) => what !== 'changed').slice(0, 2)).toEqual(['joined', 'suppressed']);
    // A save for the sign-up and one for the click, and since then one for each change that was not too late.
    expect(version).toBeGreaterThanOrEqual(2 + lines.length - 1);
  });

  test('two newsletters asked for at the same time are both asked about', async () => {
    const { subscribers } = store();
    const ask = (newsletter: string) =>
      enrol({ subscribers, bell: memoryDoorbell() }, ANA, { ...aWish(START), newsletter }, START);
    await Promise.all([ask('city-news'), ask('harbour')]);
    const { subscriptions } = there(await subscribers.byAddress(ANA));
    expect(subscriptions.map(({ newsletter, asked }) => [newsletter, asked?.mail.state]).sort()).toEqual([
      ['city-news', 'due'],
      ['harbour', 'due'],
    ]);
  });

  test('an audience is read page by page through all its shards, in the order of ids', async () => {
    const { subscribers } = store();
    const readers = await Promise.all(
      Array.from({ length: 40 }, (_, i) => joining(subscribers, `r${i}@readers.example`)),
    );
    const ids = readers.map(({ id }) => id).sort();
    expect(new Set(ids.map((id) => id[0])).size).toBeGreaterThan(3);
    const found: string[] = [];
    for (let after: string | undefined; ; after = found.at(-1)) {
      const page = await subscribers.audience(NEWSLETTER, 'weekly', { limit: 7, ...(after && { after }) });
      expect(page.length).toBeLessThanOrEqual(7);
      found.push(...page.map(({ id }) => id));
      if (page.length < 7) break;
    }
    expect(found).toEqual(ids);
  });

  test('a reader who changes pace moves from one audience to the other; one who leaves is in none', async () => {
    const { subscribers } = store();
    const { id } = await joining(subscribers);
    await change(subscribers, id, (one) =>
      changeChoices(one, NEWSLETTER, someChoices({ cadence: 'daily' }), seenAt(START)),
    );
    expect([await audience(subscribers, 'weekly'), await audience(subscribers, 'daily')]).toEqual([[], [id]]);
    await change(subscribers, id, (one) => leave(one, NEWSLETTER, seenAt(START)));
    expect(await audience(subscribers, 'daily')).toEqual([]);
  });

  test('the longest waiting mails are due first, and those of later not yet', async () => {
    const { subscribers } = store();
    const at = (minutes: number) => addMs(START, minutes * MINUTE_MS);
    const ids: string[] = [];
    for (const minutes of [3, 1, 2, 9])
      ids.push((await asking(subscribers, `m${minutes}@readers.example`, at(minutes))).id);
    expect(await subscribers.due(at(3), 10)).toEqual([ids[1], ids[2], ids[0]]);
    expect(await subscribers.due(at(9), 2)).toEqual([ids[1], ids[2]]);
  });

  test('who never confirms is forgotten after thirty days, and the address a day later', async () => {
    const { subscribers, table } = store();
    const { id } = await asking(subscribers);
    const item = await table.get({ pk: `SUBSCRIBER#${id}`, sk: 'SUBSCRIBER' });
    expect(item?.['expiresAtSeconds']).toBe(epochSeconds(addMs(START, 30 * DAY_MS)));
    // The table removes the subscriber; the address’s row, still there, gives the same id to the next one.
    await table.delete({ pk: `SUBSCRIBER#${id}`, sk: 'SUBSCRIBER' });
    expect(await subscribers.byAddress(ANA)).toBeUndefined();
    expect((await asking(subscribers)).id).toBe(id);
  });

  test('a reader is never forgotten, though the address was about to be', async () => {
    const { subscribers, table } = store();
    const { id } = await joining(subscribers);
    expect((await table.get({ pk: `SUBSCRIBER#${id}`, sk: 'SUBSCRIBER' }))?.['expiresAtSeconds']).toBeUndefined();
    expect((await subscribers.open(ANA, addMs(START, 40 * DAY_MS))).id).toBe(id);
    const rows = await Promise.all([subscribers.byAddress(ANA), subscribers.byAddress('ben@readers.example')]);
    expect(rows.map((row) => row?.id)).toEqual([id, undefined]);
  });

  test('the row of an address that was lost before its owner confirmed is made again', async () => {
    const { subscribers, table } = store();
    const before = await asking(subscribers);
    const { expiresAt: _, ...lasting } = before;
    // As the table leaves it when its clock is a little ahead: the row gone, the subscriber not yet.
    await table.delete(addressRow(ANA));
    await subscribers.save(before, { ...lasting, expiresAt: null });
    expect((await subscribers.byAddress(ANA))?.id).toBe(before.id);
  });

  test('an address that went to somebody else in the meantime is not taken back', async () => {
    const { subscribers, table } = store();
    const before = await asking(subscribers);
    await table.put({ ...addressRow(ANA), subscriber: 'f'.repeat(32) });
    await expect(subscribers.save(before, { ...before, expiresAt: null })).rejects.toThrow('another subscriber');
    expect((await subscribers.byId(before.id))?.expiresAt).toBe(before.expiresAt);
  });

  test('a network may sign up so many in an hour, and again in the next one', async () => {
    const limit = dynamoNetworkLimit(store().table, { ofNetwork: 5, inPart: 1000 });
    const taken = await Promise.all(Array.from({ length: 8 }, () => limit.admits('192.0.2.0/24', START)));
    expect(taken.filter(Boolean).length).toBeLessThanOrEqual(5);
    for (let i = 0; i < 5; i++) await limit.admits('192.0.2.0/24', START);
    expect(await limit.admits('192.0.2.0/24', START)).toBe(false);
    expect(await limit.admits('198.51.100.0/24', START)).toBe(true);
    expect(await limit.admits('192.0.2.0/24', addMs(START, 60 * MINUTE_MS))).toBe(true);
  });
});
