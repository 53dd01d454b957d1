import { loadavg } from 'node:os';
import { setLogSink } from '../../functions/shared/log.ts';
import { dynamoClient, dynamoTable } from '../../functions/shared/storage/table.dynamo.ts';
import { localName } from '../../infra/local/resources.ts';
import { settle } from '../chaos/town.ts';
import { letAllGo, openEdition, planned, publishNews, sentOn } from './edition.ts';
import { requestsTo, type Spent } from './meter.ts';
import { startSender } from './sender.ts';
import { startBenchStores } from './stores.ts';
import { percentile, perSecond, printTable } from './table.ts';

const ROUNDS = 4;
/** Of a round: 1,500 mails. */
const PAGES = 60;
const WARM_UP = 20;
/** What SES takes to answer within a region, or a little more. */
const NETWORK_MS = 60;

/**
 * The whole path of a mail (claim, read, compose, sign, send, settle) through the function's own door, beside the bare
 * SES client with the same mails, in turns, in a process that does nothing else. The table, the queues, and an SES that
 * keeps nothing are in another. What the rounds leave of the readers is sent to an SES as far away as the real one, by
 * a fresh process: its memory is that of sending.
 */
export const benchSending = async (readers: number): Promise<void> => {
  setLogSink(() => {});
  const stores = await startBenchStores();
  const sender = await startSender();
  try {
    await settle(dynamoTable(dynamoClient(), localName('subscribers')), readers);
    await publishNews(12);
    const id = await openEdition();
    await planned(id);
    const { pages } = await letAllGo(id);
    const waiting = Array.from({ length: pages ?? 0 }, (_, i) => i + 1);

    await sender.send(id, waiting.splice(0, WARM_UP));
    const forms = await stores.mails();
    await sender.know(forms);
    await sender.bare(forms.length);
    const rounds: Round[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const some = waiting.splice(0, PAGES);
      const path = await sender.send(id, some);
      const sent = await sentOn(id, some);
      rounds.push({ path, sent, client: await sender.bare(sent) });
    }
    stores.delaySes(NETWORK_MS);
    const fresh = await startSender();
    // Who is new waits for his share of the rate until all others know of him; that is no part of sending.
    const first = await fresh.send(id, waiting.splice(0, WARM_UP));
    const far = { path: await fresh.send(id, waiting), sent: await sentOn(id, waiting) };
    await fresh.stop();
    const peakMb = Math.max(first.peakMb, far.path.peakMb);
    print({ readers, mailBytes: meanBytes(forms), rounds, far, peakMb, table: stores.urls.dynamodb });
  } finally {
    await sender.stop();
    await stores.stop();
  }
};

/** A form holds the mail in base64, and little else of any size. */
const meanBytes = (forms: readonly string[]): number =>
  (forms.reduce((sum, form) => sum + form.length, 0) / forms.length) * 0.75;

interface Round {
  readonly path: Spent;
  readonly sent: number;
  readonly client: Spent;
}

interface Measured {
  readonly readers: number;
  readonly mailBytes: number;
  readonly rounds: readonly Round[];
  readonly far: Omit<Round, 'client'>;
  readonly peakMb: number;
  readonly table: string;
}

const print = ({ readers, mailBytes, rounds, far, peakMb, table }: Measured): void => {
  const median = (of: (round: Round) => number): number => percentile(rounds.map(of), 0.5);
  const mails = median(({ sent }) => sent);
  const all = rounds.reduce((sum, { sent }) => sum + sent, 0);
  const requests = rounds.reduce((sum, { path }) => sum + requestsTo(path, table), 0) / all;
  const size = `${readers.toLocaleString('en')} readers, mails of ${Math.round(mailBytes / 1024)} KB`;
  printTable(`Sending: ${size}, one process (load of the machine: ${loadavg()[0]?.toFixed(1)})`, [
    {
      what: 'claim, read, compose, sign, send, settle',
      figure: perSecond(
        mails,
        median(({ path }) => path.ms),
      ),
    },
    {
      what: 'the bare SES client with the same mails',
      figure: perSecond(
        mails,
        median(({ client }) => client.ms),
      ),
    },
    {
      what: 'ratio by the clock',
      figure: median(({ path, client }) => client.ms / path.ms).toFixed(2),
      note: `median of ${rounds.length} rounds of each in turn`,
    },
    {
      what: 'ratio by processor time',
      figure: median(({ path, client }) => client.cpuMs / path.cpuMs).toFixed(2),
      note: 'what else the machine does changes it less',
    },
    {
      what: 'mails for a second of one processor',
      figure: perSecond(
        mails,
        median(({ path }) => path.cpuMs),
      ),
    },
    { what: 'table requests for a mail', figure: requests.toFixed(2) },
    { what: `with an SES ${NETWORK_MS} ms away`, figure: perSecond(far.sent, far.path.ms) },
    {
      what: 'memory of a process that sends, at its peak',
      figure: `${Math.round(peakMb)} MB`,
      note: `${far.sent.toLocaleString('en')} mails`,
    },
  ]);
};
