import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { sesClient, sesMailer } from '../mail/mailer.ses.ts';
import { dynamoRegister } from '../mail/register.dynamo.ts';
import { openSpeed, paced } from '../mail/speed.ts';
import { environment } from '../shared/environment.ts';
import { once } from '../shared/once.ts';
import { openHouse } from '../shared/page/house.ts';
import { queueHandler } from '../shared/queue.ts';
import { sqsClient, sqsDoorbell } from '../shared/storage/doorbell.sqs.ts';
import { dynamoClient, dynamoTable } from '../shared/storage/table.dynamo.ts';
import { now, sleep, wallMs } from '../shared/time.ts';
import { readTokenKeys } from '../shared/tokenKeys.ts';
import { type Confirming, sendConfirmations } from './confirming/sendConfirmation.ts';
import { linksOf } from './links.ts';
import { dynamoSubscribers } from './subscribers.dynamo.ts';
import { withTopicsNow } from './topicsNow.ts';

const doorbell = z.strictObject({ subscriber: z.string().regex(/^[0-9a-f]{32}$/) });

export const handler = queueHandler({ message: doorbell, connect, work: sendConfirmations });

async function connect(): Promise<Confirming> {
  const client = dynamoClient();
  const keys = dynamoTable(client, environment('TABLE_KEYS'));
  const mailer = sesMailer(sesClient(), environment('SES_CONFIGURATION_SET'));
  const speed = openSpeed({
    mailer,
    register: dynamoRegister(dynamoTable(client, environment('TABLE_PACE'))),
    kind: 'confirmations',
    id: randomBytes(9).toString('base64url'),
    // The reserve is for these; whether the day's quota is used up, SES says.
    keepsFree: () => Number.NEGATIVE_INFINITY,
    clockMs: wallMs,
    sleep,
  });
  const house = await openHouse();
  const subscribers = dynamoSubscribers({
    table: dynamoTable(client, environment('TABLE_SUBSCRIBERS')),
    addressKeys: once(() => readTokenKeys(keys, 'addresses')),
    newId: () => randomBytes(16).toString('hex'),
  });
  return {
    house,
    subscribers: withTopicsNow(subscribers, house.newsroom),
    links: linksOf(() => readTokenKeys(keys, 'links'), now),
    mailer: paced(mailer, speed),
    welcomes: sqsDoorbell(sqsClient(), environment('QUEUE_WELCOMES')),
    now,
    newClaim: () => randomBytes(9).toString('base64url'),
  };
}
