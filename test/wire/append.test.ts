import { describe, expect, it, onTestFinished } from 'vitest';
import { setLogSink } from '../../functions/shared/log.ts';
import type { Item, Table } from '../../functions/shared/storage/table.ts';
import { bucketBodies } from '../../functions/wire/bodies.s3.ts';
import { dynamoPublisher } from '../../functions/wire/publisher.dynamo.ts';
import { memoryBucket } from '../support/memoryBucket.ts';
import { memoryTable, type Operation } from '../support/memoryTable.ts';
import { currentIn, openNewsdesk } from './newsdesk.ts';

const isEntry = ({ pk }: { pk: string }): boolean => pk.startsWith('WIRE#');

const seqsOn = (items: readonly Item[]): unknown[] => items.filter(isEntry).map(({ seq }) => seq);

/** A table whose first put of an entry gets this answer instead of its own. */
const answering = (table: Table, first: (put: () => Promise<unknown>) => Promise<'written' | 'refused'>): Table => {
  let isFirst = true;
  return {
    ...table,
    put: (item, condition) => {
      if (!isEntry(item) || !isFirst) return table.put(item, condition);
      isFirst = false;
      return first(() => table.put(item, condition));
    },
  };
};

describe('an unclear answer', () => {
  it('that hid a success is recognised by the attempt', async () => {
    const table = memoryTable();
    const desk = openNewsdesk(
      answering(table, async (put) => {
        await put();
        throw new Error('The connection was reset.');
      }),
      memoryBucket(),
    );
    expect(await desk.publisher.submit(desk.arriving())).toMatchObject({ is: 'new', current: { seq: 1 } });
    expect(seqsOn(table.items())).toEqual([1]);
    expect((await desk.publisher.submit(desk.arriving())).is).toBe('unchanged');
  });

  it('that hid a failure is passed on, and nothing is stored', async () => {
    const table = memoryTable();
    const desk = openNewsdesk(
      answering(table, () => Promise.reject(new Error('The connection was reset.'))),
      memoryBucket(),
    );
    await expect(desk.publisher.submit(desk.arriving())).rejects.toThrow('reset');
    expect(table.items()).toEqual([]);
    expect((await desk.publisher.submit(desk.arriving())).is).toBe('new');
  });

  it('“refused” to a put that the client has sent twice is our own success', async () => {
    const table = memoryTable();
    const desk = openNewsdesk(
      answering(table, async (put) => {
        await put();
        return 'refused';
      }),
      memoryBucket(),
    );
    expect((await desk.publisher.submit(desk.arriving())).is).toBe('new');
    expect(seqsOn(table.items())).toEqual([1]);
  });
});

describe('two processes at the same place of the wire', () => {
  it('with different articles both keep what they decided: the later only takes the next number', async () => {
    const reads: Operation[] = [];
    const table = memoryTable((operation) => void (operation.is === 'batchGet' && reads.push(operation)));
    const desk = openNewsdesk(table, memoryBucket());
    const other = desk.another();
    await desk.publisher.submit(desk.arriving({ title: 'Zero' }));
    await other.submit(desk.arriving({ title: 'Zero' }));
    reads.length = 0;
    const both = await Promise.all([
      desk.publisher.submit(desk.arriving({ title: 'One' })),
      other.submit(desk.arriving({ title: 'Two' })),
    ]);
    expect(both.map((outcome) => currentIn(outcome).seq).sort()).toEqual([2, 3]);
    expect(reads).toHaveLength(2);
  });

  it('with the same article agree on one', async () => {
    const desk = openNewsdesk(memoryTable(), memoryBucket());
    const other = desk.another();
    const both = await Promise.all([
      desk.publisher.submit(desk.arriving({ title: 'One' })),
      other.submit(desk.arriving({ title: 'One' })),
    ]);
    expect(both.map(({ is }) => is).sort()).toEqual(['new', 'unchanged']);
    expect(await desk.wire.head()).toBe(1);
  });
});

describe('one process', () => {
  it('appends one entry at a time, and so takes no place from itself', async () => {
    const refused: string[] = [];
    const table = memoryTable();
    const watched: Table = {
      ...table,
      put: async (item, condition) => {
        const written = await table.put(item, condition);
        if (isEntry(item) && written === 'refused') refused.push(item.sk);
        return written;
      },
    };
    const desk = openNewsdesk(watched, memoryBucket());
    const submissions = Array.from({ length: 20 }, (_, i) => desk.arriving({ title: `Article ${i}` }));
    await Promise.all(submissions.map((submission) => desk.publisher.submit(submission)));
    expect(seqsOn(table.items())).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    expect(refused).toEqual([]);
  });

  it('goes on after an append that failed', async () => {
    const desk = openNewsdesk(
      answering(memoryTable(), () => Promise.reject(new Error('The connection was reset.'))),
      memoryBucket(),
    );
    const [one, two] = await Promise.allSettled([
      desk.publisher.submit(desk.arriving({ title: 'One' })),
      desk.publisher.submit(desk.arriving({ title: 'Two' })),
    ]);
    expect([one.status, two.status]).toEqual(['rejected', 'fulfilled']);
  });

  it('makes no needless call: seven for a new article, three for one that is unchanged', async () => {
    const calls: string[] = [];
    const desk = openNewsdesk(
      memoryTable(({ is, key }) => void calls.push(`${is} ${key.pk.split('#')[0]}`)),
      memoryBucket(),
    );
    await desk.publisher.submit(desk.arriving({ title: 'One' }, { externalId: '1' }));
    calls.length = 0;
    await desk.publisher.submit(desk.arriving({ title: 'Two' }, { externalId: '2' }));
    expect(calls).toEqual([
      'query WIRE',
      'batchGet IDENTITY',
      'put WIRE',
      'put IDENTITY',
      'put IDENTITY',
      'put ARTICLE',
      'put WIRE',
    ]);
    calls.length = 0;
    await desk.publisher.submit(desk.arriving({ title: 'Two' }, { externalId: '2' }));
    expect(calls).toEqual(['query WIRE', 'batchGet IDENTITY', 'get ARTICLE']);
  });
});

describe('a doorbell that is broken', () => {
  it('does not fail what is on the wire already', async () => {
    const lines: string[] = [];
    setLogSink((line) => lines.push(line));
    onTestFinished(() => setLogSink((line) => process.stdout.write(`${line}\n`)));
    const desk = openNewsdesk(memoryTable(), memoryBucket());
    let ids = 0;
    const publisher = dynamoPublisher({
      table: memoryTable(),
      bodies: bucketBodies(memoryBucket()),
      feedsBell: { ring: () => Promise.reject(new Error('The queue is away.')) },
      now: desk.now,
      newId: () => `id${++ids}`,
      random: () => 0,
    });
    expect((await publisher.submit(desk.arriving())).is).toBe('new');
    expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([{ event: 'wire.bell-failed', seq: 1 }]);
  });
});
