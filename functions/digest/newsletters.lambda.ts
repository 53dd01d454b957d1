import { randomBytes } from 'node:crypto';
import { sesClient, sesMailer } from '../mail/mailer.ses.ts';
import { environment } from '../shared/environment.ts';
import { httpHandler } from '../shared/http/door.ts';
import { newsroomGatekeeper } from '../shared/http/newsroomKey.ts';
import { openHouse } from '../shared/page/house.ts';
import { s3Bucket, s3Client } from '../shared/storage/bucket.s3.ts';
import { sqsClient, sqsDoorbell } from '../shared/storage/doorbell.sqs.ts';
import { dynamoClient, dynamoTable } from '../shared/storage/table.dynamo.ts';
import { now } from '../shared/time.ts';
import { dynamoGrowth } from '../subscribers/counting/growth.dynamo.ts';
import { growthWithTopicsNow, withTopicsNow } from '../subscribers/topicsNow.ts';
import { dynamoArticles } from '../wire/articles.dynamo.ts';
import { bucketBodies } from '../wire/bodies.s3.ts';
import { withTopicsNow as articlesWithTopicsNow, wireWithTopicsNow } from '../wire/topicsNow.ts';
import { dynamoWire } from '../wire/wire.dynamo.ts';
import type { Newsletters } from './asking/newsletters.ts';
import { dynamoTestMails } from './asking/testMails.dynamo.ts';
import { dynamoClickSheets } from './clicking/sheets.dynamo.ts';
import { bucketPieces } from './composing/pieces.s3.ts';
import { dynamoLedger } from './ledger/ledger.dynamo.ts';
import { newsletterRoutes } from './newsletters.routes.ts';
import { dynamoReaders } from './planning/readers.dynamo.ts';
import { piecesAsTheyAreNow } from './sending/since.ts';

export const handler = httpHandler({ routes: newsletterRoutes, connect, gatekeeper: newsroomGatekeeper });

async function connect(): Promise<Newsletters> {
  const client = dynamoClient();
  const bucket = s3Bucket(s3Client(), environment('BUCKET_PRIVATE'));
  const bodies = bucketBodies(bucket);
  const ledger = dynamoTable(client, environment('TABLE_LEDGER'));
  const press = await openHouse();
  const { newsroom, siteUrl } = press;
  const wireTable = dynamoTable(client, environment('TABLE_WIRE'));
  const subscribers = dynamoTable(client, environment('TABLE_SUBSCRIBERS'));
  const readers = dynamoReaders(subscribers);
  const shelf = bucketPieces(bucket);
  const wire = wireWithTopicsNow(dynamoWire(wireTable, bodies), newsroom);
  return {
    ledger: dynamoLedger(ledger),
    tests: dynamoTestMails(ledger),
    shelf,
    // Anew each time: a waiting edition may have been composed anew since.
    piecesOf: (edition) => piecesAsTheyAreNow({ shelf, wire, press })(edition),
    subscribers: withTopicsNow(readers, newsroom),
    growth: growthWithTopicsNow(dynamoGrowth(subscribers), newsroom),
    clicks: dynamoClickSheets(ledger),
    articles: articlesWithTopicsNow(dynamoArticles(wireTable, bodies), newsroom),
    mailer: sesMailer(sesClient(), environment('SES_CONFIGURATION_SET')),
    siteUrl,
    wire,
    press,
    editionsBell: sqsDoorbell(sqsClient(), environment('QUEUE_EDITIONS')),
    keys: dynamoTable(client, environment('TABLE_KEYS')),
    now,
    newSuffix: () => randomBytes(5).toString('hex'),
  };
}
