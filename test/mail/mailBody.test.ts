import { createServer } from 'node:http';
import { SESClient, SendRawEmailCommand } from '@aws-sdk/client-ses';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withBriefCalls } from '../../functions/mail/brief.ses.ts';
import { withQuickBodies } from '../../functions/mail/mailBody.ses.ts';

const forms: { body: string; length: string | undefined; signed: boolean }[] = [];
let asks: string | undefined;
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  asks = request.headers['user-agent'];
  forms.push({
    body: Buffer.concat(chunks).toString('latin1'),
    length: request.headers['content-length'],
    signed: /Signature=[0-9a-f]{64}/.test(request.headers.authorization ?? ''),
  });
  response.end(
    '<SendRawEmailResponse><SendRawEmailResult><MessageId>one</MessageId></SendRawEmailResult></SendRawEmailResponse>',
  );
});
let endpoint = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  endpoint = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const client = () =>
  new SESClient({ endpoint, region: 'eu-west-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } });

const formOf = async (ses: SESClient, raw: Uint8Array) => {
  const { MessageId } = await ses.send(
    new SendRawEmailCommand({
      Source: 'news@example.org',
      Destinations: ['zoë+news@example.org'],
      RawMessage: { Data: raw },
      Tags: [{ Name: 'edition', Value: 'one' }],
      ConfigurationSetName: 'courant',
    }),
  );
  expect(MessageId).toBe('one');
  ses.destroy();
  return forms.pop();
};

describe('a mail that we put into the form ourselves', () => {
  const everyByte = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
  test.each([
    ['of one byte', Buffer.from('a')],
    ['with every sign of base64', Buffer.concat([everyByte, everyByte.toReversed()])],
    ['that is part of a larger memory', Buffer.alloc(300, 'Grüße').subarray(7, 207)],
    ['of 80 KB', Buffer.alloc(80_000, 'The ferries run to one timetable.\r\n')],
  ])('is sent as the client would send it: %s', async (_, raw) => {
    const quick = await formOf(withQuickBodies(client()), raw);
    expect(quick).toEqual(await formOf(client(), raw));
    expect(quick?.signed).toBe(true);
    expect(Buffer.from(new URLSearchParams(quick?.body).get('RawMessage.Data') ?? '', 'base64')).toEqual(raw);
  });

  test('is the same where a call is kept brief, and SES still hears who asks', async () => {
    expect(await formOf(withBriefCalls(withQuickBodies(client())), everyByte)).toEqual(
      await formOf(client(), everyByte),
    );
    await formOf(withBriefCalls(client()), everyByte);
    expect(asks).toBe('courant');
  });
});
