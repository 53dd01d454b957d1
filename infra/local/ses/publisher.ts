import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorFields, log } from '../../../functions/shared/log.ts';
import { eventsOf } from './events.ts';
import { headersOf } from './rawMail.ts';
import type { MailRecord, MailStore } from './store.ts';

/** Follows the journal with a cursor and publishes the events of every mail, at least once. */
export interface Publisher {
  /** There may be a new mail. */
  wake(): void;
  close(): Promise<void>;
}

interface Ports {
  readonly store: MailStore;
  readonly directory: string;
  /** Hands one event to whoever subscribed. */
  readonly publish: (json: string) => Promise<void>;
}

/** So many mails' events are under way at once. */
const AT_ONCE = 16;
const RETRY_MS = 200;
/**
 * After a start the events of the last mails are told again: the queues of a local run live in memory, so what they
 * held when it stopped is gone. SNS may tell anything twice, so nobody minds.
 */
const TOLD_AGAIN = 2000;

export const startPublisher = async ({ store, directory, publish }: Ports): Promise<Publisher> => {
  const cursorFile = join(directory, 'published');
  let cursor = await store.startOfLast(TOLD_AGAIN, Math.min(await readCursor(cursorFile), store.size()));
  let closing = false;
  let running: Promise<void> | undefined;

  const tell = async (mail: MailRecord): Promise<void> => {
    const headers = headersOf(await store.head(mail));
    for (const event of eventsOf(mail, headers)) await publish(JSON.stringify(event));
  };

  const catchUp = async (): Promise<void> => {
    while (!closing && cursor < store.size()) {
      const batch = await readBatch(store, cursor);
      try {
        await Promise.all(batch.mails.map(tell));
        cursor = batch.next;
        await writeCursor(cursorFile, cursor);
      } catch (error) {
        // Whoever listens is not there yet, or no more: the same events are tried again, none is lost.
        if (!closing) log.warn('ses.publish-failed', errorFields(error));
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  };

  const wake = (): void => {
    if (closing || running || cursor >= store.size()) return;
    running = catchUp().finally(() => {
      running = undefined;
      wake();
    });
  };
  wake();
  return {
    wake,
    async close() {
      closing = true;
      await running;
    },
  };
};

const readBatch = async (store: MailStore, from: number): Promise<{ mails: MailRecord[]; next: number }> => {
  const mails: MailRecord[] = [];
  let end = from;
  for await (const { mail, next } of store.oldestFirst(from)) {
    mails.push(mail);
    end = next;
    if (mails.length === AT_ONCE) break;
  }
  return { mails, next: end };
};

const readCursor = async (path: string): Promise<number> => {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    // A first start has no cursor yet.
    if (error.code === 'ENOENT') return '0';
    throw error;
  });
  return Number.parseInt(text, 10) || 0;
};

const writeCursor = async (path: string, cursor: number): Promise<void> => {
  await writeFile(`${path}.new`, String(cursor));
  await rename(`${path}.new`, path);
};
