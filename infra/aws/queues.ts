import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { MOST_RECEIVES, type QueueName, queues } from '../topology.ts';
import { capital, each } from './each.ts';

/** A queue and where its messages go after the fifth failure. */
export interface QueuePair {
  readonly queue: Queue;
  readonly setAside: Queue;
}

/** Every queue of the topology with its dead-letter queue. What is set aside can be read and sent back for 14 days. */
export class Queues extends Construct {
  readonly pairs: Readonly<Record<QueueName, QueuePair>>;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.pairs = each(queues, (name, { visibilitySeconds }) => {
      const setAside = new Queue(this, `${capital(name)}SetAside`, {
        encryption: QueueEncryption.SQS_MANAGED,
        enforceSSL: true,
        retentionPeriod: Duration.days(14),
      });
      const queue = new Queue(this, `${capital(name)}Queue`, {
        encryption: QueueEncryption.SQS_MANAGED,
        enforceSSL: true,
        retentionPeriod: Duration.days(4),
        visibilityTimeout: Duration.seconds(visibilitySeconds),
        deadLetterQueue: { queue: setAside, maxReceiveCount: MOST_RECEIVES },
      });
      return { queue, setAside };
    });
  }
}
