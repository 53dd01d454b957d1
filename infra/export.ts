import { parseArgs } from 'node:util';
import { z } from 'zod';
import { job, openApi, Trouble } from './jobs/api.ts';
import { keep } from './jobs/report.ts';
import { countsIn, watch } from './jobs/watch.ts';

const HELP = `npm run export -- subscribers [options]     writes a list of readers to a file

  --url URL          the newsroom; http://localhost:4000 unless said
  --format csv|json  csv unless said; safe to open in a spreadsheet
  --to FILE          where to; a name with the day unless said
  --newsletter ID  --state active|pending|left|suppressed  --language ID  --topic ID  --cadence ID

The key is read from NEWSROOM_KEY, or from the folder of a run on this machine.
Ends with 0: written; 2: not.`;

const FILTERS = {
  newsletter: { type: 'string' },
  state: { type: 'string' },
  language: { type: 'string' },
  topic: { type: 'string' },
  cadence: { type: 'string' },
} as const;

const OPTIONS = {
  ...FILTERS,
  url: { type: 'string', default: 'http://localhost:4000' },
  format: { type: 'string', default: 'csv' },
  to: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const made = z.object({ job });

const main = async (): Promise<void> => {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  if (values.help) return say(HELP);
  if (positionals[0] !== 'subscribers') throw new Trouble(`Say what: subscribers.\n\n${HELP}`);
  const api = openApi(values.url, process.env);
  const { url: _url, to, help: _help, ...wish } = values;
  const begun = made.parse(await api.call('POST', '/api/v1/subscribers/export', wish));
  const over = await watch(api, begun.job.id, process.stdout);
  if (over.state !== 'done' || !over.result) throw new Trouble(over.because ?? `The export was ${over.state}.`);
  say(`${await keep(api, over.result, to)}: ${countsIn(over.counts)}`);
};

main().catch((error: unknown) => {
  // A person is told in a sentence.
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
});
