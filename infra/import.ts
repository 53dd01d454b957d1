import { openAsBlob } from 'node:fs';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { type Api, job, openApi, reached, type ShownJob, Trouble } from './jobs/api.ts';
import { articleWish, fileOrZip, topicsIn } from './jobs/articles.ts';
import { keep, refusedIn } from './jobs/report.ts';
import { columnsIn, subscriberWish } from './jobs/subscribers.ts';
import { countsIn, watch } from './jobs/watch.ts';

const HELP = `npm run import -- articles FILE [options]        brings an archive in: a WordPress or Ghost export, a zip, a folder
npm run import -- subscribers FILE [options]     brings a list of readers in (CSV or JSON)
npm run import -- --job ID                        looks at an import that goes on

  --url URL          the newsroom; http://localhost:4000 unless said
  --dry-run          only says what would become of each row or article
  --report FILE      keeps what became of each

Articles
  --format NAME      wordpress, ghost or files; read off the file unless said
  --language ID      of articles that say none
  --topic THEIRS=OURS    what a category or tag is that is not called like one of ours; several times
  --site URL         where the site is or was; a Ghost export needs it
  --links WHERE      theirs: feeds and mails link to the old site; ours: to our page of the article
  --source NAME      keeps apart archives that use the same ids

Subscribers
  --newsletter ID    for which newsletter; the first unless said
  --consent TEXT     how these people agreed; without it each is asked by a mail
  --by NAME          who says so; needed with --consent
  --since DAY        since when, such as 2024-05-31
  --column THEIRS=OURS   what a column is whose name does not say it; several times

The key is read from NEWSROOM_KEY, or from the folder of a run on this machine.
After Ctrl-C the import goes on; look at it again with --job.
Ends with 0: all of it; 1: some of it was refused; 2: it did not come to an end.`;

/** What can be imported: where it is asked for, and what is asked. */
const SUBJECTS = {
  articles: { path: '/api/v1/articles:import', wish: articleWish, fileOf: fileOrZip },
  subscribers: { path: '/api/v1/subscribers/import', wish: subscriberWish, fileOf: async (path: string) => path },
} as const;

const OPTIONS = {
  url: { type: 'string', default: 'http://localhost:4000' },
  newsletter: { type: 'string' },
  consent: { type: 'string' },
  by: { type: 'string' },
  since: { type: 'string' },
  column: { type: 'string', multiple: true },
  'dry-run': { type: 'boolean', default: false },
  report: { type: 'string' },
  format: { type: 'string' },
  source: { type: 'string' },
  language: { type: 'string' },
  topic: { type: 'string', multiple: true },
  site: { type: 'string' },
  links: { type: 'string' },
  job: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const made = z.object({ job, upload: z.object({ url: z.string() }).optional() });

const main = async (): Promise<number> => {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  if (values.help) {
    say(HELP);
    return 0;
  }
  const api = openApi(values.url, process.env);
  const id = values.job ?? (await begin(api, positionals, values));
  process.once('SIGINT', () => {
    say(`\nThe import goes on. Look at it again: npm run import -- --job ${id} --url ${api.url}`);
    process.exit(130);
  });
  return tell(api, await watch(api, id, process.stdout), values.report);
};

const begin = async (
  api: Api,
  [subject = '', file]: readonly string[],
  options: Parameters<typeof subscriberWish>[0] & Parameters<typeof articleWish>[0],
): Promise<string> => {
  if (!(subject in SUBJECTS) || !file) throw new Trouble(`Say what and which file.\n\n${HELP}`);
  const { path, wish, fileOf } = SUBJECTS[subject as keyof typeof SUBJECTS];
  const blob = await openAsBlob(await fileOf(file)).catch(() => {
    throw new Trouble(`${file} cannot be read.`);
  });
  const { job: waiting, upload } = made.parse(await api.call('POST', path, wish(options)));
  if (!upload) throw new Trouble('The answer has no upload link.');
  say(`Sending ${file} (${blob.size.toLocaleString('en')} bytes)`);
  const sent = await reached(upload.url, { method: 'PUT', body: blob });
  if (!sent.ok) throw new Trouble(`The file was not taken: ${sent.status}.`);
  await api.call('POST', `/api/v1/jobs/${waiting.id}/start`);
  return waiting.id;
};

const MOST_SHOWN = 50;

/** What came of it, and with which code this ends. */
const tell = async (api: Api, over: ShownJob, report: string | undefined): Promise<number> => {
  for (const row of [...columnsIn(over.notes), ...topicsIn(over.notes)]) say(row);
  if (over.report) await tellRefused(api, over.report, over.counts['refused'] ?? 0, report);
  say(`${over.state}: ${countsIn(over.counts) || 'nothing was brought in'}`);
  if (over.because) say(over.because);
  if (over.state !== 'done') return 2;
  return over.counts['refused'] ? 1 : 0;
};

const tellRefused = async (api: Api, path: string, refused: number, report: string | undefined): Promise<void> => {
  if (refused > 0) say('Refused:');
  let shown = 0;
  for await (const line of refusedIn(api, path)) {
    if (shown++ === MOST_SHOWN) break;
    say(line);
  }
  if (refused > MOST_SHOWN)
    say(`  and ${(refused - MOST_SHOWN).toLocaleString('en')} more; --report FILE keeps them all`);
  if (report) say(`The report is in ${await keep(api, path, report)}.`);
};

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    // A person is told in a sentence; what nobody expected keeps its place in the code.
    const isUsage = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
    process.stderr.write(
      `${error instanceof Trouble || isUsage ? error.message : String(error instanceof Error ? error.stack : error)}\n`,
    );
    process.exitCode = 2;
  },
);
