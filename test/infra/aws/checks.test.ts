import { Queue } from 'aws-cdk-lib/aws-sqs';
import { expect, test } from 'vitest';
import { settingsOf } from '../../../infra/aws/settings.ts';
import { CERTIFICATE, checkedSynth, drawStack } from './drawStack.ts';

test('the AwsSolutions checks find nothing that is not explained', () => {
  expect(() => checkedSynth(drawStack())).not.toThrow();
  expect(() => checkedSynth(drawStack({ certificateArn: CERTIFICATE, alarmsTo: 'ops@example.org' }))).not.toThrow();
});

test('a queue without a dead-letter queue stops the synthesis', () => {
  const drawn = drawStack();
  new Queue(drawn.stack, 'Careless');
  expect(() => checkedSynth(drawn)).toThrow(/does not have a DLQ enabled/);
});

test('a certificate that CloudFront cannot use is refused with a sentence that says why', () => {
  const contextOf = (certificateArn: string) => (key: string) => (key === 'certificateArn' ? certificateArn : '');
  expect(settingsOf(contextOf(CERTIFICATE))).toEqual({ certificateArn: CERTIFICATE, alarmsTo: undefined });
  expect(() => settingsOf(contextOf(CERTIFICATE.replace('us-east-1', 'eu-west-1')))).toThrow(
    'cdk.json: “context.certificateArn” is not right: it must be the ARN of a certificate in us-east-1',
  );
});
