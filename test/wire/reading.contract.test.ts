import { describe, expect, it } from 'vitest';
import type { Table } from '../../functions/shared/storage/table.ts';
import { BUCKET_SIZE, entryKey, HEAD } from '../../functions/wire/append/keys.dynamo.ts';
import type { LoggedEntry } from '../../functions/wire/append/logged.ts';
import { anEntry } from '../support/anArticle.ts';
import { onEveryStore } from './stores.ts';

const aLoggedEntry = (seq: number): LoggedEntry => ({
  ...anEntry({ seq }),
  state: 'live',
  publicSeq: seq,
  previousSeq: null,
  version: 1,
  contentHash: 'hash',
  seenHashes: ['hash'],
  newIdentities: [],
  bodyKey: null,
});

const write = async (table: Table, seqs: readonly number[]): Promise<void> =>
  table.batchPut(seqs.map((seq) => ({ ...entryKey(seq), ...aLoggedEntry(seq) })));

const upTo = (last: number): number[] => Array.from({ length: last }, (_, i) => i + 1);

onEveryStore((stores) => {
  describe('reading the wire', () => {
    it('goes on from one partition to the next', async () => {
      const { table, desk } = stores();
      await write(table, upTo(BUCKET_SIZE + 3));
      await table.put({ ...HEAD, seq: BUCKET_SIZE - 20 });
      expect(await desk.wire.head()).toBe(BUCKET_SIZE + 3);
      const page = await desk.wire.after(BUCKET_SIZE - 3, 10);
      expect(page.map(({ seq }) => seq - BUCKET_SIZE)).toEqual([-2, -1, 0, 1, 2, 3]);
      expect((await desk.wire.after(BUCKET_SIZE - 3, 2)).map(({ seq }) => seq)).toEqual([
        BUCKET_SIZE - 2,
        BUCKET_SIZE - 1,
      ]);
      const outcome = await desk.publisher.submit(desk.arriving());
      expect(outcome).toMatchObject({ is: 'new', current: { seq: BUCKET_SIZE + 4 } });
    });

    it('ends at a full partition when nothing follows', async () => {
      const { table, desk } = stores();
      await write(table, upTo(BUCKET_SIZE - 1));
      expect(await desk.wire.head()).toBe(BUCKET_SIZE - 1);
      expect(await desk.wire.after(BUCKET_SIZE - 1, 5)).toEqual([]);
    });

    it('never steps over a hole', async () => {
      const { table, desk } = stores();
      await write(table, [1, 2, 4, 5]);
      expect((await desk.wire.after(0, 10)).map(({ seq }) => seq)).toEqual([1, 2]);
      expect(await desk.wire.head()).toBe(2);
    });

    it('of an empty wire finds nothing', async () => {
      const { desk } = stores();
      expect(await desk.wire.head()).toBe(0);
      expect(await desk.wire.after(0, 10)).toEqual([]);
    });
  });
});
