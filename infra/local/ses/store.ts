import { randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type Instant, instant, msOf } from '../../../functions/shared/time.ts';
import { appender, linesBackwards, linesForwards, readStart } from './journal.ts';
import { MOST_HEADER_BYTES } from './rawMail.ts';
import type { AcceptedMail } from './sendRequest.ts';

const record = z.strictObject({
  id: z.string(),
  at: z.string(),
  source: z.string(),
  destinations: z.array(z.string()),
  subject: z.string(),
  tags: z.record(z.string(), z.string()),
  configurationSet: z.string().nullable(),
  infected: z.boolean(),
});

const MOST_RECENT = 500;

/** A mail without its bytes: one line of the journal. */
export type MailRecord = z.infer<typeof record>;

/**
 * The mails on disk: one file each, and a journal with a line for each. A mail is in the journal once its file is
 * written, and acknowledged once it is in the journal, so a run that is killed has every mail it answered for.
 */
export interface MailStore {
  add(mail: AcceptedMail, at: Instant): Promise<MailRecord>;
  /** Newest first, read from the end of the journal: memory holds no list of all mails. */
  newestFirst(): AsyncIterable<MailRecord>;
  /** From this byte of the journal on, each with the byte where the next one begins. */
  oldestFirst(from: number): AsyncIterable<{ mail: MailRecord; next: number }>;
  /** The byte where the journal's last `count` lines before `end` begin. */
  startOfLast(count: number, end: number): Promise<number>;
  size(): number;
  raw(mail: { readonly id: string }): Promise<Buffer>;
  /** Its first bytes, with the whole header. */
  head(mail: { readonly id: string }): Promise<Buffer>;
  close(): Promise<void>;
}

export const openMailStore = async (directory: string): Promise<MailStore> => {
  await mkdir(directory, { recursive: true });
  const path = join(directory, 'journal.jsonl');
  const journal = await appender(path);
  const directories = new Set<string>();
  // The publisher is close behind: most heads are still here when it asks.
  const recent = new Map<string, Buffer>();
  const fileOf = (id: string): string => join(directory, dayOf(id), `${id}.eml`);
  return {
    async add({ raw, ...mail }, at) {
      const id = newMessageId(at);
      const day = join(directory, dayOf(id));
      if (!directories.has(day)) await mkdir(day, { recursive: true }).then(() => directories.add(day));
      await writeFile(fileOf(id), raw);
      recent.set(id, Buffer.from(raw.subarray(0, MOST_HEADER_BYTES)));
      if (recent.size > MOST_RECENT) recent.delete(recent.keys().next().value ?? '');
      const line: MailRecord = { ...mail, destinations: [...mail.destinations], id, at };
      await journal.append(JSON.stringify(line));
      return line;
    },
    async *newestFirst() {
      for await (const { line } of linesBackwards(path, journal.size())) yield parseRecord(line);
    },
    async *oldestFirst(from) {
      for await (const { line, next } of linesForwards(path, from, journal.size())) {
        yield { mail: parseRecord(line), next };
      }
    },
    async startOfLast(count, end) {
      let start = end;
      let seen = 0;
      for await (const line of linesBackwards(path, end)) {
        if (++seen > count) break;
        start = line.start;
      }
      return start;
    },
    size: journal.size,
    raw: ({ id }) => readFile(fileOf(id)),
    head: async ({ id }) => recent.get(id) ?? readStart(fileOf(id), MOST_HEADER_BYTES),
    close: journal.close,
  };
};

const parseRecord = (line: string): MailRecord => record.parse(JSON.parse(line));

/** As SES makes them: two bytes for the region, the milliseconds since 1970, a UUID. */
const newMessageId = (at: Instant): string => `0102${msOf(at).toString(16).padStart(12, '0')}-${randomUUID()}-000000`;

export const isMessageId = (text: string): boolean => /^0102[0-9a-f]{12}-[0-9a-f-]{36}-000000$/.test(text);

export const atOf = (id: string): Instant => instant(Number.parseInt(id.slice(4, 16), 16));

const dayOf = (id: string): string => atOf(id).slice(0, 10);
