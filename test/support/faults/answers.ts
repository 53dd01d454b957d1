import type { Service } from './request.ts';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** A service's own way to say that it failed. */
export const failure = (service: Service): Reply => {
  switch (service) {
    case 'DynamoDB':
      return json(500, 'com.amazonaws.dynamodb.v20120810#InternalServerError', 'The request processing has failed.');
    case 'SQS':
      return json(500, 'com.amazonaws.sqs#InternalFailure', 'The request processing has failed.');
    case 'S3':
      return s3(500, 'InternalError', 'We encountered an internal error. Please try again.');
    case 'SES':
    case 'SNS':
      return query(500, 'Receiver', 'InternalFailure', 'The request processing has failed.');
  }
};

/** A service's own way to say “too fast”. */
export const throttle = (service: Service): Reply => {
  switch (service) {
    case 'DynamoDB':
      return json(
        400,
        'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException',
        'The level of configured provisioned throughput for the table was exceeded.',
      );
    case 'SQS':
      return json(400, 'com.amazonaws.sqs#RequestThrottled', 'The request was denied due to request throttling.');
    case 'S3':
      return s3(503, 'SlowDown', 'Please reduce your request rate.');
    case 'SES':
    case 'SNS':
      return query(400, 'Sender', 'Throttling', 'Maximum sending rate exceeded.');
  }
};

const reply = (status: number, contentType: string, text: string): Reply => ({
  status,
  headers: { 'content-type': contentType },
  body: Buffer.from(text),
});

const json = (status: number, type: string, message: string): Reply =>
  reply(status, 'application/x-amz-json-1.0', JSON.stringify({ __type: type, message }));

const s3 = (status: number, code: string, message: string): Reply =>
  reply(status, 'application/xml', `<Error><Code>${code}</Code><Message>${message}</Message></Error>`);

const query = (status: number, type: string, code: string, message: string): Reply =>
  reply(
    status,
    'text/xml',
    `<ErrorResponse><Error><Type>${type}</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>faults</RequestId></ErrorResponse>`,
  );
