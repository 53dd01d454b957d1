import { Resolver } from 'node:dns/promises';
import type { Records } from './ports.ts';

/** The DNS asked directly: unlike the system's own lookup it gives up soon, and keeps no thread of the process. */
export const quickResolver = (): Resolver => new Resolver({ timeout: 1500, tries: 2 });

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

export const dnsRecords = (resolver: Resolver): Records => ({
  async knows(domain) {
    try {
      await resolver.resolveNs(domain);
      return 'there';
    } catch (error) {
      // “There is none” is an answer, all else is silence; and a name may be there without records of this kind.
      if (codeOf(error) === 'ENODATA') return 'there';
      return codeOf(error) === 'ENOTFOUND' ? 'missing' : 'unknown';
    }
  },

  async texts(name) {
    try {
      // RFC 7208 section 3.3: the pieces of one record are joined without a space.
      return (await resolver.resolveTxt(name)).map((pieces) => pieces.join(''));
    } catch (error) {
      // "There is none" is an answer, all else is silence.
      return codeOf(error) === 'ENODATA' || codeOf(error) === 'ENOTFOUND' ? [] : 'unknown';
    }
  },
});
