import type { Bucket } from '../../shared/storage/bucket.ts';
import type { FileReport } from './takeFile.ts';

/** Files that wait, and what became of those that do not wait any more. */
export interface Inbox {
  /** Paths, in order. */
  waiting(): Promise<string[]>;
  read(path: string): Promise<WaitingFile | undefined>;
  /**
   * Lays the file down among those taken or refused, with its report beside it, and then takes it out of the inbox: in
   * this order, so that whoever dies in between does it again. A file that was written over meanwhile stays.
   */
  file(path: string, file: WaitingFile, report: FileReport): Promise<void>;
}

export interface WaitingFile {
  readonly bytes: Uint8Array;
  readonly etag: string;
}

export const INBOX = 'inbox/';
/** Beside the inbox, since what lies in it waits. */
export const TAKEN = 'inbox-taken/';
export const REFUSED = 'inbox-refused/';
const REPORT = '.report.json';

export const bucketInbox = (bucket: Bucket): Inbox => ({
  async waiting() {
    const keys = await bucket.list(INBOX);
    // Some programs make folders as empty objects.
    return keys.map((key) => key.slice(INBOX.length)).filter((path) => path !== '' && !path.endsWith('/'));
  },

  read: (path) => bucket.get(INBOX + path),

  async file(path, { bytes, etag }, report) {
    const at = `${report.is === 'refused' ? REFUSED : TAKEN}${report.at.slice(0, 10)}/${path}`;
    await bucket.put(at, bytes, { contentType: 'application/octet-stream' });
    const text = Buffer.from(`${JSON.stringify(report, null, 2)}\n`);
    await bucket.put(at + REPORT, text, { contentType: 'application/json; charset=utf-8' });
    await bucket.delete(INBOX + path, { etag });
  },
});
