import { setTimeout as pass } from 'node:timers/promises';
import { openFetch } from '../border/fetch/fetch.ts';
import { allowedIn } from '../border/fetch/target.ts';
import { sesAccount, sesClient } from '../mail/mailer.ses.ts';
import { reserveOf } from '../mail/register.ts';
import { environment, optionalEnvironment } from '../shared/environment.ts';
import { type House, openHouse } from '../shared/page/house.ts';
import { queueHandler } from '../shared/queue.ts';
import { s3Bucket, s3Client } from '../shared/storage/bucket.s3.ts';
import { sqsClient, sqsDoorbell } from '../shared/storage/doorbell.sqs.ts';
import { dynamoClient, dynamoTable } from '../shared/storage/table.dynamo.ts';
import { MINUTE_MS, now, SECOND_MS } from '../shared/time.ts';
import { readTokenKeys, type TokenKeys } from '../shared/tokenKeys.ts';
import { withTopicsNow } from '../subscribers/topicsNow.ts';
import { bucketBodies } from '../wire/bodies.s3.ts';
import { wireWithTopicsNow } from '../wire/topicsNow.ts';
import { dynamoWire } from '../wire/wire.dynamo.ts';
import { bucketPieces } from './composing/pieces.s3.ts';
import { EditionDoorbell } from './doorbells.ts';
import { dynamoLedger } from './ledger/ledger.dynamo.ts';
import { lookAtEdition } from './planning/look.ts';
import type { Planning } from './planning/ports.ts';
import { dynamoReaders } from './planning/readers.dynamo.ts';
import { dnsRecords, quickResolver } from './preflight/dns.ts';
import type { Checks } from './preflight/ports.ts';
import { foreignWeb, quickLookup } from './preflight/web.ts';

export const handler = queueHandler({ message: EditionDoorbell, connect, work: lookAtEdition });

async function connect(): Promise<Planning> {
  const client = dynamoClient();
  const queues = sqsClient();
  const bucket = s3Bucket(s3Client(), environment('BUCKET_PRIVATE'));
  const press = await openHouse();
  const wire = dynamoWire(dynamoTable(client, environment('TABLE_WIRE')), bucketBodies(bucket));
  const linkKeys = await readTokenKeys(dynamoTable(client, environment('TABLE_KEYS')), 'links');
  const readers = dynamoReaders(dynamoTable(client, environment('TABLE_SUBSCRIBERS')));
  return {
    ledger: dynamoLedger(dynamoTable(client, environment('TABLE_LEDGER'))),
    wire: wireWithTopicsNow(wire, press.newsroom),
    subscribers: withTopicsNow(readers, press.newsroom),
    press,
    shelf: bucketPieces(bucket),
    editionsBell: sqsDoorbell(queues, environment('QUEUE_EDITIONS')),
    pagesBell: sqsDoorbell(queues, environment('QUEUE_PAGES')),
    linkKeys,
    checks: checksOf(press, linkKeys),
    now,
    // A fifth of the function's time: one step may take long after the last look at the clock.
    sliceMs: MINUTE_MS,
  };
}

/** So long a pre-flight may take in all, and one address of it. */
const PREFLIGHT_MS = 10 * SECOND_MS;
const LOOK_MS = 4 * SECOND_MS;

function checksOf({ newsroom, siteUrl, version }: House, linkKeys: TokenKeys): Checks {
  const resolver = quickResolver();
  return {
    account: sesAccount(sesClient()),
    web: foreignWeb(
      openFetch({
        userAgent: `Courant/${version} (+${siteUrl})`,
        allowed: allowedIn(optionalEnvironment('FETCH_ALLOW')),
        resolve: quickLookup(resolver),
        timeoutMs: LOOK_MS,
      }),
    ),
    records: dnsRecords(resolver),
    linkKeys,
    keepsFree: (perDay) => reserveOf(perDay, newsroom.mail.reservePerDay),
    now,
    outOfTime: () => pass(PREFLIGHT_MS, undefined, { ref: false }),
  };
}
