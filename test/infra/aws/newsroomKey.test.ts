import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newsroomGatekeeper } from '../../../functions/shared/http/newsroomKey.ts';
import { dynamoClient, dynamoTable } from '../../../functions/shared/storage/table.dynamo.ts';
import { makeTable } from '../../../infra/local/resources.ts';
import { type Emulators, startEmulators } from '../../support/emulators.ts';

let emulators: Emulators;
beforeAll(async () => {
  emulators = await startEmulators();
});
afterAll(() => emulators.stop());

test('the command prints a key of 256 bits that opens the door, and keeps only its hash', async () => {
  const client = dynamoClient();
  await makeTable(client, 'keys-on-aws', false);
  const key = execFileSync(process.execPath, ['infra/aws/newsroomKey.ts', 'keys-on-aws'], { encoding: 'utf8' }).trim();
  expect(key).toMatch(/^courant_[\w-]{43}$/);

  const keys = dynamoTable(client, 'keys-on-aws');
  await newsroomGatekeeper({ keys }, 'newsroom', { authorization: `Bearer ${key}` });
  await expect(newsroomGatekeeper({ keys }, 'newsroom', { authorization: `Bearer ${key}x` })).rejects.toThrow();
});
