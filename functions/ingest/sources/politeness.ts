import { addMs, HOUR_MS, type Instant, msOf, SECOND_MS } from '../../shared/time.ts';

const SHORTEST_SECONDS = 5 * 60;
const LONGEST_SECONDS = 24 * 3600;

/** How a look went, as far as it says when the next should be. */
export interface Looked {
  readonly brought: 'news' | 'nothing' | 'trouble';
  readonly intervalSeconds: number;
  /** What the source asks for: `ttl`, `max-age`. */
  readonly wishSeconds: number | null;
  /** `Retry-After`: not before. */
  readonly notBefore: Instant | null;
}

/**
 * When to look again: sooner where there was news, later where there was none, later still in trouble; never sooner
 * than the source wishes, and spread by up to a tenth, so that sources that were added together part.
 */
export const nextLook = (
  { brought, intervalSeconds, wishSeconds, notBefore }: Looked,
  now: Instant,
  random: () => number,
): { readonly at: Instant; readonly intervalSeconds: number } => {
  const interval = within(intervalSeconds * PACE[brought]);
  const wish = Math.min(wishSeconds ?? 0, LONGEST_SECONDS);
  const seconds = Math.max(interval, wish) * (1 + random() / 10);
  const at = addMs(now, Math.round(seconds) * SECOND_MS);
  return { at: notBefore !== null && notBefore > at ? notBefore : at, intervalSeconds: interval };
};

const PACE = { news: 0.5, nothing: 1.5, trouble: 2 } as const;

const within = (seconds: number): number => Math.round(Math.min(LONGEST_SECONDS, Math.max(SHORTEST_SECONDS, seconds)));

const LONGEST_REST_MS = 7 * 24 * HOUR_MS;

/**
 * `Retry-After` (RFC 9110 section 10.2.3): seconds or an HTTP date. A week at most: whoever asks for years means
 * something else.
 */
export const retryAfter = (header: string | undefined, now: Instant): Instant | null => {
  const value = header?.trim() ?? '';
  if (value === '') return null;
  const ms = /^\d{1,9}$/.test(value) ? Number(value) * SECOND_MS : httpDateMs(value) - msOf(now);
  return ms > 0 ? addMs(now, Math.min(ms, LONGEST_REST_MS)) : null;
};

/** IMF-fixdate only (RFC 9110 section 5.6.7): `Mon, 04 May 2026 08:00:00 GMT`. */
const httpDateMs = (text: string): number =>
  /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text) ? Date.parse(text) : Number.NaN;

/** For how long the answer says it stays as it is (RFC 9111 section 5.2.2.1). */
export const maxAgeSeconds = (cacheControl: string | undefined): number | null => {
  const found = /(?:^|,)\s*max-age\s*=\s*"?(\d{1,9})/i.exec(cacheControl ?? '');
  return found ? Number(found[1]) : null;
};
