import type { SQSEvent } from 'aws-lambda';
import { ulid } from 'ulid';
import { changeEdition } from '../../functions/digest/ledger/change.ts';
import { type Edition, newEdition } from '../../functions/digest/ledger/edition.ts';
import { dynamoLedger } from '../../functions/digest/ledger/ledger.dynamo.ts';
import { s3Bucket, s3Client } from '../../functions/shared/storage/bucket.s3.ts';
import { dynamoClient, dynamoTable } from '../../functions/shared/storage/table.dynamo.ts';
import { now } from '../../functions/shared/time.ts';
import { bucketBodies } from '../../functions/wire/bodies.s3.ts';
import { dynamoPublisher } from '../../functions/wire/publisher.dynamo.ts';
import { localName } from '../../infra/local/resources.ts';
import { someContent } from '../support/anArticle.ts';
import { memoryDoorbell } from '../support/memoryDoorbell.ts';

/** What a function behind a queue is handed: these messages. */
export const eventOf = (...messages: object[]): SQSEvent => ({
  Records: messages.map((message, i) => ({
    messageId: String(i),
    receiptHandle: String(i),
    body: JSON.stringify(message),
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '0',
      SenderId: 'bench',
      ApproximateFirstReceiveTimestamp: '0',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-west-1:000000000000:bench',
    awsRegion: 'eu-west-1',
  })),
});

const SUMMARY =
  'The plan moves the landing stage two hundred metres upstream, opens the old quay to walkers, and costs less than the repair would have cost. Work begins in spring, and the ferries keep running throughout.';

/** News for the edition: as many articles as a long mail shows. */
export const publishNews = async (articles: number): Promise<void> => {
  const publisher = dynamoPublisher({
    table: dynamoTable(dynamoClient(), localName('wire')),
    bodies: bucketBodies(s3Bucket(s3Client(), localName('private'))),
    feedsBell: memoryDoorbell(),
    now,
    newId: () => ulid(),
    random: Math.random,
  });
  const topics = ['mobility', 'climate', 'housing', 'culture'];
  for (let i = 0; i < articles; i++) {
    await publisher.submit({
      content: {
        ...someContent(),
        title: `River council ${i} votes on the plan for the new landing stage`,
        summary: SUMMARY,
        topics: [topics[i % topics.length] ?? 'mobility'],
        image: { url: `https://img.example.org/${i}.jpg`, alt: 'The quay at low water', width: 1200, height: 630 },
        publishedAt: now(),
      },
      externalId: `news-${i}`,
      source: 'api',
      version: 1,
      announce: true,
      dueAt: null,
    });
  }
};

const ledger = () => dynamoLedger(dynamoTable(dynamoClient(), localName('ledger')));

/** A weekly edition that is to be planned. */
export const openEdition = async (): Promise<string> => {
  const fresh = newEdition({ newsletter: 'city-news', cadence: 'weekly', slot: null, now: now(), suffix: 'bench' });
  await ledger().create(fresh);
  return fresh.id;
};

/** Works as the planner does, again and again, until the edition is being sent. */
export const planned = async (id: string): Promise<Edition> => {
  const { handler } = await import('../../functions/digest/plan.lambda.ts');
  for (;;) {
    const answer = await handler(eventOf({ edition: id }));
    if (answer.batchItemFailures.length > 0) throw new Error('The planner failed.');
    const edition = await ledger().edition(id);
    if (edition?.state === 'sending' && edition.startedAt !== null) return edition;
    if (edition?.state !== 'planned') throw new Error(`The edition is ${edition?.state}.`);
  }
};

/** All its pages may be sent: those who get it first have had theirs. */
export const letAllGo = async (id: string): Promise<Edition> => {
  const edition = await changeEdition(ledger(), id, (there) => ({
    ...there,
    rung: there.pages ?? 0,
    reach: there.pages ?? 0,
    first: { through: 0, doneAt: now(), passed: true },
  }));
  if (!edition) throw new Error('There is no such edition.');
  return edition;
};

/** How many of the deliveries on these pages stand as sent. */
export const sentOn = async (id: string, pages: readonly number[]): Promise<number> => {
  const there = await Promise.all(pages.map((page) => ledger().page(id, page)));
  return there.reduce((sum, page) => sum + (page?.deliveries.filter(({ state }) => state === 'sent').length ?? 0), 0);
};
