import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { FROM_THE_START, listDeliveries } from '../../functions/digest/asking/deliveries.ts';
import { dynamoLedger } from '../../functions/digest/ledger/ledger.dynamo.ts';
import { type DeliveryState, readDeliveryId } from '../../functions/digest/ledger/page.ts';
import { keepSums, standingOf } from '../../functions/digest/ledger/standing.ts';
import { memoryTable } from '../support/memoryTable.ts';
import { aBigEdition } from './support/aBigEdition.ts';
import { aDoor } from './support/aDoor.ts';
import { aSubscriber } from './support/aSubscriber.ts';

const MISSING = new Set<DeliveryState>(['failed', 'unknown']);

describe('the deliveries of an edition', () => {
  test('are listed as they stand, in order, page by page, without an address', async () => {
    const { room, call, ask } = await aDoor();
    await room.join(...Array.from({ length: 30 }, (_, i) => aSubscriber(`reader${i}`)));
    room.wire.publish();
    const { json } = await call('POST', '/api/v1/newsletters/city-news/editions', { cadence: 'weekly' });
    await room.work();
    const path = `/api/v1/editions/${json['id']}/deliveries`;
    const seen: string[] = [];
    for (let after = ''; ; ) {
      const { body } = await ask('GET', `${path}?limit=7${after}`);
      expect(body).not.toContain('readers.example');
      const { items, next } = page.parse(JSON.parse(body));
      seen.push(...items.map(({ id }) => id));
      if (next === undefined) break;
      after = `&after=${next}`;
    }
    expect(seen).toEqual([...Array.from({ length: 25 }, (_, i) => `1-${i}`), '2-0', '2-1', '2-2', '2-3', '2-4']);
    expect((await call('GET', `${path}?state=failed,unknown`)).json).toEqual({ items: [] });
  });

  test('of those who are missing are found among a million without reading the others', async () => {
    const asked: string[] = [];
    const ledger = dynamoLedger(memoryTable(({ is, key }) => void asked.push(`${is} ${key.pk.split('#')[0]}`)));
    const stateOf = (one: number): DeliveryState => (one === 777 ? 'failed' : one === 2950 ? 'unknown' : 'sent');
    const edition = await aBigEdition(ledger, { pages: 3000, stateOf });
    await keepSums(ledger, await standingOf(ledger, edition));
    asked.length = 0;
    const found = await listDeliveries(ledger, edition, { states: MISSING, after: FROM_THE_START, limit: 100 });
    expect(found).toEqual({
      items: [
        { id: '777-0', reader: 'r777', state: 'failed' },
        { id: '2950-0', reader: 'r2950', state: 'unknown', since: '2026-05-04T07:30:00.000Z' },
      ],
      next: undefined,
    });
    expect(asked).toEqual(['query TALLIES', 'query PAGES', 'query PAGES']);
  });

  test('are looked at a thousand pages at a time, and nobody is left out between two looks', async () => {
    const ledger = dynamoLedger(memoryTable());
    const isMissing = (one: number): boolean => one % 500 === 0 || one === 1001;
    const edition = await aBigEdition(ledger, {
      pages: 2500,
      stateOf: (one) => (isMissing(one) ? 'failed' : 'sent'),
    });
    const readers: string[] = [];
    let after: string | undefined = '1-0';
    let looks = 0;
    for (; after !== undefined; looks++) {
      const place = readDeliveryId(after);
      if (!place) throw new Error('This is no place.');
      const { items, next } = await listDeliveries(ledger, edition, { states: MISSING, after: place, limit: 100 });
      readers.push(...items.map(({ reader }) => reader));
      after = next;
    }
    expect(readers).toEqual(['r500', 'r1000', 'r1001', 'r1500', 'r2000', 'r2500']);
    expect(looks).toBe(3);
  });

  test.each([
    ['state=failed,lost', 'state'],
    ['after=garbage', 'after'],
    ['limit=0', 'limit'],
    ['before=1-0', 'before'],
  ])('asked for with ?%s are refused by the name of the field', async (query, field) => {
    const { room, call } = await aDoor();
    await room.join(aSubscriber('ana'));
    room.wire.publish();
    const { json } = await call('POST', '/api/v1/newsletters/city-news/editions', { cadence: 'weekly' });
    const answer = await call('GET', `/api/v1/editions/${json['id']}/deliveries?${query}`);
    expect(answer).toMatchObject({ status: 400 });
    expect(String(answer.json['field'])).toContain(field);
  });
});

const page = z.object({ items: z.array(z.object({ id: z.string() })), next: z.string().optional() });
