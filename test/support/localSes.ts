import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SESClient } from '@aws-sdk/client-ses';
import { now } from '../../functions/shared/time.ts';
import { type LocalSes, type SesSettings, startSes } from '../../infra/local/ses/ses.ts';

/** A local SES over a directory of its own (or `directory`), the events it published, and a client for it. */
export interface SesUnderTest {
  readonly ses: LocalSes;
  readonly directory: string;
  readonly events: string[];
  readonly client: SESClient;
  /** Its mails stay, for another one over the same directory. */
  stop(): Promise<void>;
  stopForGood(): Promise<void>;
}

export const openSes = async (over: Partial<SesSettings> = {}): Promise<SesUnderTest> => {
  const directory = over.directory ?? (await mkdtemp(join(tmpdir(), 'courant-ses-')));
  const events: string[] = [];
  const publish = async (json: string): Promise<void> => {
    events.push(json);
  };
  const ses = await startSes({ directory, publish, now, ...over });
  const client = sesClientAt(ses.url);
  const stop = async (): Promise<void> => {
    client.destroy();
    await ses.close();
  };
  return {
    ses,
    directory,
    events,
    client,
    stop,
    async stopForGood() {
      await stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
};

/** As patient as a busy machine needs it; who waits for nothing to come is told so. */
export const sesClientAt = (
  endpoint: string,
  { connectionTimeout, requestTimeout } = { connectionTimeout: 5000, requestTimeout: 5000 },
): SESClient =>
  new SESClient({
    endpoint,
    region: 'eu-west-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    requestHandler: { connectionTimeout, requestTimeout, throwOnRequestTimeout: true },
  });
