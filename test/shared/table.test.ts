import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Table } from '../../functions/shared/storage/table.ts';
import { type Emulators, startEmulators } from '../support/emulators.ts';
import { memoryTable } from '../support/memoryTable.ts';

let emulators: Emulators;
beforeAll(async () => {
  emulators = await startEmulators();
});
afterAll(() => emulators.stop());

const kinds: [string, () => Promise<Table>][] = [
  ['memory', async () => memoryTable()],
  ['dynalite', () => emulators.table()],
];

describe.each(kinds)('a table in %s', (_, open) => {
  test('gives back what was put, and nothing that was not', async () => {
    const table = await open();
    const item = { pk: 'A', sk: '1', text: 'é', list: [1, { deep: null }], missing: undefined };
    expect(await table.put(item)).toBe('written');
    expect(await table.get({ pk: 'A', sk: '1' })).toEqual({ pk: 'A', sk: '1', text: 'é', list: [1, { deep: null }] });
    expect(await table.get({ pk: 'A', sk: '2' })).toBeUndefined();
  });

  test('keeps an item that must be absent from being put twice', async () => {
    const table = await open();
    expect(await table.put({ pk: 'A', sk: '1', by: 'first' }, 'absent')).toBe('written');
    expect(await table.put({ pk: 'A', sk: '1', by: 'second' }, 'absent')).toBe('refused');
    expect((await table.get({ pk: 'A', sk: '1' }))?.['by']).toBe('first');
  });

  test('takes a higher number over a lower one, never an equal or lower one over a higher', async () => {
    const table = await open();
    const put = (seq: number) => table.put({ pk: 'A', sk: '1', seq }, { below: ['seq', seq] });
    expect(await put(2)).toBe('written');
    expect(await put(1)).toBe('refused');
    expect(await put(2)).toBe('refused');
    expect(await put(3)).toBe('written');
  });

  test('compares whole sets of attributes, missing ones among them', async () => {
    const table = await open();
    expect(await table.put({ pk: 'A', sk: '1', v: 1 }, { is: { v: undefined } })).toBe('written');
    expect(await table.put({ pk: 'A', sk: '1', v: 2 }, { is: { v: undefined } })).toBe('refused');
    expect(await table.put({ pk: 'A', sk: '1', v: 2, s: 'x' }, { is: { v: 1, s: undefined } })).toBe('written');
    expect(await table.delete({ pk: 'A', sk: '1' }, { is: { v: 1 } })).toBe('refused');
    expect(await table.delete({ pk: 'A', sk: '1' }, { is: { v: 2, s: 'x' } })).toBe('written');
    expect(await table.get({ pk: 'A', sk: '1' })).toBeUndefined();
  });

  test('lists a range in the order of its keys, forwards and backwards', async () => {
    const table = await open();
    for (const sk of ['a1', 'a2', 'a3', 'b1']) await table.put({ pk: 'L', sk });
    const sks = async (range: object) => (await table.query({ pk: 'L', ...range })).map((item) => item.sk);
    expect(await sks({})).toEqual(['a1', 'a2', 'a3', 'b1']);
    expect(await sks({ prefix: 'a' })).toEqual(['a1', 'a2', 'a3']);
    expect(await sks({ prefix: 'a', after: 'a1' })).toEqual(['a2', 'a3']);
    expect(await sks({ after: 'a2' })).toEqual(['a3', 'b1']);
    expect(await sks({ from: 'a2', to: 'a3' })).toEqual(['a2', 'a3']);
    expect(await sks({ reverse: true, limit: 2 })).toEqual(['b1', 'a3']);
    expect(await sks({ reverse: true, after: 'a3' })).toEqual(['a2', 'a1']);
  });

  test('lists its index', async () => {
    const table = await open();
    await table.put({ pk: 'A', sk: '1', ipk: 'open', isk: '2' });
    await table.put({ pk: 'B', sk: '1', ipk: 'open', isk: '1' });
    await table.put({ pk: 'C', sk: '1' });
    const found = await table.query({ pk: 'open', index: true });
    expect(found.map((item) => item.pk)).toEqual(['B', 'A']);
  });

  test('reads and writes more than one batch', async () => {
    const table = await open();
    const items = Array.from({ length: 130 }, (_, i) => ({ pk: 'M', sk: String(i).padStart(4, '0'), i }));
    await table.batchPut(items);
    const keys = [...items].reverse().map(({ pk, sk }) => ({ pk, sk }));
    const found = await table.batchGet([...keys, { pk: 'M', sk: 'missing' }]);
    expect(found.map((item) => item['i'])).toEqual(keys.map((key) => Number(key.sk)));
    expect(await table.query({ pk: 'M' })).toHaveLength(130);
    expect(await table.query({ pk: 'M', limit: 7 })).toHaveLength(7);
  });

  test('reads a key once that is named twice', async () => {
    const table = await open();
    await table.batchPut(['1', '2'].map((sk) => ({ pk: 'M', sk })));
    const found = await table.batchGet(['2', '1', '2'].map((sk) => ({ pk: 'M', sk })));
    expect(found.map(({ sk }) => sk)).toEqual(['2', '1']);
  });
});
