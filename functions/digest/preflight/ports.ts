import type { MailAccount } from '../../mail/mailer.ts';
import type { Instant } from '../../shared/time.ts';
import type { TokenKeys } from '../../shared/tokenKeys.ts';
import type { Finding } from '../ledger/preflight.ts';

/** What a pre-flight asks of the world outside. None of it may throw for the network's sake. */
export interface Checks {
  readonly account: MailAccount;
  readonly web: Web;
  readonly records: Records;
  readonly linkKeys: TokenKeys;
  /** So much of the daily quota is kept free for confirmations. */
  readonly keepsFree: (perDay: number) => number;
  readonly now: () => Instant;
  /** Settles when there is no more time for this edition. */
  readonly outOfTime: () => Promise<unknown>;
}

export type Looked =
  /** It answered, and well; `type` is its media type. */
  | { readonly is: 'there'; readonly type: string }
  /** It answered that nothing is there. */
  | { readonly is: 'gone'; readonly because: string }
  /** Its name is not known: it is gone, or the network is not there. */
  | { readonly is: 'nameless' }
  | { readonly is: 'unclear'; readonly because: string };

export interface Web {
  /** Looks at an address that a stranger named. */
  look(url: string): Promise<Looked>;
  /** What a mailbox provider does for its user (RFC 8058 section 3.2). `unreachable`: there was no answer. */
  oneClick(url: string): Promise<{ readonly status: number } | 'unreachable'>;
}

/** The DNS. `unknown`: it did not answer. */
export interface Records {
  /** `missing`: it says that there is no such domain. */
  knows(domain: string): Promise<'there' | 'missing' | 'unknown'>;
  /** `[]`: there is none. */
  texts(name: string): Promise<readonly string[] | 'unknown'>;
}

export interface Found {
  readonly refusals?: readonly Finding[];
  readonly warnings?: readonly Finding[];
  readonly unchecked?: readonly Finding[];
  /** Addresses of dead pictures. */
  readonly leftOut?: readonly string[];
  /** Somebody outside has answered: it is not the network that is missing. */
  readonly answered?: boolean;
}

/** For whoever has a moment less than he would need. */
export const inTime = <T, Late>(work: Promise<T>, outOfTime: Promise<unknown>, late: Late): Promise<T | Late> =>
  Promise.race([work, outOfTime.then(() => late)]);
