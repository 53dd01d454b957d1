import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { jobShown } from '../../functions/shared/job/shown.ts';
import { firstKeyIn } from '../namedKeys.ts';

/** What went wrong, in one sentence for the person at the terminal. */
export class Trouble extends Error {}

export const job = jobShown;
export type ShownJob = z.infer<typeof jobShown>;

/** The newsroom API of a run. */
export interface Api {
  readonly url: string;
  call(method: 'GET' | 'POST', path: string, body?: object): Promise<unknown>;
}

/** The key comes from `NEWSROOM_KEY`, or from the folder of a run on this machine; never from the command line, where others see it. */
export const openApi = (url: string, environment: NodeJS.ProcessEnv): Api => {
  const set = environment['NEWSROOM_KEY'];
  const key = set === undefined ? keyOfRun(environment['DATA_DIR'] || '.data') : firstKeyIn(set);
  const base = url.replace(/\/+$/, '');
  return {
    url: base,
    async call(method, path, body) {
      const answer = await reached(`${base}${path}`, {
        method,
        headers: { authorization: `Bearer ${key}`, ...(body && { 'content-type': 'application/json' }) },
        ...(body && { body: JSON.stringify(body) }),
      });
      const told: unknown = await answer.json().catch(() => ({}));
      if (!answer.ok) throw new Trouble(sentenceOf(told) ?? `${base} answers ${answer.status}.`);
      return told;
    },
  };
};

const keyOfRun = (directory: string): string => {
  try {
    return readFileSync(join(directory, 'newsroom-key'), 'utf8').trim();
  } catch {
    // Whatever the reason, the person has to say the key.
    throw new Trouble('The newsroom key is not known: set NEWSROOM_KEY.');
  }
};

export const reached = async (url: string, init: RequestInit = {}): Promise<Response> => {
  try {
    return await fetch(url, init);
  } catch (error) {
    // Node says no more than “fetch failed”; the cause has the reason.
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : '';
    throw new Trouble(`Nobody answers at ${new URL(url).origin}. ${cause}`.trim());
  }
};

const problem = z.object({ detail: z.string() });

const sentenceOf = (told: unknown): string | undefined => problem.safeParse(told).data?.detail;
