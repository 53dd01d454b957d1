import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';

/** What a request asks of AWS, as a fault's rule sees it. */
export interface AwsRequest {
  readonly service: Service;
  readonly operation: string;
  /** Table, queue or bucket, without `courant-` and the number of a run; empty for SES. */
  readonly store: string;
  /** The access key it is signed with: tests give every process one of its own. */
  readonly from: string;
  /** What a crash point is called: `DynamoDB PutItem ledger PAGES`, `SQS SendMessageBatch pages`, `SES SendRawEmail`. */
  readonly point: string;
}

export type Service = 'DynamoDB' | 'SQS' | 'SNS' | 'S3' | 'SES';

const SERVICES: Readonly<Record<string, Service>> = {
  dynamodb: 'DynamoDB',
  sqs: 'SQS',
  sns: 'SNS',
  s3: 'S3',
  ses: 'SES',
};

/** Reads who asks what of whom: the signature names the service, headers and body the rest. */
export const readRequest = (method: string, url: string, headers: IncomingHttpHeaders, body: Buffer): AwsRequest => {
  const [, from = '', , , scope = ''] =
    /Credential=([^/,]+)\/([^/,]+)\/([^/,]+)\/([^/,]+)\//.exec(headers.authorization ?? '') ?? [];
  const service = SERVICES[scope] ?? 'S3';
  const { operation, store, kind } = ASKED[service](method, url, headers, body);
  const point = [service, operation, store, kind].filter(Boolean).join(' ');
  return { service, operation, store, from, point };
};

interface Asked {
  readonly operation: string;
  readonly store: string;
  readonly kind: string;
}

type Reader = (method: string, url: string, headers: IncomingHttpHeaders, body: Buffer) => Asked;

const operationOf = (headers: IncomingHttpHeaders): string =>
  String(headers['x-amz-target'] ?? '').replace(/^[^.]*\./, '');

const attribute = z.object({ S: z.string() });
const keyed = z.object({ pk: attribute }).optional();
const tableRequest = z.object({
  TableName: z.string().optional(),
  Item: keyed,
  Key: keyed,
  ExpressionAttributeValues: z.object({ ':p': attribute.optional() }).optional(),
  RequestItems: z.record(z.string(), z.unknown()).optional(),
});

const ofTable: Reader = (_, __, headers, body) => {
  const asked = tableRequest.parse(JSON.parse(body.toString('utf8')));
  const key = asked.Item ?? asked.Key;
  const pk = key?.pk.S ?? asked.ExpressionAttributeValues?.[':p']?.S ?? '';
  const store = asked.TableName ?? Object.keys(asked.RequestItems ?? {})[0] ?? '';
  return { operation: operationOf(headers), store: plainName(store), kind: pk.split('#')[0] ?? '' };
};

const queueRequest = z.object({ QueueUrl: z.string().default('') });

const ofQueue: Reader = (_, __, headers, body) => {
  const { QueueUrl } = queueRequest.parse(JSON.parse(body.toString('utf8')));
  return { operation: operationOf(headers), store: plainName(QueueUrl.split('/').at(-1) ?? ''), kind: '' };
};

const ofForm: Reader = (_, __, ___, body) => {
  const action = /(?:^|&)Action=(\w+)/.exec(body.toString('latin1', 0, 200))?.[1] ?? '';
  return { operation: action, store: '', kind: '' };
};

const ofBucket: Reader = (method, url) => {
  const [path = '', query = ''] = url.split('?');
  const [, bucket = '', ...key] = path.split('/');
  const object = key.join('/') !== '';
  const list = method === 'GET' && query.includes('list-type');
  const verb = `${method.charAt(0)}${method.slice(1).toLowerCase()}`;
  return {
    operation: list ? 'ListObjects' : `${verb}${object ? 'Object' : 'Bucket'}`,
    store: plainName(bucket),
    kind: '',
  };
};

const ASKED: Readonly<Record<Service, Reader>> = {
  DynamoDB: ofTable,
  SQS: ofQueue,
  SNS: ofForm,
  SES: ofForm,
  S3: ofBucket,
};

/** `courant-ledger-7` of the seventh run is the `ledger`. */
const plainName = (name: string): string => name.replace(/^courant-/, '').replace(/-\d+$/, '');
