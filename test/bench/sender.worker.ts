import { SESClient, SendRawEmailCommand } from '@aws-sdk/client-ses';
import { z } from 'zod';
import { setLogSink } from '../../functions/shared/log.ts';
import { functions } from '../../infra/topology.ts';
import { eventOf } from './edition.ts';
import { metered } from './meter.ts';

/** A process that sends and does nothing else, as a function on Lambda: its time and its memory are those of sending. */
const message = z.discriminatedUnion('do', [
  z.object({ do: z.literal('send'), edition: z.string(), pages: z.array(z.number()) }),
  z.object({ do: z.literal('bare'), count: z.number() }),
  z.object({ do: z.literal('mails'), forms: z.array(z.string()) }),
]);

/** Calls under way at the same time that serve the client best. */
const AT_ONCE = 64;

interface Mail {
  readonly to: string;
  readonly raw: Buffer;
  readonly tags: readonly { Name: string; Value: string }[];
}

setLogSink(() => {});
const { handler } = await import('../../functions/digest/send.lambda.ts');
let mails: readonly Mail[] = [];

process.on('message', async (raw) => {
  const told = message.parse(raw);
  if (told.do === 'mails') mails = told.forms.map(mailOf);
  const { requests, ...spent } = await metered(async () => {
    if (told.do === 'send') await send(told.edition, told.pages);
    if (told.do === 'bare') await bare(told.count);
  });
  process.send?.({ ...spent, requests: [...requests] });
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');

/** Through the function's own door, as many pages at a time as it is handed on AWS. */
async function send(edition: string, pages: readonly number[]): Promise<void> {
  const { batch } = functions.pagesSend.trigger;
  for (let at = 0; at < pages.length; at += batch) {
    await handler(eventOf(...pages.slice(at, at + batch).map((page) => ({ edition, page }))));
  }
}

/** The client alone, with the same mails again and again. */
async function bare(count: number): Promise<void> {
  const client = new SESClient({ maxAttempts: 1, requestHandler: { httpAgent: { keepAlive: true, maxSockets: 128 } } });
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      const mail = mails[next++ % mails.length];
      if (!mail) return;
      await client.send(
        new SendRawEmailCommand({
          Source: 'news@confluence.example',
          Destinations: [mail.to],
          RawMessage: { Data: mail.raw },
          Tags: [...mail.tags],
          ConfigurationSetName: 'courant',
        }),
      );
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  client.destroy();
}

/** A mail as SES got it, from the form it came in. */
function mailOf(form: string): Mail {
  const fields = new URLSearchParams(form);
  const tags: { Name: string; Value: string }[] = [];
  for (let i = 1; fields.has(`Tags.member.${i}.Name`); i++) {
    tags.push({ Name: fields.get(`Tags.member.${i}.Name`) ?? '', Value: fields.get(`Tags.member.${i}.Value`) ?? '' });
  }
  return {
    to: fields.get('Destinations.member.1') ?? '',
    raw: Buffer.from(fields.get('RawMessage.Data') ?? '', 'base64'),
    tags,
  };
}
