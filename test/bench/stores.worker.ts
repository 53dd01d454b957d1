import { createServer, type IncomingMessage } from 'node:http';
import { z } from 'zod';
import { startEmulator } from '../../infra/local/emulators/host.ts';

/**
 * The stores of a measured run, in a process of their own: the emulators, and an SES that takes every mail at once and
 * keeps none, so that what is measured is who sends and not who takes.
 */
const message = z.discriminatedUnion('do', [
  z.object({ do: z.literal('delay'), ms: z.number() }),
  z.object({ do: z.literal('mails') }),
]);

const KEPT = 200;
const QUOTA =
  '<GetSendQuotaResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/"><GetSendQuotaResult><Max24HourSend>100000000</Max24HourSend><MaxSendRate>100000</MaxSendRate><SentLast24Hours>0</SentLast24Hours></GetSendQuotaResult></GetSendQuotaResponse>';
/** Whoever is asked for first is verified: nothing else is asked before an edition goes out. */
const verified = (form: string): string =>
  `<GetIdentityVerificationAttributesResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/"><GetIdentityVerificationAttributesResult><VerificationAttributes><entry><key>${new URLSearchParams(form).get('Identities.member.1')}</key><value><VerificationStatus>Success</VerificationStatus></value></entry></VerificationAttributes></GetIdentityVerificationAttributesResult></GetIdentityVerificationAttributesResponse>`;
const sent = (id: number): string =>
  `<SendRawEmailResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/"><SendRawEmailResult><MessageId>0102-${id}-000000</MessageId></SendRawEmailResult></SendRawEmailResponse>`;

const directory = process.argv[2] ?? '';
const dynamodb = await startEmulator(new URL('../../infra/local/emulators/dynamodb.worker.ts', import.meta.url), {
  directory: `${directory}/tables`,
});
const aws = await startEmulator(new URL('../../infra/local/emulators/aws.worker.ts', import.meta.url), {
  directory: `${directory}/objects`,
});

let delayMs = 0;
let taken = 0;
const kept: string[] = [];

const server = createServer((request, response) => {
  read(request).then((start) => {
    const body = answerTo(start);
    const answer = () => response.writeHead(200, { 'content-type': 'text/xml' }).end(body);
    if (delayMs > 0) setTimeout(answer, delayMs);
    else answer();
  });
});
server.keepAliveTimeout = 75_000;

const answerTo = (start: string): string => {
  if (start.startsWith('Action=GetSendQuota')) return QUOTA;
  return start.startsWith('Action=GetIdentityVerificationAttributes') ? verified(start) : sent(++taken);
};

/** The first bytes of the request; the first mails are kept whole. */
const read = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  const keeps = kept.length < KEPT;
  for await (const chunk of request) if (keeps || chunks.length === 0) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('latin1');
  if (keeps && text.startsWith('Action=SendRawEmail')) kept.push(text);
  return text.slice(0, 500);
};

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const ses = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  process.send?.({ urls: { dynamodb: dynamodb.url, aws: aws.url, ses } });
});
process.on('message', (raw) => {
  const told = message.parse(raw);
  if (told.do === 'delay') delayMs = told.ms;
  else process.send?.({ mails: kept });
});
process.on('disconnect', () => process.exit(0));
