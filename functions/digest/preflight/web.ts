import type { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Fetch, Fetched } from '../../border/fetch/fetch.ts';
import type { Looked, Web } from './ports.ts';

const ONE_CLICK_MS = 4000;

export const foreignWeb = (fetchStranger: Fetch): Web => ({
  async look(url) {
    return lookedAt(await fetchStranger(url, { headOnly: true, mostBytes: 1000 }));
  },

  async oneClick(url) {
    try {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'List-Unsubscribe=One-Click',
        redirect: 'manual',
        signal: AbortSignal.timeout(ONE_CLICK_MS),
      });
      await answer.body?.cancel();
      return { status: answer.status };
    } catch {
      // Whatever it was, there was no answer, and that is all that is asked here.
      return 'unreachable';
    }
  },
});

/** Only what says so itself is gone; who turns programs away (403, 429), or stumbles, may be well. */
const lookedAt = (fetched: Fetched): Looked => {
  if (fetched.is === 'answer') {
    const { status, headers } = fetched;
    if (status === 404 || status === 410) return { is: 'gone', because: `it answers ${status}` };
    if (status >= 200 && status < 300) return { is: 'there', type: headers['content-type'] ?? '' };
    return { is: 'unclear', because: `it answers ${status}` };
  }
  return fetched.because === NAMELESS ? { is: 'nameless' } : { is: 'unclear', because: fetched.because };
};

/** In the words of `border/fetch`. */
const NAMELESS = 'its name is not known';

/** All addresses of a name, from the DNS itself; `localhost` is this machine's (RFC 6761 section 6.3). */
export const quickLookup =
  (resolver: Resolver) =>
  async (name: string): Promise<{ address: string; family: number }[]> => {
    if (name === 'localhost') return [{ address: '127.0.0.1', family: 4 }];
    const found = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
    const addresses = found.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
    const failed = found.find((one) => one.status === 'rejected');
    if (addresses.length === 0 && failed) throw failed.reason;
    return addresses.map((address) => ({ address, family: isIP(address) }));
  };
