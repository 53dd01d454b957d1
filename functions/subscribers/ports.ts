import type { Cadence } from '../shared/config.ts';
import type { Instant } from '../shared/time.ts';
import type { ConsentRecord } from './consent/chain.ts';
import type { Over } from './leaving/over.ts';
import type { Subscriber } from './subscriber.ts';

/** Everybody who signed up. Single subscribers are read consistently. */
export interface Subscribers {
  byId(id: string): Promise<Subscriber | undefined>;
  /** In the order of the ids; unknown ones are left out. */
  byIds(ids: readonly string[]): Promise<Subscriber[]>;
  byAddress(address: string): Promise<Subscriber | undefined>;
  /**
   * The one subscriber this address may ever have: as he is, or new and not saved yet. However many ask at the same
   * time, all get the same id. Reads and writes the same for an address that is known and one that is not.
   */
  open(address: string, now: Instant): Promise<Subscriber>;
  /**
   * Puts `after` in place of `before`, the subscriber as it was read (or came from `open`). `conflict`: somebody else
   * was faster; read again and think again. `after.version` does not matter. `over`: by the link of which edition
   * somebody leaves, or takes that back; it goes into that edition's numbers and stays nowhere with the reader.
   */
  save(before: Subscriber, after: Subscriber, over?: Over): Promise<'saved' | 'conflict'>;
  /**
   * Gives a subscriber the row of another address too, for two days: whoever saves that address meanwhile keeps it by
   * `settleAddress`. `taken`: it is, or may soon be, another subscriber's.
   */
  claimAddress(id: string, address: string, now: Instant): Promise<'claimed' | 'taken'>;
  /** After a change of address: the row of the new one stays, that of the old one is anybody's again. May be repeated. */
  settleAddress(id: string, how: { readonly keep: string; readonly release: string }): Promise<void>;
  /** Whether a reader once moved away from this address. Its owner may sign up again; nobody else brings it back. */
  isFormerAddress(address: string): Promise<boolean>;
  /** The whole record of consent, in order. */
  record(subscriber: Subscriber): Promise<ConsentRecord[]>;
  /**
   * Those who may belong to this newsletter's edition of this cadence, in the order of their ids, beginning behind
   * `after`. Nobody who belongs is missing; somebody who has just left may still be there, so whoever is about to send
   * reads the subscriber again. Never scans.
   */
  audience(newsletter: string, cadence: Cadence, how: { after?: string; limit: number }): Promise<{ id: string }[]>;
  /** Ids of some of those whose confirmation mail has been due since that moment or longer, the longest first. */
  due(since: Instant, limit: number): Promise<string[]>;
}

/** Counts sign-ups per network. */
export interface NetworkLimit {
  /** Counts one more in this hour and says whether that is still within the limit. */
  admits(network: string, now: Instant): Promise<boolean>;
}

/** Rung when a subscriber's confirmation mail is due. */
export interface ConfirmationDoorbell {
  readonly subscriber: string;
}
