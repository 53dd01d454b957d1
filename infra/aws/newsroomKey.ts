import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { newsroomKeyItem } from '../../functions/shared/http/newsroomKey.ts';
import { dynamoClient, dynamoTable } from '../../functions/shared/storage/table.dynamo.ts';
import { now } from '../../functions/shared/time.ts';

/**
 * `node infra/aws/newsroomKey.ts [--name=Ana] [table of keys]` makes a newsroom key, keeps its hash and prints it this one time.
 * The name says whose it is: who edited an edition and who approved it are told apart by it. Needs AWS credentials and a region, as `npm run deploy` does, and takes the table from that run's outputs.
 */
const OUTPUTS = new URL('../../cdk.out/outputs.json', import.meta.url);
const outputs = z.object({ Courant: z.object({ KeysTable: z.string() }) });

const tableOf = async (argument: string | undefined): Promise<string> =>
  argument ?? outputs.parse(JSON.parse(await readFile(OUTPUTS, 'utf8'))).Courant.KeysTable;

const key = `courant_${randomBytes(32).toString('base64url')}`;
const { values, positionals } = parseArgs({ options: { name: { type: 'string' } }, allowPositionals: true });
const keys = dynamoTable(dynamoClient(), await tableOf(positionals[0]));
await keys.put(newsroomKeyItem(key, now(), values.name), 'absent');
process.stdout.write(`${key}\n`);
process.stderr.write('This is the newsroom key. It is shown this once: put it where your secrets are.\n');
