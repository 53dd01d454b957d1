import { loadNewsroom } from '../shared/config.ts';
import { environment, siteUrl } from '../shared/environment.ts';
import { scheduleHandler } from '../shared/schedule.ts';
import { sqsClient, sqsDoorbell } from '../shared/storage/doorbell.sqs.ts';
import { dynamoClient, dynamoTable } from '../shared/storage/table.dynamo.ts';
import { dynamoCursors } from '../wire/cursors.dynamo.ts';
import type { Bodies } from '../wire/ports.ts';
import { dynamoWire } from '../wire/wire.dynamo.ts';
import { dynamoStates } from './build/states.dynamo.ts';
import { type FeedSweep, sweepFeeds } from './build/sweep.ts';
import { dynamoListRows } from './read/listRows.dynamo.ts';

/** The sweep asks how far the wire goes; it may not read what is in it. */
const reading = (): never => {
  throw new Error('The sweep of the feeds reads no texts.');
};
const noBodies: Bodies = { keep: reading, read: reading, forget: reading };

const connect = async (): Promise<FeedSweep> => {
  const tables = dynamoClient();
  const feeds = dynamoTable(tables, environment('TABLE_FEEDS'));
  return {
    wire: dynamoWire(dynamoTable(tables, environment('TABLE_WIRE')), noBodies),
    cursors: dynamoCursors(feeds),
    states: dynamoStates(feeds),
    rows: dynamoListRows(feeds),
    settings: { newsroom: await loadNewsroom(), siteUrl: siteUrl(), version: environment('COURANT_VERSION') },
    bell: sqsDoorbell(sqsClient(), environment('QUEUE_FEEDS')),
  };
};

export const handler = scheduleHandler({ connect, work: sweepFeeds });
