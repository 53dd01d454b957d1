import { type HopAnswer, type HopAsk, hop } from './hop.ts';
import { type Resolve, systemResolve } from './lookup.ts';
import { type Allowed, targetOf } from './target.ts';

export type Fetched =
  | {
      readonly is: 'answer';
      readonly status: number;
      /** Names in lower case; a header that came several times is joined by commas. */
      readonly headers: Readonly<Record<string, string>>;
      readonly bytes: Uint8Array;
      /** What went over the wire for the body. */
      readonly wireBytes: number;
      /** Where the answer came from, after redirects. */
      readonly url: string;
      /** Where the address has moved for good (301, 308), if every step to there said so. */
      readonly movedTo: string | undefined;
    }
  /** Something about it is against our rules; asking again will not help. `because` ends a sentence. */
  | { readonly is: 'refused'; readonly because: string }
  /** The network or the other side failed; it may be better later. */
  | { readonly is: 'failed'; readonly because: string };

export interface Asked {
  readonly headers?: Readonly<Record<string, string>>;
  /** In bytes, after decompression; 10 MB unless said. */
  readonly mostBytes?: number;
  /** Only the first `mostBytes` are wanted; the rest is not waited for. */
  readonly headOnly?: boolean;
}

/** Asks an address that a stranger named. */
export type Fetch = (url: string, asked?: Asked) => Promise<Fetched>;

export interface FetchSettings {
  readonly userAgent: string;
  readonly allowed: Allowed;
  readonly resolve?: Resolve;
  /** For the whole of it, redirects included. */
  readonly timeoutMs?: number;
}

const MOST_BYTES = 10_000_000;
const MOST_REDIRECTS = 3;
const TIMEOUT_MS = 10_000;

/**
 * GET, and nothing but GET, for addresses that strangers name: 10 s for everything, 3 redirects, every one of them
 * checked as the first address was, one layer of compression, 10 MB. No proxy, cookie or credential is ever used.
 */
export const openFetch =
  ({ userAgent, allowed, resolve = systemResolve, timeoutMs = TIMEOUT_MS }: FetchSettings): Fetch =>
  (address, { headers = {}, mostBytes = MOST_BYTES, headOnly = false } = {}) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const sent = { accept: '*/*', ...headers, 'user-agent': userAgent };
    return follow(address, { headers: sent, mostBytes, headOnly, signal, resolve, allowed }, START);
  };

interface Way {
  readonly redirects: number;
  readonly movedTo: string | undefined;
  /** Every redirect so far said that it is for good. */
  readonly isForGood: boolean;
}

const START: Way = { redirects: 0, movedTo: undefined, isForGood: true };

const follow = async (address: string, ask: HopAsk, way: Way): Promise<Fetched> => {
  const target = targetOf(address, ask.allowed);
  if (target.is === 'refused') return target;
  const { url } = target;
  const answer = await hop(url, ask);
  if (answer.is !== 'answer') return answer;
  const next = redirectOf(answer, url);
  if (next === undefined) return { ...answer, url: url.href, movedTo: way.movedTo };
  if (way.redirects === MOST_REDIRECTS) return { is: 'refused', because: 'it redirects more than three times' };
  const isForGood = way.isForGood && (answer.status === 301 || answer.status === 308);
  // A way from https to http is followed, but not learned.
  const isSafe = !(url.protocol === 'https:' && next.startsWith('http:'));
  return follow(next, ask, {
    redirects: way.redirects + 1,
    movedTo: isForGood && isSafe ? next : way.movedTo,
    isForGood: isForGood && isSafe,
  });
};

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

const redirectOf = ({ status, headers }: HopAnswer, from: URL): string | undefined => {
  const location = headers['location'];
  if (!REDIRECTS.has(status) || location === undefined) return undefined;
  return URL.canParse(location, from.href) ? new URL(location, from.href).href : location;
};
