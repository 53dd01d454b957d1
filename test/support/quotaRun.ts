import { SESClient } from '@aws-sdk/client-ses';
import { deliver } from '../../functions/digest/sending/deliver.ts';
import { sesMailer } from '../../functions/mail/mailer.ses.ts';
import type { OutgoingMail } from '../../functions/mail/mailer.ts';
import { dynamoRegister } from '../../functions/mail/register.dynamo.ts';
import { MOST_AT_ONCE, openSpeed } from '../../functions/mail/speed.ts';
import { msOf, sleep } from '../../functions/shared/time.ts';
import { openSes } from './localSes.ts';
import { memoryTable } from './memoryTable.ts';

export interface QuotaRun {
  /** When each call to SES was made, in milliseconds. */
  readonly called: readonly number[];
  /** When the local SES took each mail, in milliseconds. */
  readonly taken: readonly number[];
  /** How often it said “too fast”. */
  readonly throttled: number;
}

/** Some processes send small mails to the local SES at its rate, as fast as they may, in real time. */
export const runQuota = async (perSecond: number, seconds: number, processes: number): Promise<QuotaRun> => {
  const test = await openSes({ quota: { perSecond, perDay: 1_000_000 } });
  const client = clientAt(test.ses.url);
  const register = dynamoRegister(memoryTable());
  const until = Date.now() + seconds * 1000;
  const called: number[] = [];
  let throttled = 0;
  const startProcess = (name: number): Promise<unknown> => {
    const ses = sesMailer(client, 'courant');
    const speed = openSpeed({
      ...{ mailer: ses, register, kind: 'editions', id: `process-${name}`, sleep },
      keepsFree: () => 0,
      clockMs: Date.now,
    });
    const send = async (mail: OutgoingMail) => {
      called.push(performance.now());
      const result = await ses.send(mail);
      if (result.is === 'throttled') throttled++;
      return result;
    };
    const worker = async (): Promise<void> => {
      while (Date.now() < until) {
        const share = await speed.enter();
        if (typeof share === 'string') continue;
        const most = Math.min(25, Math.max(1, Math.floor(share * 3)));
        await deliver({ mailer: { send }, speed }, mails(most), Math.min(until, Date.now() + 4000));
        speed.leave();
      }
    };
    return Promise.all(Array.from({ length: MOST_AT_ONCE }, worker));
  };
  try {
    await Promise.all(Array.from({ length: processes }, (_, i) => startProcess(i)));
    const mailed = await test.ses.list({ limit: called.length + 1 });
    return { called, taken: mailed.map(({ at }) => msOf(at)), throttled };
  } finally {
    client.destroy();
    await test.stopForGood();
  }
};

/** Waits as long as the real one: a slow machine is no reason to know nothing of a mail. */
const clientAt = (endpoint: string): SESClient =>
  new SESClient({
    endpoint,
    region: 'eu-west-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    requestHandler: { connectionTimeout: 5000, requestTimeout: 20_000, throwOnRequestTimeout: true },
  });

const RAW = Buffer.from(
  ['From: a@news.example', 'To: r@readers.example', 'Subject: Boats', 'MIME-Version: 1.0', '', 'They go.', ''].join(
    '\r\n',
  ),
);

const mails = (count: number): Map<number, OutgoingMail> =>
  new Map(
    Array.from({ length: count }, (_, i) => [
      i,
      { from: 'a@news.example', to: 'r@readers.example', raw: RAW, tags: {} },
    ]),
  );
