import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { FunctionName } from '../topology.ts';
import { Alarms } from './alarms.ts';
import { Api } from './api.ts';
import { Edge } from './edge.ts';
import { Functions } from './functions.ts';
import { Mail } from './mail.ts';
import { Queues } from './queues.ts';
import { Storage } from './storage.ts';

export interface CourantProps extends StackProps {
  /** From `newsroom.config.ts`. */
  readonly siteUrl: string;
  readonly senderAddress: string;
  readonly version: string;
  /** The directory with each function's `index.cjs`. */
  readonly bundles: Readonly<Record<FunctionName, string>>;
  /** The directory that holds `templates/`. */
  readonly templatesLayer: string;
  readonly edgeCode: string;
  readonly certificateArn: string | undefined;
  readonly alarmsTo: string | undefined;
}

/** The house on AWS, as `infra/topology.ts` draws it. */
export class Courant extends Stack {
  constructor(scope: Construct, id: string, props: CourantProps) {
    super(scope, id, { terminationProtection: true, ...props });
    const storage = new Storage(this, 'Storage');
    const queues = new Queues(this, 'Queues').pairs;
    const mail = new Mail(this, 'Mail', { senderAddress: props.senderAddress, feedback: queues.feedback });
    const functions = new Functions(this, 'Functions', {
      ...props,
      stores: { tables: storage.tables, buckets: storage.buckets, queues },
      mail,
    }).placed;
    const { api } = new Api(this, 'Api', functions);
    new Edge(this, 'Edge', { ...props, api, publicBucket: storage.buckets.public });
    new Alarms(this, 'Alarms', { queues, functions, api, alarmsTo: props.alarmsTo });
    new CfnOutput(this, 'KeysTable', { value: storage.tables.keys.tableName, description: 'For newsroomKey.ts' });
  }
}
