import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  GetAccountSendingEnabledCommand,
  GetSendQuotaCommand,
  SendRawEmailCommand,
  type SendRawEmailCommandInput,
  UpdateAccountSendingEnabledCommand,
} from '@aws-sdk/client-ses';
import { afterEach, describe, expect, it } from 'vitest';
import { sesAccount, sesMailer } from '../../functions/mail/mailer.ses.ts';
import { mimeOf } from '../../functions/mail/mime.ts';
import { addMs, HOUR_MS } from '../../functions/shared/time.ts';
import { aMail } from '../mail/aMail.ts';
import { openSes, type SesUnderTest } from '../support/localSes.ts';

const open: SesUnderTest[] = [];
const start = async (over: Parameters<typeof openSes>[0] = {}): Promise<SesUnderTest> => {
  const one = await openSes(over);
  open.push(one);
  return one;
};

afterEach(async () => {
  // The last one first: several may have followed one another over the same directory.
  for (const one of open.splice(0).reverse()) await one.stopForGood();
});

const send = ({ client }: SesUnderTest, over: Partial<SendRawEmailCommandInput> = {}, raw = mimeOf(aMail())) =>
  client.send(
    new SendRawEmailCommand({
      Source: 'news@confluence.example',
      Destinations: ['reader@example.org'],
      RawMessage: { Data: raw },
      ConfigurationSetName: 'courant',
      ...over,
    }),
  );

const subjects = async ({ ses }: SesUnderTest, to?: string): Promise<string[]> =>
  (await ses.list({ limit: 100, ...(to && { to }) })).map((mail) => mail.subject);

describe('a mail that SES takes', () => {
  it('is kept as it came, and listed with its subject decoded', async () => {
    const house = await start({ now: () => '2026-05-01T08:00:00.000Z' });
    const raw = mimeOf(aMail({ subject: 'Crues : « le fleuve monte » 城市新闻' }));
    const { MessageId } = await send(house, {}, raw);
    expect(MessageId).toMatch(/^0102[0-9a-f]{12}-[0-9a-f-]{36}-000000$/);
    const mail = {
      id: MessageId,
      to: ['reader@example.org'],
      subject: 'Crues : « le fleuve monte » 城市新闻',
      at: '2026-05-01T08:00:00.000Z',
      raw: raw.toString(),
    };
    expect(await house.ses.list({ limit: 10 })).toEqual([mail]);
    expect(await house.ses.get(MessageId ?? '')).toEqual(mail);
    expect(await house.ses.get('../../etc/passwd')).toBeUndefined();
    expect(await house.ses.get((MessageId ?? '').replace(/^0102./, '01021'))).toBeUndefined();
  });

  it('is found by whom it went to, newest first', async () => {
    const house = await start();
    for (const n of [1, 2, 3]) {
      const to = n === 2 ? 'Other@Example.org' : 'reader@example.org';
      await send(house, { Destinations: [to] }, mimeOf(aMail({ subject: `Mail ${n}` })));
    }
    expect(await subjects(house)).toEqual(['Mail 3', 'Mail 2', 'Mail 1']);
    expect(await subjects(house, 'READER@example.org')).toEqual(['Mail 3', 'Mail 1']);
    expect(await subjects(house, 'other@example.org')).toEqual(['Mail 2']);
    expect((await house.ses.list({ limit: 1 })).map((mail) => mail.subject)).toEqual(['Mail 3']);
  });

  it('goes to whom its header names where no envelope does', async () => {
    const house = await start();
    await send(house, { Destinations: undefined, Source: undefined });
    expect((await house.ses.list({ limit: 1 }))[0]?.to).toEqual(['reader@example.org']);
  });

  it('is still there after a restart, and what was half written is not', async () => {
    const house = await start();
    for (let i = 0; i < 400; i++) await send(house, {}, mimeOf(aMail({ subject: `Mail ${i} ${'x'.repeat(150)}` })));
    await house.stop();
    await appendFile(join(house.directory, 'journal.jsonl'), '{"id":"0102torn');
    const again = await start({ directory: house.directory });
    const listed = await again.ses.list({ limit: 1000 });
    expect(listed.map((mail) => mail.subject.split(' ')[1])).toEqual(
      Array.from({ length: 400 }, (_, i) => String(399 - i)),
    );
    await send(again, {}, mimeOf(aMail({ subject: 'After' })));
    expect((await subjects(again))[0]).toBe('After');
  });
});

