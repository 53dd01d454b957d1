import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PublishCommand } from '@aws-sdk/client-sns';
import { z } from 'zod';
import { s3Bucket, s3Client } from '../../functions/shared/storage/bucket.s3.ts';
import type { Bucket } from '../../functions/shared/storage/bucket.ts';
import { dynamoClient, dynamoTable } from '../../functions/shared/storage/table.dynamo.ts';
import type { Table } from '../../functions/shared/storage/table.ts';
import { addMs, type Instant, instant, msOf } from '../../functions/shared/time.ts';
import { makeBucket, makeTable } from '../../infra/local/resources.ts';
import { startSes } from '../../infra/local/ses/ses.ts';
import { type FunctionName, variableOf } from '../../infra/topology.ts';
import { randomOf } from '../digest/support/random.ts';
import { type FaultProxy, startFaultProxy } from '../support/faults/proxy.ts';
import { type Crew, startCrew } from './crew.ts';
import { makeMessaging } from './stores.ts';
import type { Town } from './town.ts';

/** One run: its own tables, queues and SES, and a crew that sees all of it through the faults. */
export interface Scene {
  readonly faults: FaultProxy;
  readonly crew: Crew;
  /** A table of this run, past the faults. */
  table(name: string): Table;
  bucket(name: string): Bucket;
  now(): Instant;
  turnTo(moment: Instant): void;
  /** Everybody hears of the minute, some minutes later. */
  later(minutes: number): void;
  /** What SES has taken, in its order. */
  taken(): Promise<readonly TakenMail[]>;
  /** One of these mails as it came. */
  mail(id: string): Promise<string>;
  /** SES begins to tell what became of the mails; until then it is silent. */
  tellEvents(): void;
  stop(): Promise<void>;
}

export interface TakenMail {
  readonly id: string;
  /** By a clock that nobody turns: milliseconds since 1970. */
  readonly atMs: number;
  readonly to: string;
  readonly delivery: string;
}

export interface SceneOptions {
  readonly seed: number;
  readonly startAt: Instant;
  readonly hands: readonly FunctionName[];
  /** Tables and buckets that are a run's own, empty at its start; the others are the town's. */
  readonly tables: readonly string[];
  readonly buckets?: readonly string[];
  /** Told as they come, or kept back until `tellEvents`. */
  readonly events: 'at once' | 'later';
  readonly workers?: number;
  /** Mails a second that SES takes. */
  readonly perSecond?: number;
  /** What this run's processes know besides what the town's do. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Faster than SES is by default, so that a run takes seconds. */
const USUAL_RATE = 2000;
const PER_DAY = 10_000_000;

let runs = 0;

export const openScene = async (town: Town, options: SceneOptions): Promise<Scene> => {
  const run = ++runs;
  let offsetMs = msOf(options.startAt) - Date.now();
  const turns = [{ fromMs: Date.now(), offsetMs }];
  const now = (): Instant => instant(Date.now() + offsetMs);
  /** The clock is turned forward only, so that every moment it shows belongs to one of nobody's turning. */
  const unturned = (shown: Instant): number => {
    const since = turns.findLast((turn) => msOf(shown) >= turn.fromMs + turn.offsetMs);
    return msOf(shown) - (since ?? { offsetMs }).offsetMs;
  };
  const messaging = await makeMessaging(run);
  for (const name of options.tables) await makeTable(dynamoClient(), `courant-${name}-${run}`, true);
  const { buckets = [] } = options;
  for (const name of buckets) await makeBucket(s3Client(), `courant-${name}-${run}`);

  const told = Promise.withResolvers<void>();
  if (options.events === 'at once') told.resolve();
  let open = true;
  const directory = join(town.directory, `mails-${run}`);
  const publish = async (Message: string): Promise<void> => {
    await told.promise;
    if (open) await messaging.sns.send(new PublishCommand({ TopicArn: messaging.topicArn, Message }));
  };
  const quota = { perSecond: options.perSecond ?? USUAL_RATE, perDay: PER_DAY };
  const ses = await startSes({ directory, publish, now, quota });

  const { dynamodb, aws } = town.urls;
  const faults = await startFaultProxy({
    targets: { DynamoDB: dynamodb, SQS: aws, S3: aws, SES: ses.url },
    random: randomOf(options.seed),
    kill: (from) => crew.kill(from),
    freeze: (from) => crew.freeze(from),
  });
  const services = ['DYNAMODB', 'S3', 'SQS', 'SES'];
  const crew: Crew = startCrew({
    size: options.workers ?? 2,
    hands: options.hands,
    offsetMs,
    environment: {
      ...town.environment,
      ...options.environment,
      SES_TOPIC_ARN: messaging.topicArn,
      ...Object.fromEntries(services.map((service) => [`AWS_ENDPOINT_URL_${service}`, faults.url])),
      ...Object.fromEntries(options.tables.map((name) => [variableOf('TABLE', name), `courant-${name}-${run}`])),
      ...Object.fromEntries(buckets.map((name) => [variableOf('BUCKET', name), `courant-${name}-${run}`])),
      ...Object.fromEntries(Object.entries(messaging.urls).map(([name, url]) => [variableOf('QUEUE', name), url])),
    },
  });
  const turnTo = (moment: Instant): void => {
    const fromMs = Date.now();
    offsetMs = msOf(moment) - fromMs;
    turns.push({ fromMs, offsetMs });
    crew.turn(offsetMs);
  };
  return {
    faults,
    crew,
    table: (name) => dynamoTable(dynamoClient(), `courant-${name}-${run}`),
    bucket: (name) => s3Bucket(s3Client(), `courant-${name}-${run}`),
    now,
    turnTo,
    later(minutes) {
      turnTo(addMs(now(), minutes * 60_000));
      crew.tick();
    },
    taken: async () =>
      (await readJournal(join(directory, 'journal.jsonl'))).map(({ at, ...mail }) => ({ ...mail, atMs: unturned(at) })),
    async mail(id) {
      const found = await ses.get(id);
      if (!found) throw new Error(`SES has not taken ${id}.`);
      return found.raw;
    },
    tellEvents: told.resolve,
    async stop() {
      open = false;
      told.resolve();
      await crew.stop();
      await faults.close();
      await ses.close();
      messaging.sqs.destroy();
      messaging.sns.destroy();
    },
  };
};

const journalLine = z.object({
  id: z.string(),
  at: z.string(),
  destinations: z.array(z.string()),
  tags: z.object({ delivery: z.string() }),
});

/** A last line that is half written is not acknowledged yet. */
const readJournal = async (path: string): Promise<(Omit<TakenMail, 'atMs'> & { readonly at: Instant })[]> => {
  const text = await readFile(path, 'utf8');
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  return lines.filter(Boolean).flatMap((line) => {
    const { id, at, destinations, tags } = journalLine.parse(JSON.parse(line));
    return destinations.map((to) => ({ id, at, to, delivery: tags.delivery }));
  });
};

/** Lives through it, and ends the run; what failed says what had happened until then. */
export const withWhatHappened = async <T>(scene: Scene, run: () => Promise<T>): Promise<T> => {
  try {
    return await run();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${why}\nWhat had happened:\n  ${scene.faults.happened.join('\n  ')}`, { cause: error });
  } finally {
    await scene.stop();
  }
};
