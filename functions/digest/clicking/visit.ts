import { hmacSha256 } from '../../shared/hash.ts';
import { type Instant, instant, MINUTE_MS, msOf, SECOND_MS } from '../../shared/time.ts';

/** Somebody followed the link of an article. What they follow of one edition in one slot together is a *visit*. */
export interface Click {
  readonly edition: string;
  /** Tells visits of a slot apart, and leads to nobody; see `visitorOf`. */
  readonly visitor: string;
  readonly article: string;
  readonly at: Instant;
  /** The request itself told that no person made it. */
  readonly automated: boolean;
}

const SLOT_MS = 10 * MINUTE_MS;

/** Time in pieces of ten minutes, counted since 1970. */
export const slotOf = (at: Instant): number => Math.floor(msOf(at) / SLOT_MS);

export const startOf = (slot: number): Instant => instant(slot * SLOT_MS);

interface Visiting {
  readonly slot: number;
  readonly edition: string;
  /** From where on the network; `undefined`: not known. */
  readonly address: string | undefined;
  readonly userAgent: string;
}

/**
 * The same for one browser at one address within one slot of one edition, and another in the next: nobody can be followed
 * from slot to slot, nor from edition to edition. What is signed begins as no token does.
 */
export const visitorOf = (secret: Uint8Array, { slot, edition, address = '', userAgent }: Visiting): string =>
  hmacSha256(secret, JSON.stringify(['visitor', slot, edition, address, userAgent]))
    .subarray(0, 16)
    .toString('base64url');

export interface Clicks {
  readonly people: number;
  readonly automated: number;
}

/** By article. */
export type ClickCounts = Readonly<Record<string, Clicks>>;

/** What whole visits come to: in each, an article counts once, for people or as automated. */
export const countsOf = (clicks: readonly Click[]): ClickCounts => {
  const counts: Record<string, Clicks> = {};
  for (const visit of Map.groupBy(clicks, ({ visitor }) => visitor).values()) {
    const by = isAutomated(visit) ? 'automated' : 'people';
    for (const article of new Set(visit.map((one) => one.article))) {
      const before = counts[article] ?? NONE;
      counts[article] = { ...before, [by]: before[by] + 1 };
    }
  }
  return counts;
};

const NONE: Clicks = { people: 0, automated: 0 };

export const plus = (a: ClickCounts, b: ClickCounts): ClickCounts => {
  const sum: Record<string, Clicks> = { ...a };
  for (const [article, { people, automated }] of Object.entries(b)) {
    const before = sum[article] ?? NONE;
    sum[article] = { people: before.people + people, automated: before.automated + automated };
  }
  return sum;
};

/** Scanners follow every link of a mail at once; a person who opens three in tabs has read their titles first. */
const MOST_AT_ONCE = 2;
const AT_ONCE_MS = 10 * SECOND_MS;

const isAutomated = (visit: readonly Click[]): boolean => {
  if (visit.some(({ automated }) => automated)) return true;
  const firstTimes = Map.groupBy(visit, ({ article }) => article)
    .values()
    .map((clicks) => Math.min(...clicks.map(({ at }) => msOf(at))))
    .toArray()
    .sort((a, b) => a - b);
  return firstTimes.some((at, i) => (firstTimes[i + MOST_AT_ONCE] ?? Number.POSITIVE_INFINITY) - at <= AT_ONCE_MS);
};
