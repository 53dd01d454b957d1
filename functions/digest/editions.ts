import type { Cadence } from '../shared/config.ts';
import type { Instant } from '../shared/time.ts';
import type { Issue } from './archive/issue.ts';

/** An edition as its page on the web needs it. */
export interface Edition {
  readonly id: string;
  readonly newsletter: string;
  readonly cadence: Cadence;
  /** The moment it was made for; `null` for one that somebody asked for. */
  readonly slot: Instant | null;
  readonly createdAt: Instant;
  /** When it began to go out; `null` for one that has not, or never will. */
  readonly startedAt: Instant | null;
  /** It covers what was announced after this `seq` … */
  readonly after: number | null;
  /** … up to this one. */
  readonly upTo: number | null;
  /** Where it lies as its mails had it; `null` for one that an earlier release sent. */
  readonly issue: string | null;
  /** The subjects of its mails, by language in which it has news; `null` where only the issue knows. */
  readonly subjects: Readonly<Record<string, string>> | null;
}

/** Editions for readers outside the digest. */
export interface Editions {
  byId(id: string): Promise<Edition | undefined>;
  /** Newest first, those included that never went out; `before` is the id of the last one seen, of any newsletter. */
  latest(newsletter: string, how: { before?: string | undefined; limit: number }): Promise<Edition[]>;
  /** As its mails had it; `undefined` where that is not known. */
  issue(edition: Pick<Edition, 'issue'>): Promise<Issue | undefined>;
}
