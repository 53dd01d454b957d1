import { createWriteStream } from 'node:fs';
import { mkdtemp, readdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { z } from 'zod';
import { Trouble } from './api.ts';

interface Options {
  readonly format?: string | undefined;
  readonly source?: string | undefined;
  readonly language?: string | undefined;
  readonly topic?: readonly string[] | undefined;
  readonly site?: string | undefined;
  readonly links?: string | undefined;
  readonly 'dry-run': boolean;
}

/** What the API is asked for an import of articles. */
export const articleWish = ({ format, source, language, topic, site, links, ...options }: Options): object => {
  const topics = (topic ?? []).map((text) => {
    const at = text.lastIndexOf('=');
    if (at < 1) throw new Trouble('--topic takes THEIRS=OURS, such as “Transport=mobility”.');
    return [text.slice(0, at), text.slice(at + 1)];
  });
  return {
    ...(format !== undefined && { format }),
    ...(source !== undefined && { source }),
    ...(language !== undefined && { language }),
    ...(site !== undefined && { siteUrl: site }),
    ...(links !== undefined && { links }),
    dryRun: options['dry-run'],
    topics: Object.fromEntries(topics),
  };
};

/** The file itself; of a folder, a zip of what is in it. */
export const fileOrZip = async (path: string): Promise<string> => {
  const found = await stat(path).catch(() => {
    throw new Trouble(`${path} cannot be read.`);
  });
  return found.isDirectory() ? zipped(path) : path;
};

const zipped = async (folder: string): Promise<string> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && /\.(?:md|markdown|html?|json)$/i.test(entry.name));
  if (files.length === 0) throw new Trouble(`${folder} has no .md, .html or .json file in it.`);
  const zip = new ZipFile();
  for (const entry of files) {
    const path = join(entry.parentPath, entry.name);
    zip.addFile(path, relative(folder, path).split(sep).join('/'));
  }
  zip.end();
  const to = join(await mkdtemp(join(tmpdir(), 'courant-import-')), 'folder.zip');
  await pipeline(zip.outputStream, createWriteStream(to));
  return to;
};

const notes = z.object({ dryRun: z.boolean(), unknownTopics: z.record(z.string(), z.int()) });
const MOST_SHOWN = 20;

/** What is to be known besides the counts, line by line. */
export const topicsIn = (told: unknown): string[] => {
  const read = notes.safeParse(told).data;
  if (!read) return [];
  const unknown = Object.entries(read.unknownTopics).sort(([, a], [, b]) => b - a);
  return [
    ...(unknown.length > 0 ? ['Topics that nobody here knows; --topic THEIRS=OURS says what they are:'] : []),
    ...unknown.slice(0, MOST_SHOWN).map(([name, count]) => `  ${name} (${count})`),
    ...(unknown.length > MOST_SHOWN ? [`  and ${unknown.length - MOST_SHOWN} more`] : []),
    ...(read.dryRun ? ['Only tried: nothing was changed.'] : []),
  ];
};
