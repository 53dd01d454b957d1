import type { Bucket } from '../../functions/shared/storage/bucket.ts';
import type { Table } from '../../functions/shared/storage/table.ts';
import { addMs, type Instant, msOf } from '../../functions/shared/time.ts';
import type { Content } from '../../functions/wire/article.ts';
import { dynamoArticles } from '../../functions/wire/articles.dynamo.ts';
import { bucketBodies } from '../../functions/wire/bodies.s3.ts';
import type { CurrentArticle, Draft, Outcome, Publisher, Retraction, Submission } from '../../functions/wire/ports.ts';
import { dynamoPublisher } from '../../functions/wire/publisher.dynamo.ts';
import { dynamoWire } from '../../functions/wire/wire.dynamo.ts';
import { someContent } from '../support/anArticle.ts';
import { memoryDoorbell } from '../support/memoryDoorbell.ts';

export const MORNING: Instant = '2026-05-04T08:00:00.000Z';

/** The whole room on one table, with a clock that a test turns. */
export const openNewsdesk = (table: Table, bucket: Bucket) => {
  let time = MORNING;
  let ids = 0;
  const bodies = bucketBodies(bucket);
  const bell = memoryDoorbell<Record<string, never>>();
  const open = () =>
    dynamoPublisher({
      table,
      bodies,
      feedsBell: bell,
      now: () => time,
      newId: () => `01JA${String(++ids).padStart(22, '0')}`,
      random: () => 0,
    });
  return {
    wire: dynamoWire(table, bodies),
    articles: dynamoArticles(table, bodies),
    publisher: open(),
    /** Another process. */
    another: open,
    bell,
    now: () => time,
    pass: (ms: number) => {
      time = addMs(time, ms);
    },
    /** What arrives now by the newsroom API. */
    arriving: (content: Partial<Content> = {}, over: Partial<Submission> = {}): Submission => ({
      content: someContent(content),
      externalId: null,
      source: 'api',
      version: msOf(time),
      announce: undefined,
      dueAt: null,
      ...over,
    }),
  };
};

export type Newsdesk = ReturnType<typeof openNewsdesk>;

type Answer = Outcome | Retraction | Awaited<ReturnType<Publisher['revise']>>;

/** The current article of an outcome that has one. */
export const currentIn = (outcome: Answer): CurrentArticle => {
  if ('current' in outcome) return outcome.current;
  throw new Error(`An outcome “${outcome.is}” has no current article.`);
};

export const draftIn = (outcome: Answer): Draft => {
  if ('draft' in outcome) return outcome.draft;
  throw new Error(`An outcome “${outcome.is}” has no draft.`);
};
