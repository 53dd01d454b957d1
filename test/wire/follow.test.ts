import { describe, expect, it, onTestFinished } from 'vitest';
import { setLogSink } from '../../functions/shared/log.ts';
import { dynamoCursors } from '../../functions/wire/cursors.dynamo.ts';
import type { Entry } from '../../functions/wire/entry.ts';
import { follow, MOST_FAILURES } from '../../functions/wire/follow.ts';
import { anEntry } from '../support/anArticle.ts';
import { memoryTable } from '../support/memoryTable.ts';
import { onEveryStore } from './stores.ts';

const wireOf = (entries: readonly Entry[]) => ({
  head: async () => entries.length,
  after: async (seq: number, limit: number) => entries.slice(seq, seq + limit),
});

const someEntries = (count: number): Entry[] => Array.from({ length: count }, (_, i) => anEntry({ seq: i + 1 }));

const aReader = (entries: readonly Entry[], isPoison: (seq: number) => boolean = () => false) => {
  const cursors = dynamoCursors(memoryTable());
  const handled: number[] = [];
  const calls: number[] = [];
  const logged: string[] = [];
  setLogSink((line) => logged.push(line));
  onTestFinished(() => setLogSink((line) => process.stdout.write(`${line}\n`)));
  const handle = async (page: readonly Entry[]): Promise<void> => {
    calls.push(page.length);
    if (page.some(({ seq }) => isPoison(seq))) throw new Error('poison');
    handled.push(...page.map(({ seq }) => seq));
  };
  const read = (limit = 10) => follow({ wire: wireOf(entries), cursors, cursor: 'feeds', handle, limit });
  return { read, handled, calls, logged, cursors };
};

describe('a reader with a cursor', () => {
  it('gets every entry once, in order, page by page', async () => {
    const { read, handled, calls } = aReader(someEntries(5));
    expect(await read(2)).toEqual({ seq: 2, more: true });
    expect(await read(2)).toEqual({ seq: 4, more: true });
    expect(await read(2)).toEqual({ seq: 5, more: false });
    expect(await read(2)).toEqual({ seq: 5, more: false });
    expect(handled).toEqual([1, 2, 3, 4, 5]);
    expect(calls).toEqual([2, 2, 1]);
  });

  it('is not shown what is the wire’s own, and goes past it', async () => {
    const { read, handled } = aReader([anEntry({ seq: 1 }), anEntry({ seq: 2, kind: 'aliased' })]);
    expect(await read()).toEqual({ seq: 2, more: false });
    expect(handled).toEqual([1]);
  });

  it('gets everything before an entry that fails, and stops there', async () => {
    const { read, handled, cursors } = aReader(someEntries(4), (seq) => seq === 3);
    await expect(read()).rejects.toThrow('poison');
    expect(handled).toEqual([1, 2]);
    expect(await cursors.read('feeds')).toEqual({ seq: 2, failures: 1 });
  });

  it('goes on past an entry that has failed five times, and says which', async () => {
    const { read, handled, logged } = aReader(someEntries(4), (seq) => seq === 3);
    for (let i = 1; i < MOST_FAILURES; i++) await expect(read()).rejects.toThrow('poison');
    expect(await read()).toEqual({ seq: 4, more: false });
    expect(handled).toEqual([1, 2, 4]);
    const setAside = logged.map((line): unknown => JSON.parse(line)).filter((line) => Object(line).level === 'error');
    expect(setAside).toMatchObject([{ event: 'wire.entry-set-aside', cursor: 'feeds', seq: 3 }]);
  });

  it('forgets failures once the entry has gone through', async () => {
    let fails = true;
    const { read, cursors } = aReader(someEntries(2), (seq) => fails && seq === 1);
    await expect(read()).rejects.toThrow('poison');
    fails = false;
    await read();
    expect(await cursors.read('feeds')).toEqual({ seq: 2, failures: 0 });
  });
});

onEveryStore((stores) => {
  describe('a cursor', () => {
    it('moves only from where its reader saw it', async () => {
      const cursors = dynamoCursors(stores().table);
      const start = await cursors.read('feeds');
      expect(start).toEqual({ seq: 0, failures: 0 });
      expect(await cursors.move('feeds', start, { seq: 0, failures: 1 })).toBe('written');
      expect(await cursors.move('feeds', start, { seq: 5, failures: 0 })).toBe('refused');
      expect(await cursors.move('feeds', { seq: 0, failures: 1 }, { seq: 3, failures: 0 })).toBe('written');
      expect(await cursors.read('feeds')).toEqual({ seq: 3, failures: 0 });
      expect(await cursors.read('other')).toEqual({ seq: 0, failures: 0 });
    });
  });
});
