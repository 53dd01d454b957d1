import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { keysIn, type NamedKey } from '../namedKeys.ts';

/** What a person can set for a run on this machine. */
export interface Settings {
  readonly port: number;
  readonly dataDirectory: string;
  /** The first is shown. */
  readonly newsroomKeys: readonly [NamedKey, ...NamedKey[]] | undefined;
  readonly withSamples: boolean;
}

/** Trouble that the person who started this run can mend: told in one sentence, without a stack trace. */
export class StartTrouble extends Error {}

export const readSettings = (environment: NodeJS.ProcessEnv): Settings => {
  const port = Number(environment['PORT'] ?? 4000);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new StartTrouble('PORT must be a whole number from 1 to 65535.');
  }
  const key = environment['NEWSROOM_KEY'];
  const keys = key === undefined ? undefined : keysIn(key);
  if (key !== undefined && keys === undefined) {
    throw new StartTrouble(
      'NEWSROOM_KEY must have 8 to 512 characters and no white space, or be Ana=KEY,Ben=KEY with such keys.',
    );
  }
  return {
    port,
    dataDirectory: writable(resolve(environment['DATA_DIR'] || '.data')),
    newsroomKeys: keys,
    withSamples: environment['COURANT_SAMPLES'] !== 'none',
  };
};

const writable = (directory: string): string => {
  try {
    makeDirectories(join(directory, 'tables'));
    accessSync(directory, constants.W_OK);
    return directory;
  } catch {
    // Whatever the reason, the person can only choose another folder or its rights.
    throw new StartTrouble(`DATA_DIR cannot be written: ${directory}`);
  }
};

/** One by one: where a parent takes no folders at all (`/proc`), Node's own recursive way never comes back. */
const makeDirectories = (directory: string): void => {
  if (existsSync(directory)) return;
  makeDirectories(dirname(directory));
  mkdirSync(directory);
};
