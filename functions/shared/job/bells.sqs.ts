import { environment } from '../environment.ts';
import { sqsClient, sqsDoorbell } from '../storage/doorbell.sqs.ts';
import type { Doorbell } from '../storage/doorbell.ts';
import type { JobDoorbell } from './ports.ts';

/** The bell of the queue a job names. Which queues a function may ring says the topology: the others have no address. */
export const bellOfQueues = (): ((queue: string) => Doorbell<JobDoorbell>) => {
  const client = sqsClient();
  return (queue) => sqsDoorbell(client, environment(`QUEUE_${queue.toUpperCase()}`));
};
