import { createServer, type Server, type ServerResponse } from 'node:http';
import { connect, createServer as createSocketServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sesAccount, sesClient, sesMailer } from '../../functions/mail/mailer.ses.ts';
import type { SendResult } from '../../functions/mail/mailer.ts';
import { sesClientAt } from '../support/localSes.ts';

type Answer = (response: ServerResponse) => void;

/** A server that answers every call in one way, and counts the calls. */
let server: Server;
let answer: Answer;
let calls = 0;
let url = '';

const listening = (one: { listen(port: number, host: string, done: () => void): unknown; address(): unknown }) =>
  new Promise<number>((resolve) => {
    one.listen(0, '127.0.0.1', () => {
      const address = one.address();
      resolve(typeof address === 'object' && address !== null && 'port' in address ? Number(address.port) : 0);
    });
  });

beforeEach(async () => {
  calls = 0;
  server = createServer((request, response) => {
    request.resume().on('end', () => {
      calls++;
      answer(response);
    });
  });
  url = `http://127.0.0.1:${await listening(server)}`;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const error =
  (status: number, code: string, message: string): Answer =>
  (response) =>
    response
      .writeHead(status, { 'content-type': 'text/xml' })
      .end(
        `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
      );

const body =
  (status: number, text: string): Answer =>
  (response) =>
    response.writeHead(status, { 'content-type': 'text/xml' }).end(text);

/** Here nobody answers, and that is the point. */
const IMPATIENT = { connectionTimeout: 300, requestTimeout: 600 };

const sendTo = (endpoint: string): Promise<SendResult> =>
  sesMailer(sesClientAt(endpoint, IMPATIENT), 'courant').send({
    from: 'news@confluence.example',
    to: 'reader@example.org',
    raw: Buffer.from('From: news@confluence.example\r\n\r\nHello'),
    tags: { edition: 'e1', delivery: '1-4' },
  });

describe('what SES answered decides what may become of the mail', () => {
  it.each<[string, Answer, SendResult]>([
    [
      'an id: sent',
      body(
        200,
        '<SendRawEmailResponse><SendRawEmailResult><MessageId>m-1</MessageId></SendRawEmailResult></SendRawEmailResponse>',
      ),
      { is: 'sent', messageId: 'm-1' },
    ],
    ['too fast', error(400, 'Throttling', 'Maximum sending rate exceeded.'), { is: 'throttled' }],
    ['too fast, by its newer name', error(400, 'ThrottlingException', 'Rate exceeded'), { is: 'throttled' }],
    ['too many requests', error(429, 'TooManyRequestsException', 'Too many requests'), { is: 'throttled' }],
    [
      'the daily quota',
      error(400, 'Throttling', 'Daily message quota exceeded.'),
      { is: 'paused', code: 'DailyQuotaExceeded' },
    ],
    [
      'a paused account',
      error(400, 'AccountSendingPausedException', 'Paused'),
      { is: 'paused', code: 'AccountSendingPausedException' },
    ],
    [
      'a paused configuration set',
      error(400, 'ConfigurationSetSendingPausedException', 'Paused'),
      { is: 'paused', code: 'ConfigurationSetSendingPausedException' },
    ],
    ['a lost permission', error(403, 'AccessDenied', 'Not authorized'), { is: 'paused', code: 'AccessDenied' }],
    ['an expired token', error(403, 'ExpiredToken', 'Expired'), { is: 'paused', code: 'ExpiredToken' }],
    [
      'a rejected mail',
      error(400, 'MessageRejected', 'Email address is not verified.'),
      { is: 'refused', code: 'MessageRejected' },
    ],
    [
      'a sender who is not verified any more',
      error(
        400,
        'MessageRejected',
        'Email address is not verified. The following identities failed the check in region EU-WEST-1: News@confluence.example, arn:x',
      ),
      { is: 'paused', code: 'SenderNotVerified' },
    ],
    [
      'a reader who is not verified, in the sandbox',
      error(
        400,
        'MessageRejected',
        'Email address is not verified. The following identities failed the check in region EU-WEST-1: reader@example.org',
      ),
      { is: 'refused', code: 'MessageRejected' },
    ],
    [
      'an unverified domain',
      error(400, 'MailFromDomainNotVerifiedException', 'Not verified'),
      { is: 'paused', code: 'MailFromDomainNotVerifiedException' },
    ],
    [
      'a bad address',
      error(400, 'InvalidParameterValue', 'Illegal address'),
      { is: 'refused', code: 'InvalidParameterValue' },
    ],
    [
      'a missing configuration set',
      error(400, 'ConfigurationSetDoesNotExist', 'Not there'),
      { is: 'paused', code: 'ConfigurationSetDoesNotExistException' },
    ],
    ['an internal failure', error(500, 'InternalFailure', 'Oops'), { is: 'unknown', code: 'InternalFailure' }],
    ['an overloaded service', error(503, 'ServiceUnavailable', 'Busy'), { is: 'unknown', code: 'ServiceUnavailable' }],
    ['a throttled back end', error(503, 'Throttling', 'Busy'), { is: 'unknown', code: 'Throttling' }],
  ])('%s', async (_, given, result) => {
    answer = given;
    expect(await sendTo(url)).toEqual(result);
    expect(calls).toBe(1);
  });

  it.each<[string, Answer]>([
    ['a reset after the mail was taken', (response) => response.socket?.resetAndDestroy()],
    ['an end without an answer', (response) => response.socket?.destroy()],
    ['no answer in time', () => {}],
    [
      'half an answer',
      (response) => response.writeHead(200, { 'content-length': 500 }).write('<SendRaw') && response.socket?.destroy(),
    ],
    ['an answer without an id', body(200, '<SendRawEmailResponse><SendRawEmailResult/></SendRawEmailResponse>')],
    ['an answer that is no XML', body(200, '{"ok":true}')],
    ['an error page of somebody in between', body(502, '<html>Bad gateway</html>')],
    ['a refusal by somebody in between', body(400, '<html>Bad request</html>')],
    ['a redirect', body(302, '')],
  ])('%s: nobody knows, and it is asked once only', async (_, given) => {
    answer = given;
    expect(await sendTo(url)).toMatchObject({ is: 'unknown' });
    expect(calls).toBe(1);
  });

  it('nobody listens: SES cannot have seen it', async () => {
    const closed = createSocketServer();
    const port = await listening(closed);
    await new Promise((resolve) => closed.close(resolve));
    expect(await sendTo(`http://127.0.0.1:${port}`)).toEqual({ is: 'not-reached', code: 'ECONNREFUSED' });
  });

  it('a name that is none: SES cannot have seen it', async () => {
    expect(await sendTo('http://ses.invalid')).toMatchObject({ is: 'not-reached' });
  });

  it('no TLS at the other end: SES cannot have seen it', async () => {
    expect(await sendTo(url.replace('http:', 'https:'))).toMatchObject({ is: 'not-reached' });
    expect(calls).toBe(0);
  });

  it('no connection in time: SES cannot have seen it', async () => {
    // A full backlog takes no connection: the kernel leaves the caller waiting.
    const full = createSocketServer();
    const port = await new Promise<number>((resolve) => {
      full.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
        const address = full.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
    const waiting = Array.from({ length: 8 }, () => connect(port, '127.0.0.1').on('error', () => {}));
    const result = await sendTo(`http://127.0.0.1:${port}`);
    for (const socket of waiting) socket.destroy();
    full.close();
    expect(result).toMatchObject({ is: 'not-reached' });
  });
});

it('the client of the house tries once, and its time-outs end a call', async () => {
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_SES: url,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_MAX_ATTEMPTS: '5',
  });
  answer = error(500, 'InternalFailure', 'Oops');
  const client = sesClient();
  await sesMailer(client, 'courant').send({ from: 'a@b.example', to: 'c@d.example', raw: Buffer.from('x'), tags: {} });
  expect(calls).toBe(1);
  expect(client.config.requestHandler).toMatchObject({
    config: { requestTimeout: 10_000, throwOnRequestTimeout: true },
  });
});

