import { sqsClient, sqsDoorbell } from '../storage/doorbell.sqs.ts';
import type { Doorbell } from '../storage/doorbell.ts';
import type { JobDoorbell } from './ports.ts';

/** The bell of the queue a job names, out of those whose addresses are given: by name in the topology. */
export const bellOfQueues = (
  addresses: Readonly<Record<string, string>>,
): ((queue: string) => Doorbell<JobDoorbell>) => {
  const client = sqsClient();
  return (queue) => {
    const address = addresses[queue];
    if (address === undefined) throw new Error(`The queue ${queue} is not one of those that may be rung from here.`);
    return sqsDoorbell(client, address);
  };
};
