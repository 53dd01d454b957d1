import { randomBytes } from 'node:crypto';
import { sesClient, sesMailer } from '../mail/mailer.ses.ts';
import { dynamoRegister } from '../mail/register.dynamo.ts';
import { openSpeed, paced } from '../mail/speed.ts';
import { environment } from '../shared/environment.ts';
import { once } from '../shared/once.ts';
import { openHouse } from '../shared/page/house.ts';
import { queueHandler } from '../shared/queue.ts';
import { s3Bucket, s3Client } from '../shared/storage/bucket.s3.ts';
import { dynamoClient, dynamoTable } from '../shared/storage/table.dynamo.ts';
import { now, sleep, wallMs } from '../shared/time.ts';
import { readTokenKeys } from '../shared/tokenKeys.ts';
import { linksOf } from '../subscribers/links.ts';
import { dynamoSubscribers } from '../subscribers/subscribers.dynamo.ts';
import { withTopicsNow } from '../subscribers/topicsNow.ts';
import { bucketBodies } from '../wire/bodies.s3.ts';
import { wireWithTopicsNow } from '../wire/topicsNow.ts';
import { dynamoWire } from '../wire/wire.dynamo.ts';
import { WelcomeDoorbell } from './doorbells.ts';
import { dynamoLedger } from './ledger/ledger.dynamo.ts';
import { latestFrom } from './welcoming/latest.ts';
import { sendWelcomes, type Welcoming } from './welcoming/welcome.ts';

export const handler = queueHandler({ message: WelcomeDoorbell, connect, work: sendWelcomes });

async function connect(): Promise<Welcoming> {
  const client = dynamoClient();
  const keys = dynamoTable(client, environment('TABLE_KEYS'));
  const bodies = bucketBodies(s3Bucket(s3Client(), environment('BUCKET_PRIVATE')));
  const mailer = sesMailer(sesClient(), environment('SES_CONFIGURATION_SET'));
  const speed = openSpeed({
    mailer,
    register: dynamoRegister(dynamoTable(client, environment('TABLE_PACE'))),
    // As with confirmations, somebody waits for it.
    kind: 'confirmations',
    id: randomBytes(9).toString('base64url'),
    keepsFree: () => Number.NEGATIVE_INFINITY,
    clockMs: wallMs,
    sleep,
  });
  const press = await openHouse();
  const subscribers = dynamoSubscribers({
    table: dynamoTable(client, environment('TABLE_SUBSCRIBERS')),
    addressKeys: once(() => readTokenKeys(keys, 'addresses')),
    newId: () => randomBytes(16).toString('hex'),
  });
  return {
    subscribers: withTopicsNow(subscribers, press.newsroom),
    latestFor: latestFrom({
      ledger: dynamoLedger(dynamoTable(client, environment('TABLE_LEDGER'))),
      wire: wireWithTopicsNow(dynamoWire(dynamoTable(client, environment('TABLE_WIRE')), bodies), press.newsroom),
      press,
      now,
    }),
    links: linksOf(() => readTokenKeys(keys, 'links'), now),
    siteUrl: press.siteUrl,
    mailer,
    inTurn: (one) => paced(one, speed),
    now,
    newClaim: () => randomBytes(9).toString('base64url'),
  };
}
