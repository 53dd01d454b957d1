import { expect, test } from 'vitest';
import { newsroomGatekeeper } from '../../functions/shared/http/newsroomKey.ts';
import { registerKeys } from '../../infra/local/dev/key.ts';
import { readSettings } from '../../infra/local/settings.ts';
import { firstKeyIn, keysIn } from '../../infra/namedKeys.ts';
import { memoryTable } from '../support/memoryTable.ts';

test('a run on this machine knows people by their keys, so that somebody else can approve', async () => {
  const table = memoryTable();
  await registerKeys(table, keysIn('Ana=first-secret,Ben=second-secret') ?? [{ key: 'none' }]);
  const callerOf = (key: string) => newsroomGatekeeper({ keys: table }, 'newsroom', { authorization: `Bearer ${key}` });
  expect(await callerOf('first-secret')).toBe('Ana');
  expect(await callerOf('second-secret')).toBe('Ben');
  await expect(callerOf('Ana=first-secret')).rejects.toThrow('not known');
  expect(firstKeyIn('Ana=first-secret,Ben=second-secret')).toBe('first-secret');
});

test.each(['a-plain-key', 'courant_bm9uc2Vuc2U=', 'bm9uc2Vuc2U==', 'one,two-of-them', 'Ana=short'])(
  '%s is a key without a name, as it always was',
  (text) => {
    expect(keysIn(text)).toEqual([{ key: text }]);
    expect(firstKeyIn(text)).toBe(text);
  },
);

test.each(['short', 'with a space', 'Ana=first secret,Ben=second-secret'])('%s is refused in a sentence', (text) => {
  expect(() => readSettings({ NEWSROOM_KEY: text })).toThrow('NEWSROOM_KEY must have');
});
