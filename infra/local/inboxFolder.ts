import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { INBOX, REFUSED, TAKEN } from '../../functions/ingest/inbox/inbox.s3.ts';
import { errorFields, log } from '../../functions/shared/log.ts';
import type { Bucket } from '../../functions/shared/storage/bucket.ts';

/** The inbox of the bucket as a folder on this machine: what is laid into it is taken, and comes back with its report. */
export interface InboxFolder {
  stop(): Promise<void>;
}

const LOOK_MS = 1000;
/** A file that was written to this recently may not be whole yet. */
const AT_REST_MS = 500;

interface Watched {
  /** `inbox` in it is watched; `inbox-taken` and `inbox-refused` are written. */
  readonly directory: string;
  readonly bucket: Bucket;
  /** Runs the function that takes the inbox. */
  readonly take: () => Promise<unknown>;
}

export const watchInbox = async (watched: Watched): Promise<InboxFolder> => {
  await mkdir(join(watched.directory, INBOX), { recursive: true });
  let looking: Promise<void> = Promise.resolve();
  let stopped = false;
  let looks = 0;
  const next = async (): Promise<void> => {
    try {
      // What a minute’s own run took is brought back a little later.
      await look(watched, looks++ % 30 === 0);
    } catch (error) {
      // A file that cannot be read, a full disk: said, and tried again.
      log.error('local.inbox-failed', errorFields(error));
    }
    if (!stopped) timer = setTimeout(go, LOOK_MS);
  };
  const go = (): void => {
    looking = next();
  };
  let timer = setTimeout(go, LOOK_MS);
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await looking;
    },
  };
};

const look = async ({ directory, bucket, take }: Watched, always: boolean): Promise<void> => {
  const files = await atRest(join(directory, INBOX));
  for (const path of files) {
    const file = join(directory, INBOX, path);
    await bucket.put(INBOX + path, await readFile(file), { contentType: 'application/octet-stream' });
    await rm(file);
  }
  if (files.length > 0) await take();
  else if (!always) return;
  for (const prefix of [TAKEN, REFUSED]) await bringBack(bucket, prefix, directory);
};

const atRest = async (folder: string): Promise<string[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.'));
  const paths = await Promise.all(
    files.map(async (entry) => {
      const path = join(entry.parentPath, entry.name);
      return Date.now() - (await stat(path)).mtimeMs >= AT_REST_MS ? [path.slice(folder.length)] : [];
    }),
  );
  return paths.flat().sort();
};

/** What was taken or refused, with its report, as files; what is there already is left as it is. */
const bringBack = async (bucket: Bucket, prefix: string, directory: string): Promise<void> => {
  for (const key of await bucket.list(prefix)) {
    const file = join(directory, key);
    const head = await bucket.head(key);
    if (head === undefined || head.etag === (await etagOf(file))) continue;
    const object = await bucket.get(key);
    if (!object) continue;
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, object.bytes);
  }
};

const etagOf = async (file: string): Promise<string | undefined> => {
  try {
    return `"${createHash('md5')
      .update(await readFile(file))
      .digest('hex')}"`;
  } catch {
    // It is not there yet.
    return undefined;
  }
};
