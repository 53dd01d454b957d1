import { environment } from '../shared/environment.ts';
import { scheduleHandler } from '../shared/schedule.ts';
import { dynamoClient, dynamoTable } from '../shared/storage/table.dynamo.ts';
import { now, SECOND_MS } from '../shared/time.ts';
import { type ClickCounting, countClicks } from './clicking/count.ts';
import { dynamoClickSheets } from './clicking/sheets.dynamo.ts';
import { dynamoVisits } from './clicking/visits.dynamo.ts';
import { dynamoLedger } from './ledger/ledger.dynamo.ts';

export const handler = scheduleHandler({ connect, work: countClicks });

function connect(): ClickCounting {
  const client = dynamoClient();
  const ledger = dynamoTable(client, environment('TABLE_LEDGER'));
  return {
    visits: dynamoVisits(dynamoTable(client, environment('TABLE_CLICKS'))),
    sheets: dynamoClickSheets(ledger),
    ledger: dynamoLedger(ledger),
    now,
    workMs: 40 * SECOND_MS,
  };
}
