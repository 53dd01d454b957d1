import { loadNewsroom } from '../../shared/config.ts';
import { environment } from '../../shared/environment.ts';
import { scheduleHandler } from '../../shared/schedule.ts';
import { sqsClient, sqsDoorbell } from '../../shared/storage/doorbell.sqs.ts';
import { dynamoClient, dynamoTable } from '../../shared/storage/table.dynamo.ts';
import { now } from '../../shared/time.ts';
import { dynamoSources } from './sources.dynamo.ts';
import { type SourcesSweep, sweepSources } from './sweep.ts';

export const handler = scheduleHandler({ connect, work: sweepSources });

async function connect(): Promise<SourcesSweep> {
  return {
    sources: dynamoSources(dynamoTable(dynamoClient(), environment('TABLE_SOURCES'))),
    bell: sqsDoorbell(sqsClient(), environment('QUEUE_SOURCES')),
    newsroom: await loadNewsroom(),
    now,
  };
}
