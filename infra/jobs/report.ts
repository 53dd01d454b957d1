import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { z } from 'zod';
import { type Api, reached, Trouble } from './api.ts';

const link = z.object({ url: z.string(), name: z.string(), bytes: z.int() });

/** A file of a job as a stream, by a link that is asked for now. */
const opened = async (api: Api, path: string): Promise<{ name: string; body: Readable }> => {
  const { url, name } = link.parse(await api.call('GET', path));
  const answer = await reached(url);
  if (!answer.ok || !answer.body) throw new Trouble(`The file cannot be fetched: ${answer.status}.`);
  return { name, body: Readable.fromWeb(answer.body as ReadableStream) };
};

/** Writes a file of a job to this machine; answers its name. One that is there already is left alone. */
export const keep = async (api: Api, path: string, file?: string): Promise<string> => {
  const { name, body } = await opened(api, path);
  const to = file ?? name;
  await pipeline(body, createWriteStream(to, { flags: 'wx', mode: 0o600 })).catch((error: NodeJS.ErrnoException) => {
    throw new Trouble(error.code === 'EEXIST' ? `${to} is there already.` : `${to} cannot be written.`);
  });
  return to;
};

const line = z.object({
  is: z.string(),
  line: z.int().optional(),
  name: z.string().optional(),
  field: z.string().optional(),
  reason: z.string().optional(),
});

/** The lines of a report that were refused, one after the other. */
export async function* refusedIn(api: Api, path: string): AsyncGenerator<string> {
  const { body } = await opened(api, path);
  for await (const text of createInterface({ input: body })) {
    const { is, line: number, name, field, reason } = line.parse(JSON.parse(text));
    if (is === 'refused')
      yield `  ${name ?? `line ${number ?? '?'}`}: ${field ? `${field}: ` : ''}${reason ?? 'refused'}`;
  }
}
