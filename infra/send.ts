import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { reached } from './jobs/api.ts';
import { firstKeyIn } from './namedKeys.ts';
import { EXIT, follow, type Newsroom, type Terminal } from './send/follow.ts';

/** `npm run send -- NEWSLETTER CADENCE`: plans an edition, and shows how it goes out. */

const HELP = `npm run send -- NEWSLETTER CADENCE [--url http://localhost:4000]

Plans an edition of a newsletter now and shows how it is sent. The key comes from NEWSROOM_KEY.
  NEWSLETTER  its id, as in newsroom.config.ts
  CADENCE     immediate, daily, weekly or monthly
  --url       where the newsroom answers (http://localhost:4000)
Ctrl-C only ends the showing: the edition goes on at the server.
Ends with 0 when it is complete or there is nothing new, 1 when it failed or was cancelled, 2 when this was called
wrongly, 3 when it waits for a person, 130 after Ctrl-C.`;

const LONGEST_WAIT_MS = 20_000;

const newsroomAt = (url: string, key: string): Newsroom => {
  // The same for every try of one call of this program: asked twice, there is one edition.
  const asking = randomUUID();
  return {
    async call(method, path, body) {
      const answer = await reached(new URL(path, url).href, {
        method,
        headers: {
          authorization: `Bearer ${key}`,
          ...(body && { 'content-type': 'application/json', 'idempotency-key': asking }),
        },
        ...(body && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(LONGEST_WAIT_MS),
      });
      const json: unknown = await answer.json();
      if (!answer.ok) throw new Error(problem.safeParse(json).data?.detail ?? `The newsroom answers ${answer.status}.`);
      return json;
    },
  };
};

const problem = z.object({ detail: z.string() });
const planned = z.union([z.object({ empty: z.literal(true) }), z.object({ id: z.string() })]);
const newsletters = z.object({
  items: z.array(
    z.object({ id: z.string(), approval: z.string(), cadences: z.array(z.object({ cadence: z.string() })).optional() }),
  ),
});

/** This was called wrongly, and the person reads in a sentence how. */
class Misuse extends Error {}

const out = process.stdout;
let shown = '';
const terminal: Terminal = {
  progress(line) {
    if (out.isTTY) out.write(`\r\x1b[2K${line.slice(0, out.columns - 1)}`);
    // Not a terminal: a line for what is new.
    else if (line !== shown) out.write(`${line}\n`);
    shown = line;
  },
  say(line) {
    out.write(`${out.isTTY && shown ? '\n' : ''}${line}\n`);
    shown = '';
  },
};

const send = async (newsroom: Newsroom, newsletter: string, cadence: string): Promise<number> => {
  const { items } = newsletters.parse(await newsroom.call('GET', '/api/v1/newsletters'));
  const found = items.find(({ id }) => id === newsletter);
  if (!found) {
    throw new Misuse(
      `There is no newsletter “${newsletter}” there; there are ${items.map(({ id }) => id).join(', ')}.`,
    );
  }
  const cadences = found.cadences?.map((one) => one.cadence);
  if (cadences && !cadences.includes(cadence)) {
    throw new Misuse(`“${newsletter}” is not sent ${cadence}; it is ${cadences.join(', ')}.`);
  }
  const needsApproval = found.approval === 'required';
  const path = `/api/v1/newsletters/${encodeURIComponent(newsletter)}/editions`;
  const edition = planned.parse(await newsroom.call('POST', path, { cadence }));
  if ('empty' in edition) {
    terminal.say('Nothing new has been announced: there is no edition.');
    return EXIT.complete;
  }
  terminal.say(`Edition ${edition.id}`);
  process.on('SIGINT', () => {
    terminal.say(`It goes on at the server. How far it is: GET /api/v1/editions/${edition.id}`);
    process.exit(EXIT.interrupted);
  });
  const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  return follow({ newsroom, terminal, sleep, needsApproval }, edition.id);
};

const main = async (): Promise<number> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { url: { type: 'string', default: 'http://localhost:4000' }, help: { type: 'boolean', default: false } },
  });
  const [newsletter, cadence, ...more] = positionals;
  const key = process.env['NEWSROOM_KEY'];
  if (values.help) {
    terminal.say(HELP);
    return EXIT.complete;
  }
  if (newsletter === undefined || cadence === undefined || more.length > 0 || !key) {
    process.stderr.write(`${key ? '' : 'NEWSROOM_KEY is not set: it holds the newsroom key.\n\n'}${HELP}\n`);
    return EXIT.misused;
  }
  return send(newsroomAt(values.url, firstKeyIn(key)), newsletter, cadence);
};

try {
  process.exitCode = await main();
} catch (error) {
  // Whatever went wrong, a person reads it: a sentence, and no stack.
  const isUnread = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${isUnread ? `\n${HELP}\n` : ''}`);
  process.exitCode = isUnread || error instanceof Misuse ? EXIT.misused : EXIT.failed;
}
