import { execFile, spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { parseHTML } from 'linkedom';
import { simpleParser } from 'mailparser';
import { z } from 'zod';

/** The feed readers of Debian's packages, each run as a person runs it, and what it shows of a feed. */
export interface FeedReader {
  readonly name: string;
  /** The program or module it needs is on this machine. */
  readonly isThere: boolean;
  /** Of `rss` and `atom`. None of them in Debian 12 reads JSON Feed. */
  readonly formats: readonly ('rss' | 'atom')[];
  /** What it shows of several authors in this format. */
  authors(names: readonly string[], format: 'rss' | 'atom'): string;
  /** What it shows as an article's date; without this, when it was published. */
  readonly datesBy?: Readonly<Record<'rss' | 'atom', 'published' | 'updated'>>;
  /** So many polls tell it the feed's tag; without this, one. */
  readonly pollsToKnow?: number;
  /** Subscribes to the address; the reader keeps what it must know in the directory. */
  subscribe(address: string, directory: string): Promise<Subscribed>;
}

export interface Subscribed {
  /** Looks whether there is anything new; gives all that the reader shows of the feed then, newest first. */
  poll(): Promise<Shown[]>;
}

export interface Shown {
  readonly id: string;
  readonly title: string;
  readonly authors: string;
  readonly at: string;
  /** The text without its markup. */
  readonly text: string;
}

const run = promisify(execFile);
const MOST_MS = 60_000;
export const isProgram = (name: string): boolean => spawnSync('which', [name]).status === 0;

export const textOf = (html: string): string =>
  (parseHTML(`<!doctype html><html><body>${html}</body></html>`).document.body.textContent ?? '')
    .replace(/\s+/g, ' ')
    .trim();

const isoOf = (seconds: number): string => new Date(seconds * 1000).toISOString();
const allOf = (names: readonly string[]): string => names.join(', ');
/** A home of its own, so that whatever the person has set up stays out of it. */
const at = (home: string) => ({
  timeout: MOST_MS,
  env: { ...process.env, HOME: home, XDG_CONFIG_HOME: home, XDG_DATA_HOME: home },
});

const newsboatRow = z.object({
  guid: z.string(),
  title: z.string(),
  author: z.string(),
  pubDate: z.number(),
  content: z.string(),
});

const newsboat: FeedReader = {
  name: 'newsboat',
  isThere: isProgram('newsboat'),
  formats: ['rss', 'atom'],
  authors: allOf,
  // 2.21 keeps a tag only for a feed that it has a row of already, so its third poll is the first with a condition.
  pollsToKnow: 2,
  async subscribe(address, directory) {
    const [urls, cache, config] = ['urls', 'cache.db', 'config'].map((file) => join(directory, file));
    if (!urls || !cache || !config) throw new Error('There is no directory.');
    await writeFile(urls, `${address}\n`);
    await writeFile(config, '');
    return {
      async poll() {
        await run('newsboat', ['-u', urls, '-c', cache, '-C', config, '-x', 'reload'], at(directory));
        const rows = new DatabaseSync(cache, { readOnly: true })
          .prepare('SELECT guid, title, author, pubDate, content FROM rss_item WHERE deleted = 0 ORDER BY pubDate DESC')
          .all();
        return rows.map((row) => {
          const { guid, title, author, pubDate, content } = newsboatRow.parse(row);
          return { id: guid, title, authors: author, at: isoOf(pubDate), text: textOf(content) };
        });
      },
    };
  },
};

const PYTHON = '/usr/bin/python3';
const POLL = new URL('feedparser_poll.py', import.meta.url).pathname;
const polled = z.object({
  status: z.number(),
  trouble: z.string().nullable(),
  items: z.array(
    z.object({ id: z.string(), title: z.string(), authors: z.string(), at: z.string(), html: z.string() }),
  ),
});

const feedparser: FeedReader = {
  name: 'python3-feedparser',
  isThere: spawnSync(PYTHON, ['-c', 'import feedparser']).status === 0,
  formats: ['rss', 'atom'],
  authors: allOf,
  async subscribe(address, directory) {
    let shown: Shown[] = [];
    return {
      async poll() {
        const { stdout } = await run(PYTHON, [POLL, address, join(directory, 'state.json')], at(directory));
        const { status, trouble, items } = polled.parse(JSON.parse(stdout));
        if (trouble !== null) throw new Error(`feedparser: ${trouble}`);
        if (status === 200) shown = items.map(({ html, ...item }) => ({ ...item, text: textOf(html) }));
        return shown;
      },
    };
  },
};

const rss2email: FeedReader = {
  name: 'rss2email',
  isThere: isProgram('r2e'),
  formats: ['rss', 'atom'],
  // It writes as the last author element, and dates an Atom entry by its `updated`.
  authors: (names, format) => (format === 'rss' ? allOf(names) : (names.at(-1) ?? '')),
  datesBy: { rss: 'published', atom: 'updated' },
  async subscribe(address, directory) {
    const config = join(directory, 'rss2email.cfg');
    const r2e = (...args: string[]) =>
      run('r2e', ['-c', config, '-d', join(directory, 'rss2email.json'), ...args], at(directory));
    await mkdir(join(directory, 'Mail'));
    await writeFile(
      config,
      `[DEFAULT]\nto = reader@example.org\nemail-protocol = maildir\nmaildir-path = ${directory}/Mail\nhtml-mail = True\ndate-header = True\nname-format = {author}\n`,
    );
    await r2e('add', 'courant', address);
    return {
      async poll() {
        await r2e('run');
        const inbox = join(directory, 'Mail', 'INBOX', 'new');
        const newestFirst = (await readdir(inbox)).toSorted((a, b) => sentAt(b) - sentAt(a));
        return Promise.all(newestFirst.map(async (file) => mailShown(await readFile(join(inbox, file)))));
      },
    };
  },
};

/** A maildir's names begin with seconds and microseconds: `1795490823.M781246P29112Q2.host`. */
const sentAt = (file: string): number => {
  const [, seconds, micros] = /^(\d+)\.M(\d+)P/.exec(file) ?? [];
  return Number(seconds) * 1_000_000 + Number(micros);
};

const mailShown = async (raw: Buffer): Promise<Shown> => {
  const mail = await simpleParser(raw);
  const id = mail.headers.get('x-rss-id');
  const body = parseHTML(mail.html || '').document.querySelector('#body');
  return {
    id: typeof id === 'string' ? id : '',
    title: mail.subject ?? '',
    authors: mail.from?.value[0]?.name ?? '',
    at: mail.date?.toISOString() ?? '',
    text: textOf(body?.innerHTML ?? ''),
  };
};

/** A parser with nothing around it: it is handed the bytes, so it never asks with a condition. */
const sfeed: FeedReader = {
  name: 'sfeed',
  isThere: isProgram('sfeed'),
  formats: ['rss', 'atom'],
  // It shows the first author element; Atom has one for each.
  authors: (names, format) => (format === 'rss' ? allOf(names) : (names[0] ?? '')),
  subscribe: async (address) => ({
    async poll() {
      const feed = Buffer.from(await (await fetch(address)).arrayBuffer());
      const { stdout } = spawnSync('sfeed', [address], { input: feed, encoding: 'utf8', timeout: MOST_MS });
      return stdout.split('\n').filter(Boolean).map(lineShown);
    },
  }),
};

/** sfeed(5): fields between tabs; in the content line feeds, tabs and backslashes are escaped. */
const lineShown = (line: string): Shown => {
  const [seconds = '0', title = '', , content = '', , id = '', authors = ''] = line.split('\t');
  const html = content.replace(/\\([nt\\])/g, (_, sign: string) => (sign === '\\' ? '\\' : ' '));
  return { id, title, authors, at: isoOf(Number(seconds)), text: textOf(html) };
};

export const POLLING: readonly FeedReader[] = [newsboat, feedparser, rss2email];
export const READING: readonly FeedReader[] = [...POLLING, sfeed];
