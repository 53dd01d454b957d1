import { bucketShelf } from '../feeds/publish/shelf.s3.ts';
import { renderers } from '../feeds/render/renderers.ts';
import { environment } from '../shared/environment.ts';
import { openHouse } from '../shared/page/house.ts';
import { scheduleHandler } from '../shared/schedule.ts';
import { s3Bucket, s3Client } from '../shared/storage/bucket.s3.ts';
import { dynamoClient, dynamoTable } from '../shared/storage/table.dynamo.ts';
import { dynamoArticles } from '../wire/articles.dynamo.ts';
import { bucketBodies } from '../wire/bodies.s3.ts';
import { dynamoWire } from '../wire/wire.dynamo.ts';
import { type Archive, keepArchive } from './archive/archive.ts';
import { bucketIssues } from './archive/issues.s3.ts';
import { dynamoArchiveStates } from './archive/states.dynamo.ts';
import { dynamoLedger } from './ledger/ledger.dynamo.ts';

export const handler = scheduleHandler({ connect, work: keepArchive });

async function connect(): Promise<Archive> {
  const client = dynamoClient();
  const objects = s3Client();
  const house = await openHouse();
  const own = s3Bucket(objects, environment('BUCKET_PRIVATE'));
  const bodies = bucketBodies(own);
  const wire = dynamoTable(client, environment('TABLE_WIRE'));
  const ledger = dynamoTable(client, environment('TABLE_LEDGER'));
  return {
    ledger: dynamoLedger(ledger),
    wire: dynamoWire(wire, bodies),
    articles: dynamoArticles(wire, bodies),
    press: house,
    version: house.version,
    shelf: bucketIssues(own),
    states: dynamoArchiveStates(ledger),
    feeds: bucketShelf(s3Bucket(objects, environment('BUCKET_PUBLIC'))),
    renderers: renderers(),
  };
}
