import { log } from '../../shared/log.ts';
import { MINUTE_MS, steadyMs } from '../../shared/time.ts';
import type { Guard } from './guard.dynamo.ts';
import type { Inbox, WaitingFile } from './inbox.s3.ts';
import { type FileReport, type Taking, takeFile } from './takeFile.ts';

export interface InboxPorts extends Taking {
  readonly inbox: Inbox;
  readonly guard: Guard;
}

/** A zip of many files, and no more: the rest of the minute is for what is begun. */
const BEGIN_NO_MORE_AFTER_MS = MINUTE_MS / 2;
const MOST_TRIES = 3;

/** Takes what lies in the inbox, file by file in the order of their paths. What is left over waits for the next minute. */
export const takeAll = async (ports: InboxPorts): Promise<void> => {
  const held = await ports.guard.hold(ports.now());
  if (!held) return;
  await takeWaiting(ports);
  // Not where it threw: somebody who dies leaves no word either, and the next ones wait the same time.
  await held.release();
};

const takeWaiting = async (ports: InboxPorts): Promise<void> => {
  const began = steadyMs();
  for (const path of await ports.inbox.waiting()) {
    if (steadyMs() - began > BEGIN_NO_MORE_AFTER_MS) return;
    const file = await ports.inbox.read(path);
    if (!file) continue;
    const report = await reportOn(ports, path, file);
    await ports.inbox.file(path, file, report);
    const refused = report.articles.filter(({ is }) => is === 'refused').length;
    log.info('inbox.file', { is: report.is, articles: report.articles.length, refused });
  }
};

const reportOn = async (ports: InboxPorts, path: string, file: WaitingFile): Promise<FileReport> => {
  const tries = await ports.guard.begin(path, file.etag, ports.now());
  if (tries <= MOST_TRIES) return takeFile(ports, path, file.bytes);
  log.error('inbox.file-set-aside', { tries });
  const because = `It was begun ${MOST_TRIES} times and never finished. What is wrong with it is in the log.`;
  return { file: path, at: ports.now(), is: 'refused', articles: [], because };
};