it('the quota says what SES grants, and -1 means no limit', async () => {
  const quota = (perDay: number) =>
    body(
      200,
      `<GetSendQuotaResponse><GetSendQuotaResult><Max24HourSend>${perDay}</Max24HourSend><MaxSendRate>14.0</MaxSendRate><SentLast24Hours>7.0</SentLast24Hours></GetSendQuotaResult></GetSendQuotaResponse>`,
    );
  const mailer = sesMailer(sesClientAt(url), 'courant');
  answer = quota(50_000);
  expect(await mailer.quota()).toEqual({ perSecond: 14, perDay: 50_000, sentLastDay: 7 });
  answer = quota(-1);
  expect(await mailer.quota()).toEqual({ perSecond: 14, perDay: Number.POSITIVE_INFINITY, sentLastDay: 7 });
});

describe('how the account stands', () => {
  it('SES, or its owner, may have stopped all sending', async () => {
    const enabled = (value: boolean) =>
      body(
        200,
        `<GetAccountSendingEnabledResponse><GetAccountSendingEnabledResult><Enabled>${value}</Enabled></GetAccountSendingEnabledResult></GetAccountSendingEnabledResponse>`,
      );
    const account = sesAccount(sesClientAt(url));
    answer = enabled(true);
    expect(await account.isEnabled()).toBe(true);
    answer = enabled(false);
    expect(await account.isEnabled()).toBe(false);
  });

  it('SES lets it send from what is verified, be it one of several', async () => {
    const states = (...of: string[]) =>
      body(
        200,
        `<GetIdentityVerificationAttributesResponse><GetIdentityVerificationAttributesResult><VerificationAttributes>${of.map((status, i) => `<entry><key>i${i}.example</key><value><VerificationStatus>${status}</VerificationStatus></value></entry>`).join('')}</VerificationAttributes></GetIdentityVerificationAttributesResult></GetIdentityVerificationAttributesResponse>`,
      );
    const account = sesAccount(sesClientAt(url));
    answer = states('Failed', 'Success');
    expect(await account.isVerified(['i0.example', 'i1.example'])).toBe(true);
    answer = states('Pending');
    expect(await account.isVerified(['i0.example'])).toBe(false);
    answer = states();
    expect(await account.isVerified(['i0.example'])).toBe(false);
  });

  it('SES signs for a domain whose keys it has found', async () => {
    const keys = (status: string) =>
      body(
        200,
        `<GetIdentityDkimAttributesResponse><GetIdentityDkimAttributesResult><DkimAttributes><entry><key>news.example</key><value><DkimEnabled>true</DkimEnabled><DkimVerificationStatus>${status}</DkimVerificationStatus></value></entry></DkimAttributes></GetIdentityDkimAttributesResult></GetIdentityDkimAttributesResponse>`,
      );
    const account = sesAccount(sesClientAt(url));
    answer = keys('Success');
    expect(await account.signsFor('news.example')).toBe(true);
    expect(await account.signsFor('other.example')).toBe(false);
    answer = keys('Pending');
    expect(await account.signsFor('news.example')).toBe(false);
  });
});