describe('what SES turns down', () => {
  it.each<[string, Partial<SendRawEmailCommandInput>, string, string]>([
    ['a tag outside its alphabet', { Tags: [{ Name: 'edition', Value: 'a b' }] }, 'InvalidParameterValue', 'tag value'],
    ['a tag name outside its alphabet', { Tags: [{ Name: 'a:b', Value: 'a' }] }, 'InvalidParameterValue', 'tag name'],
    [
      'an address with a line end',
      { Destinations: ['a@b.example\r\nBcc: c@d.example'] },
      'InvalidParameterValue',
      'control',
    ],
    ['an address with white space', { Destinations: ['a b@c.example'] }, 'InvalidParameterValue', 'whitespace'],
    ['no address', { Destinations: ['not an address'] }, 'InvalidParameterValue', '@domain'],
    ['two addresses in one', { Destinations: ['a@b.example,c@d.example'] }, 'InvalidParameterValue', 'Illegal'],
    ['an address beyond ASCII', { Destinations: ['jürgen@b.example'] }, 'InvalidParameterValue', 'Illegal'],
    ['a domain that is none', { Destinations: ['a@b_c!.example'] }, 'InvalidParameterValue', 'Domain'],
    ['a bad sender', { Source: 'News <news@confluence.example>' }, 'InvalidParameterValue', 'whitespace'],
    ['an empty mail', { RawMessage: { Data: Buffer.alloc(0) } }, 'InvalidParameterValue', 'RawMessage'],
    [
      'a mail from nobody',
      { RawMessage: { Data: Buffer.from('Subject: x\r\n\r\nx') } },
      'InvalidParameterValue',
      "'From'",
    ],
    [
      'a header that is there twice',
      { RawMessage: { Data: Buffer.from('From: a@b.example\r\nSubject: x\r\nSubject: y\r\n\r\nx') } },
      'InvalidParameterValue',
      "Duplicate header 'Subject'",
    ],
    [
      'a line over 998 characters',
      { RawMessage: { Data: Buffer.from(`From: a@b.example\r\n\r\n${'x'.repeat(999)}\r\n`) } },
      'InvalidParameterValue',
      '998',
    ],
  ])('%s', async (_, over, name, message) => {
    const house = await start();
    await expect(send(house, over)).rejects.toMatchObject({ name, message: expect.stringContaining(message) });
    expect(await house.ses.list({ limit: 10 })).toEqual([]);
    expect(house.events).toEqual([]);
  });

  it('an action that it does not know', async () => {
    const house = await start();
    const answer = await fetch(house.ses.url, { method: 'POST', body: 'Action=DeleteEverything' });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('<Code>InvalidAction</Code>');
  });
});

describe('the account', () => {
  const mail = { from: 'news@confluence.example', to: 'reader@example.org', raw: mimeOf(aMail()), tags: {} };

  it('says its quota, and counts over a restart', async () => {
    const quota = { perSecond: 50, perDay: 300 };
    const house = await start({ quota });
    await send(house);
    await send(house);
    expect(await sesMailer(house.client, 'courant').quota()).toEqual({ ...quota, sentLastDay: 2, perDay: 300 });
    await house.stop();
    const again = await start({ directory: house.directory, quota });
    expect((await again.client.send(new GetSendQuotaCommand())).SentLast24Hours).toBe(2);
  });

  it('takes no more in a second than it grants', async () => {
    const house = await start({ quota: { perSecond: 5, perDay: 1000 } });
    const mailer = sesMailer(house.client, 'courant');
    const results = await Promise.all(Array.from({ length: 12 }, () => mailer.send(mail)));
    expect(results.filter((result) => result.is === 'sent')).toHaveLength(5);
    expect(results.filter((result) => result.is === 'throttled')).toHaveLength(7);
    expect(await house.ses.list({ limit: 100 })).toHaveLength(5);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(await mailer.send(mail)).toMatchObject({ is: 'sent' });
  });

  it('takes no more in 24 hours than it grants', async () => {
    let now = '2026-05-01T08:00:00.000Z';
    const house = await start({ quota: { perSecond: 50, perDay: 3 }, now: () => now });
    const mailer = sesMailer(house.client, 'courant');
    for (let i = 0; i < 3; i++) expect(await mailer.send(mail)).toMatchObject({ is: 'sent' });
    expect(await mailer.send(mail)).toEqual({ is: 'paused', code: 'DailyQuotaExceeded' });
    now = addMs(now, 23 * HOUR_MS);
    expect(await mailer.send(mail)).toEqual({ is: 'paused', code: 'DailyQuotaExceeded' });
    now = addMs(now, 2 * HOUR_MS);
    expect(await mailer.send(mail)).toMatchObject({ is: 'sent' });
  });

  it('can be paused by its owner', async () => {
    const house = await start();
    const mailer = sesMailer(house.client, 'courant');
    await house.client.send(new UpdateAccountSendingEnabledCommand({ Enabled: false }));
    expect((await house.client.send(new GetAccountSendingEnabledCommand())).Enabled).toBe(false);
    expect(await mailer.send(mail)).toEqual({ is: 'paused', code: 'AccountSendingPausedException' });
    await house.client.send(new UpdateAccountSendingEnabledCommand({ Enabled: true }));
    expect(await mailer.send(mail)).toMatchObject({ is: 'sent' });
  });
});

it('every identity is verified, as many as are asked for', async () => {
  const account = sesAccount((await start()).client);
  expect(await account.isVerified(['news@confluence.example', 'confluence.example'])).toBe(true);
});

it('a journal that cannot be read stops the start, rather than losing mails in silence', async () => {
  const house = await start();
  await send(house);
  await house.stop();
  const path = join(house.directory, 'journal.jsonl');
  await writeFile(path, (await readFile(path, 'utf8')).replace('"id"', '"di"'));
  await expect(start({ directory: house.directory })).rejects.toThrow();
});
