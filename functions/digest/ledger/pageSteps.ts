import type { Instant } from '../../shared/time.ts';
import type { Delivery, Page } from './page.ts';

/**
 * What may happen to a page. Each step is pure, and may be taken twice by the same worker: a claim, a result and an
 * event change what is theirs and leave the rest. `undefined`: there is nothing to write.
 */

export interface Claim {
  readonly id: string;
  readonly until: Instant;
}

/** Takes the page for a worker, and at most so many of its waiting deliveries. */
export const claimed = (page: Page, claim: Claim, most: number, now: Instant): Page | 'taken' | undefined => {
  if (page.claim?.id === claim.id) return page;
  if (page.claim && page.claim.until > now) return 'taken';
  const free = lapsed(page, now) ?? page;
  let left = most;
  const deliveries = free.deliveries.map(
    (one): Delivery => (one.state === 'ready' && left-- > 0 ? { ...one, state: 'claimed', claim: claim.id } : one),
  );
  if (!deliveries.some(({ state }) => state === 'claimed')) return free === page ? undefined : free;
  return { ...free, claim, deliveries };
};

/**
 * The worker is gone. What he had only claimed was provably not sent, since `sending` is written before the call; of
 * what he was sending nobody knows.
 */
export const lapsed = (page: Page, now: Instant): Page | undefined => {
  if (!page.claim || page.claim.until > now) return undefined;
  const deliveries = page.deliveries.map((one): Delivery => {
    if (one.state === 'claimed') return { ...one, state: 'ready' };
    return one.state === 'sending' ? { ...one, state: 'unknown', because: 'lost', since: now } : one;
  });
  return { ...page, claim: null, deliveries };
};

/** What is to become of a claimed delivery, by its place on the page. */
export type Verdict =
  | { readonly is: 'send'; readonly language?: string }
  | { readonly is: 'suppress'; readonly because: string };

/** Written before the first call. `undefined`: the page was taken over, and nothing may be sent. */
export const begun = (page: Page, claim: string, verdicts: ReadonlyMap<number, Verdict>): Page | undefined => {
  if (page.claim?.id !== claim) return undefined;
  const deliveries = page.deliveries.map((one, index): Delivery => {
    const verdict = verdicts.get(index);
    if (!verdict || one.state !== 'claimed' || one.claim !== claim) return one;
    return verdict.is === 'send'
      ? { ...one, state: 'sending', ...(verdict.language !== undefined && { language: verdict.language }) }
      : { ...one, state: 'suppressed', because: verdict.because };
  });
  return { ...page, deliveries };
};

/** What came of a delivery. `ready`: it was provably not sent, and may be tried again. */
export type Result =
  | { readonly is: 'sent'; readonly messageId: string }
  | { readonly is: 'failed' | 'unknown'; readonly because: string }
  | { readonly is: 'ready' };

/**
 * Writes down what the worker knows, and lets the page go. Where his lease ran out meanwhile, `unknown` becomes what
 * he knows; where an event was faster, the event stands.
 */
export const settled = (page: Page, claim: string, results: ReadonlyMap<number, Result>, now?: Instant): Page => {
  const deliveries = page.deliveries.map((one, index): Delivery => {
    const result = results.get(index);
    const open = one.state === 'sending' || one.state === 'unknown';
    return result && open && one.claim === claim ? resulting(one, result, now) : one;
  });
  return { ...page, deliveries, claim: page.claim?.id === claim ? null : page.claim };
};

const resulting = ({ because: _, since, ...one }: Delivery, result: Result, now: Instant | undefined): Delivery => {
  if (result.is === 'sent') return { ...one, state: 'sent', messageId: result.messageId };
  if (result.is === 'ready') {
    // Given up already, and its edition may be complete: nobody would come for it by itself. A retry does, without risk.
    return one.state === 'unknown' ? { ...one, state: 'failed', because: 'late' } : { ...one, state: 'ready' };
  }
  const unknownSince = result.is === 'unknown' ? (since ?? now) : undefined;
  return {
    ...one,
    state: result.is,
    because: result.because,
    ...(unknownSince !== undefined && { since: unknownSince }),
  };
};

/** What SES tells of a delivery, late, twice and in any order. `sent` stands for every sign that it was accepted. */
export interface DeliveryEvent {
  readonly is: 'sent' | 'bounced' | 'complained' | 'rejected';
  readonly messageId: string;
}

/** States only move up: sent, bounced, complained; what SES rejected after all has failed, whatever else is heard. */
const RANKS = { bounced: 1, complained: 2, rejected: 3 } as const;

export const heard = (page: Page, index: number, event: DeliveryEvent): Page | undefined => {
  const one = page.deliveries[index];
  if (!one) return undefined;
  const after = withEvent(one, event);
  return after && { ...page, deliveries: page.deliveries.with(index, after) };
};

const withEvent = (one: Delivery, { is, messageId }: DeliveryEvent): Delivery | undefined => {
  const rank = is === 'sent' ? 0 : RANKS[is];
  const known = one.outcome ? RANKS[one.outcome] : 0;
  const state = is === 'rejected' || one.outcome === 'rejected' ? 'failed' : 'sent';
  if (one.state === state && rank <= known) return undefined;
  const { because: _, since: __, ...rest } = one;
  return {
    ...rest,
    state,
    messageId: one.messageId ?? messageId,
    ...(is !== 'sent' && rank > known && { outcome: is }),
    ...(state === 'failed' && { because: 'rejected' }),
  };
};

/** The edition ends here: who is waiting gets nothing. What is being sent at this moment still gets its result. */
export const cancelled = (page: Page, now: Instant): Page | undefined => {
  const current = lapsed(page, now) ?? page;
  const waiting = (one: Delivery): boolean => one.state === 'ready' || one.state === 'claimed';
  if (current === page && !page.deliveries.some(waiting)) return undefined;
  const deliveries = current.deliveries.map((one): Delivery => (waiting(one) ? { ...one, state: 'cancelled' } : one));
  return { ...current, deliveries };
};

/** Those who are missing may be tried again; who is unknown only where a person has said so in as many words. */
export const prepared = (page: Page, retry: { readonly id: string; readonly unknown: boolean }): Page | undefined => {
  if (page.retry === retry.id) return undefined;
  const again = ({ state }: Delivery): boolean => state === 'failed' || (retry.unknown && state === 'unknown');
  if (!page.deliveries.some(again)) return undefined;
  const deliveries = page.deliveries.map((one): Delivery => {
    if (!again(one)) return one;
    const { because, messageId, outcome: _, since: __, ...rest } = one;
    const before = {
      retry: retry.id,
      was: one.state === 'unknown' ? ('unknown' as const) : ('failed' as const),
      ...(because !== undefined && { because }),
      ...(messageId !== undefined && { messageId }),
    };
    return { ...rest, state: 'ready', again: [...(one.again ?? []), before] };
  });
  return { ...page, retry: retry.id, deliveries };
};
