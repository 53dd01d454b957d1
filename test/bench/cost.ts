import { setLogSink } from '../../functions/shared/log.ts';
import { dynamoClient, dynamoTable } from '../../functions/shared/storage/table.dynamo.ts';
import { now } from '../../functions/shared/time.ts';
import { localName } from '../../infra/local/resources.ts';
import { functions } from '../../infra/topology.ts';
import { settle } from '../chaos/town.ts';
import { eventOf, letAllGo, openEdition, planned, publishNews } from './edition.ts';
import { countUnits, type Units } from './meter.ts';
import { startBenchStores } from './stores.ts';
import { printTable, type Row } from './table.ts';

/**
 * List prices in US dollars for us-east-1, without free tiers, as the pricing pages of Amazon SES, DynamoDB (on demand),
 * Lambda (x86), SQS and SNS had them in 2025 (https://aws.amazon.com/{ses,dynamodb,lambda,sqs,sns}/pricing). Other regions
 * cost up to a fifth more.
 */
const PRICES = {
  mail: 0.1 / 1000,
  readUnit: 0.125 / 1e6,
  writeUnit: 0.625 / 1e6,
  gbSecond: 0.0000166667,
  invocation: 0.2 / 1e6,
  queueRequest: 0.4 / 1e6,
  published: 0.5 / 1e6,
} as const;

const READERS = 2000;
const EVENTS = ['Send', 'Delivery'] as const;
const NETWORK_MS = 60;
const MILLION = 1e6;

/** What one stage of a mail's way took, for all readers together. */
interface Stage extends Units {
  readonly gbSeconds: number;
  readonly invocations: number;
  readonly queueRequests: number;
}

/** What a million mails cost on AWS: an estimate from counted requests, measured time, and list prices. */
export const benchCost = async (): Promise<void> => {
  setLogSink(() => {});
  const stores = await startBenchStores();
  try {
    await settle(dynamoTable(dynamoClient(), localName('subscribers')), READERS);
    await publishNews(12);
    stores.delaySes(NETWORK_MS);
    const id = await openEdition();
    const planning = await stageOf('editionsPlan', async () => {
      await planned(id);
      return { invocations: 1, queueRequests: 3 };
    });
    const pages = (await letAllGo(id)).pages ?? 0;
    const sending = await stageOf('pagesSend', () => send(id, pages));
    const feedback = await stageOf('feedback', () => hearOf(id, pages));
    print({ planning, sending, feedback });
  } finally {
    await stores.stop();
  }
};

type Worked = Pick<Stage, 'invocations' | 'queueRequests'>;

const stageOf = async (
  name: 'editionsPlan' | 'pagesSend' | 'feedback',
  work: () => Promise<Worked>,
): Promise<Stage> => {
  const { units, stop } = countUnits();
  const from = performance.now();
  try {
    const worked = await work();
    const seconds = (performance.now() - from) / 1000;
    return { ...units, ...worked, gbSeconds: (seconds * functions[name].memoryMb) / 1024 };
  } finally {
    stop();
  }
};

/** A doorbell costs a tenth of a request to ring, and a share of one to receive and of one to remove. */
const queueRequestsFor = (messages: number, batch: number): number => messages / 10 + (2 * messages) / batch;

const send = async (edition: string, pages: number): Promise<Worked> => {
  const { handler } = await import('../../functions/digest/send.lambda.ts');
  const { batch } = functions.pagesSend.trigger;
  for (let page = 1; page <= pages; page += batch) {
    const some = Array.from({ length: Math.min(batch, pages - page + 1) }, (_, i) => ({ edition, page: page + i }));
    await handler(eventOf(...some));
  }
  return { invocations: Math.ceil(pages / batch), queueRequests: queueRequestsFor(pages, batch) };
};

/** SES tells two things of every mail: that it was sent, and that it arrived. */
const hearOf = async (edition: string, pages: number): Promise<Worked> => {
  const { handler } = await import('../../functions/feedback/feedback.lambda.ts');
  const { batch } = functions.feedback.trigger;
  const messages = Array.from({ length: pages }, (_, page) => page + 1).flatMap((page) =>
    Array.from({ length: 25 }, (_, index) => EVENTS.map((kind) => tellingOf(kind, edition, `${page}-${index}`))).flat(),
  );
  for (let at = 0; at < messages.length; at += batch) await handler(eventOf(...messages.slice(at, at + batch)));
  return {
    invocations: Math.ceil(messages.length / batch),
    queueRequests: queueRequestsFor(messages.length, batch),
  };
};

const tellingOf = (eventType: (typeof EVENTS)[number], edition: string, delivery: string): object => ({
  Type: 'Notification',
  TopicArn: process.env['SES_TOPIC_ARN'] ?? '',
  Message: JSON.stringify({
    eventType,
    mail: { messageId: `0102-${delivery}`, timestamp: now(), tags: { edition: [edition], delivery: [delivery] } },
    ...(eventType === 'Delivery' && { delivery: { timestamp: now(), recipients: [] } }),
  }),
});

const print = (stages: Readonly<Record<'planning' | 'sending' | 'feedback', Stage>>): void => {
  const perMillion = (of: (stage: Stage) => number, stage: Stage): number => (of(stage) / READERS) * MILLION;
  const all = Object.entries(stages);
  const total = (of: (stage: Stage) => number): number =>
    all.reduce((sum, [, stage]) => sum + perMillion(of, stage), 0);
  const dollars = (amount: number): string => `$${amount.toFixed(2)}`;
  const parts: [string, number, string][] = [
    ['SES', PRICES.mail * MILLION, 'one recipient each'],
    ...all.map(([name, stage]): [string, number, string] => [
      `table, ${name}`,
      perMillion(({ read, write }) => read * PRICES.readUnit + write * PRICES.writeUnit, stage),
      `${(stage.read / READERS).toFixed(2)} read and ${(stage.write / READERS).toFixed(2)} write units a mail`,
    ]),
    ...all.map(([name, stage]): [string, number, string] => [
      `functions, ${name}`,
      perMillion(({ gbSeconds, invocations }) => gbSeconds * PRICES.gbSecond + invocations * PRICES.invocation, stage),
      `${((stage.gbSeconds / READERS) * 1000).toFixed(1)} GB-ms a mail as measured here`,
    ]),
    ['queues', total(({ queueRequests }) => queueRequests) * PRICES.queueRequest, 'doorbells and events'],
    ['events of SES (SNS)', EVENTS.length * MILLION * PRICES.published, 'sent and delivered'],
  ];
  const sum = parts.reduce((all, [, amount]) => all + amount, 0);
  const rows: Row[] = parts.map(([what, amount, note]) => ({ what, figure: dollars(amount), note }));
  printTable('Estimated cost of a million mails on AWS (list prices of us-east-1, 2025, no free tier)', [
    ...rows,
    {
      what: 'together',
      figure: dollars(sum),
      note: `of which SES ${Math.round((PRICES.mail * MILLION * 100) / sum)} %`,
    },
  ]);
};
