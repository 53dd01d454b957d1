import { randomBytes } from 'node:crypto';
import { sesClient, sesMailer } from '../mail/mailer.ses.ts';
import { dynamoRegister } from '../mail/register.dynamo.ts';
import { reserveOf } from '../mail/register.ts';
import { mailSpaces } from '../mail/space.ts';
import { MOST_AT_ONCE, openSpeed } from '../mail/speed.ts';
import { environment } from '../shared/environment.ts';
import { openHouse } from '../shared/page/house.ts';
import { queueHandler } from '../shared/queue.ts';
import { s3Bucket, s3Client } from '../shared/storage/bucket.s3.ts';
import { sqsClient, sqsDoorbell } from '../shared/storage/doorbell.sqs.ts';
import { dynamoClient, dynamoTable } from '../shared/storage/table.dynamo.ts';
import { now, sleep, wallMs } from '../shared/time.ts';
import { readTokenKeys } from '../shared/tokenKeys.ts';
import { withTopicsNow } from '../subscribers/topicsNow.ts';
import { bucketBodies } from '../wire/bodies.s3.ts';
import { wireWithTopicsNow } from '../wire/topicsNow.ts';
import { dynamoWire } from '../wire/wire.dynamo.ts';
import { bucketPieces } from './composing/pieces.s3.ts';
import { PageDoorbell } from './doorbells.ts';
import { dynamoLedger } from './ledger/ledger.dynamo.ts';
import { dynamoReaders } from './planning/readers.dynamo.ts';
import type { Sending } from './sending/ports.ts';
import { PAGE_BYTES, sendPage } from './sending/send.ts';
import { piecesAsTheyAreNow } from './sending/since.ts';

export const handler = queueHandler({ message: PageDoorbell, connect, work: sendPage, atOnce: MOST_AT_ONCE });

async function connect(): Promise<Sending> {
  const client = dynamoClient();
  const queues = sqsClient();
  const bucket = s3Bucket(s3Client(), environment('BUCKET_PRIVATE'));
  const asWritten = dynamoWire(dynamoTable(client, environment('TABLE_WIRE')), bucketBodies(bucket));
  const readers = dynamoReaders(dynamoTable(client, environment('TABLE_SUBSCRIBERS')));
  const mailer = sesMailer(sesClient(), environment('SES_CONFIGURATION_SET'));
  const press = await openHouse();
  const wire = wireWithTopicsNow(asWritten, press.newsroom);
  const linkKeys = await readTokenKeys(dynamoTable(client, environment('TABLE_KEYS')), 'links');
  return {
    ledger: dynamoLedger(dynamoTable(client, environment('TABLE_LEDGER'))),
    subscribers: withTopicsNow(readers, press.newsroom),
    piecesOf: piecesAsTheyAreNow({ shelf: bucketPieces(bucket), wire, press, linkKeys }),
    mailer,
    spaces: mailSpaces(PAGE_BYTES),
    speed: openSpeed({
      mailer,
      register: dynamoRegister(dynamoTable(client, environment('TABLE_PACE'))),
      kind: 'editions',
      id: randomBytes(9).toString('base64url'),
      keepsFree: (perDay) => reserveOf(perDay, press.newsroom.mail.reservePerDay),
      clockMs: wallMs,
      sleep,
    }),
    linkKeys,
    siteUrl: press.siteUrl,
    editionsBell: sqsDoorbell(queues, environment('QUEUE_EDITIONS')),
    pagesBell: sqsDoorbell(queues, environment('QUEUE_PAGES')),
    now,
    newClaim: () => randomBytes(9).toString('base64url'),
  };
}
