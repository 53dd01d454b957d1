import { lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { promisify } from 'node:util';
import { type Allowed, mayConnect } from './target.ts';

export interface Resolved {
  readonly address: string;
  readonly family: number;
}

/** All addresses of a name. */
export type Resolve = (name: string) => Promise<readonly Resolved[]>;

const lookupAll = promisify(systemLookup);

export const systemResolve: Resolve = (name) => lookupAll(name, { all: true, verbatim: true });

/** The name leads, or also leads, to an address that may not be asked. */
export class NotPublic extends Error {}

/**
 * The lookup that a socket makes for itself: what is checked here is what is connected to, so a name that means
 * something else a moment later gains nothing. One address that is not public spoils all of them: an honest name has
 * none.
 */
export const guardedLookup =
  (resolve: Resolve, allowed: Allowed): LookupFunction =>
  (name, options, callback) => {
    resolve(name).then(
      (found) => {
        const fitting = found.filter(({ family }) => !options.family || options.family === family);
        const [first] = fitting;
        if (!first) callback(Object.assign(new Error('The name has no address.'), { code: 'ENOTFOUND' }), '');
        else if (found.some(({ address }) => !mayConnect(address, allowed))) callback(new NotPublic(), '');
        else if (options.all) callback(null, [...fitting]);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, ''),
    );
  };
