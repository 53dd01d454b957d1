import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Emulators, startEmulators } from '../support/emulators.ts';

let emulators: Emulators;
beforeAll(async () => {
  emulators = await startEmulators();
});
afterAll(() => emulators.stop());

/** Sends bytes to the DynamoDB emulator and hangs up without waiting for an answer. */
const sendAndHangUp = (bytes: string): Promise<void> =>
  new Promise((resolve) => {
    const socket = connect(Number(new URL(emulators.urls.dynamodb).port), '127.0.0.1', () => {
      socket.write(bytes, () => {
        socket.destroy();
        resolve();
      });
    });
    socket.on('error', () => resolve());
  });

const request = (body: string, length = body.length): string =>
  [
    'POST / HTTP/1.1',
    'Host: localhost',
    'X-Amz-Target: DynamoDB_20120810.PutItem',
    'Content-Type: application/x-amz-json-1.0',
    'Authorization: AWS4-HMAC-SHA256 Credential=local/20260101/eu-west-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
    'X-Amz-Date: 20260101T000000Z',
    `Content-Length: ${length}`,
    '',
    body,
  ].join('\r\n');

test('a table survives clients that go away half-way and bodies that end its emulator', async () => {
  const table = await emulators.table();
  await table.put({ pk: 'kept', sk: '1', text: 'before' });
  const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
  for (const bytes of [request('', 5000), request('{"TableName"', 9000), request('null'), request(deep)]) {
    await sendAndHangUp(bytes);
  }
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(await table.get({ pk: 'kept', sk: '1' })).toMatchObject({ text: 'before' });
  expect(await table.put({ pk: 'kept', sk: '2' })).toBe('written');
});
