import { randomBytes } from 'node:crypto';
import { environment } from '../environment.ts';
import { scheduleHandler } from '../schedule.ts';
import { dynamoClient, dynamoTable } from '../storage/table.dynamo.ts';
import { now } from '../time.ts';
import { bellOfQueues } from './bells.sqs.ts';
import { dynamoJobs } from './jobs.dynamo.ts';
import { type JobSweep, ringForIdle } from './sweep.ts';

export const handler = scheduleHandler({ connect, work: ringForIdle });

function connect(): JobSweep {
  const table = dynamoTable(dynamoClient(), environment('TABLE_JOBS'));
  return {
    jobs: dynamoJobs({ table, newId: () => randomBytes(16).toString('hex') }),
    bellOf: bellOfQueues({
      subscriberJobs: environment('QUEUE_SUBSCRIBERJOBS'),
      articleJobs: environment('QUEUE_ARTICLEJOBS'),
    }),
    now,
  };
}
