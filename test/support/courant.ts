import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { simpleParser } from 'mailparser';
import { z } from 'zod';

/** The whole system as a person starts it: `npm start` in a process of its own, on a free port, over a folder of its own. */
export interface Courant {
  readonly url: string;
  readonly key: string;
  /** What it has written to its terminal. */
  output(): string;
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Calls the newsroom API and gives back status and JSON. */
  api(method: string, path: string, body?: unknown): Promise<{ status: number; json: Record<string, unknown> }>;
  mailsTo(address: string): Promise<ReceivedMail[]>;
  /** Waits until there are this many mails to the address, newest first. */
  waitForMails(address: string, count: number): Promise<ReceivedMail[]>;
  turnClock(to: string): Promise<void>;
  now(): Promise<string>;
  /** Ends it as Ctrl-C does; gives its exit code. */
  stop(): Promise<number | null>;
  /** Ends it as a power cut does. */
  kill(): Promise<void>;
  /** Starts it again over the same data. */
  restart(): Promise<void>;
  /** Ends it and removes its data. */
  remove(): Promise<void>;
}

export interface ReceivedMail {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly raw: string;
  header(name: string): string;
  /** Every address in the mail's HTML that begins with this path. */
  links(path: string): string[];
}

const KEY = 'test-key-0123456789-0123456789';
const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
const START_MS = 30_000;

export const startCourant = async (environment: Record<string, string> = {}, root = REPOSITORY): Promise<Courant> => {
  const directory = await mkdtemp(join(tmpdir(), 'courant-run-'));
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const settings = {
    PORT: String(port),
    DATA_DIR: directory,
    NEWSROOM_KEY: KEY,
    COURANT_SAMPLES: 'none',
    ...environment,
  };
  let run = await launch(settings, root);
  const call = (path: string, init: RequestInit = {}) => fetch(url + path, { redirect: 'manual', ...init });
  const courant: Courant = {
    url,
    key: KEY,
    output: () => run.output(),
    fetch: call,

    async api(method, path, body) {
      const response = await call(path, {
        method,
        headers: { authorization: `Bearer ${KEY}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return { status: response.status, json: await jsonOf(response) };
    },

    async mailsTo(address) {
      const response = await call(`/dev/inbox.json?to=${encodeURIComponent(address)}`);
      return Promise.all(listed.parse(await response.json()).map(({ raw }) => receivedMail(raw)));
    },

    async waitForMails(address, count) {
      return eventually(async () => {
        const mails = await courant.mailsTo(address);
        return mails.length >= count ? mails : undefined;
      }, `${count} mails to ${address}`);
    },

    async turnClock(to) {
      const response = await call('/dev/clock', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ now: to }),
      });
      if (!response.ok) throw new Error(await response.text());
    },

    async now() {
      return z.object({ now: z.string() }).parse(await (await call('/dev/clock')).json()).now;
    },

    stop: () => run.end('SIGINT'),
    async kill() {
      await run.end('SIGKILL');
    },
    async restart() {
      run = await launch(settings, root);
    },
    async remove() {
      await run.end('SIGTERM');
      await rm(directory, { recursive: true, force: true });
    },
  };
  return courant;
};

const listed = z.array(
  z.object({ id: z.string(), to: z.array(z.string()), subject: z.string(), at: z.string(), raw: z.string() }),
);

/** A response's JSON object. */
export const jsonOf = async (response: Response): Promise<Record<string, unknown>> =>
  z.record(z.string(), z.unknown()).parse(await response.json());

/** Asks again until there is an answer, for half a minute at most: a busy machine is slow. */
export const eventually = async <T>(ask: () => Promise<T | undefined>, what: string, mostMs = 30_000): Promise<T> => {
  for (const until = Date.now() + mostMs; ; await new Promise((resolve) => setTimeout(resolve, 50))) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > until) throw new Error(`There was no ${what} within ${mostMs} ms.`);
  }
};

interface Launched {
  output(): string;
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/** Starts the command; gives its exit code and what it wrote once it has ended. */
export const runToEnd = async (environment: Record<string, string>, root = REPOSITORY) => {
  const child = command(environment, root);
  const output = collect(child);
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { code, output: output() };
};

const command = (environment: Record<string, string>, root: string): ChildProcess =>
  spawn(process.execPath, ['infra/local/start.ts'], {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });

const launch = async (environment: Record<string, string>, root: string): Promise<Launched> => {
  const child = command(environment, root);
  const output = collect(child);
  let ended = false;
  const exit = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => {
      ended = true;
      resolve(code);
    });
  });
  await eventually(
    async () => {
      if (ended) throw new Error(`Courant did not start:\n${output()}`);
      return output().includes('Ctrl-C stops everything') || undefined;
    },
    'start',
    START_MS,
  );
  return {
    output,
    async end(signal) {
      if (!ended) child.kill(signal);
      return exit;
    },
  };
};

const collect = (child: ChildProcess): (() => string) => {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (text += chunk));
  return () => text;
};

export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

const receivedMail = async (raw: string): Promise<ReceivedMail> => {
  const mail = await simpleParser(raw, { skipTextToHtml: true, skipHtmlToText: true });
  const html = mail.html || '';
  const lines = new Map(mail.headerLines.map(({ key, line }) => [key, line.slice(line.indexOf(':') + 1).trim()]));
  const addresses = [...html.matchAll(/href="([^"]+)"/g)].map(([, href = '']) => href.replaceAll('&amp;', '&'));
  return {
    subject: mail.subject ?? '',
    html,
    text: mail.text ?? '',
    raw,
    header: (name) => (lines.get(name.toLowerCase()) ?? '').replace(/\r?\n\s+/g, ' '),
    links: (path) => [
      ...new Set(addresses.filter((address) => new URL(address, 'http://x').pathname.startsWith(path))),
    ],
  };
};
