import { loadavg } from 'node:os';
import { setLogSink } from '../../functions/shared/log.ts';
import { dynamoClient, dynamoTable } from '../../functions/shared/storage/table.dynamo.ts';
import { localName } from '../../infra/local/resources.ts';
import { settle } from '../chaos/town.ts';
import { openEdition, planned, publishNews } from './edition.ts';
import { metered, requestsTo } from './meter.ts';
import { startBenchStores } from './stores.ts';
import { perSecond, printTable } from './table.ts';

/** From an edition's slot to its frozen audience: everybody read, every page written. */
export const benchPlanning = async (readers: number): Promise<void> => {
  setLogSink(() => {});
  const stores = await startBenchStores();
  try {
    const table = dynamoTable(dynamoClient(), localName('subscribers'));
    await settle(table, readers, (done) => {
      process.stderr.write(`\r  settling readers: ${done.toLocaleString('en')} of ${readers.toLocaleString('en')}`);
    });
    process.stderr.write('\r\u001b[K');
    await publishNews(12);
    const id = await openEdition();
    const before = process.memoryUsage.rss() / 2 ** 20;
    const spent = await metered(() => planned(id));
    const requests = requestsTo(spent, stores.urls.dynamodb);
    const load = loadavg()[0]?.toFixed(1);
    printTable(`Planning an audience of ${readers.toLocaleString('en')} (load of the machine: ${load})`, [
      { what: 'time, from the slot to the frozen audience', figure: `${(spent.ms / 1000).toFixed(1)} s` },
      { what: 'of the processor', figure: `${(spent.cpuMs / 1000).toFixed(1)} s` },
      { what: 'readers', figure: perSecond(readers, spent.ms) },
      {
        what: 'table requests',
        figure: requests.toLocaleString('en'),
        note: `${(requests / readers).toFixed(3)} a reader`,
      },
      { what: 'memory, more than before', figure: `${Math.round(spent.peakMb - before)} MB` },
    ]);
  } finally {
    await stores.stop();
  }
};
