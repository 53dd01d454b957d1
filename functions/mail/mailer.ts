/** Sends whole mails, one recipient each. It never tries twice: whoever keeps the ledger decides that. */
export interface Mailer {
  send(mail: OutgoingMail): Promise<SendResult>;
  quota(): Promise<SendQuota>;
}

/** How the account stands with SES. Whoever asks this need not be able to send. */
export interface MailAccount {
  quota(): Promise<SendQuota>;
  /** SES, or whoever owns the account, may have stopped all sending. */
  isEnabled(): Promise<boolean>;
  /** Whether SES lets the account send from one of these addresses and domains at least. */
  isVerified(identities: readonly string[]): Promise<boolean>;
  /** Whether SES finds its DKIM keys in the DNS of this domain, and signs with them. */
  signsFor(domain: string): Promise<boolean>;
}

export interface OutgoingMail {
  /** Bare addresses: the envelope, not what the reader sees. */
  readonly from: string;
  readonly to: string;
  readonly raw: Uint8Array;
  /** Come back with every event about this mail. Names and values of letters, digits, `-` and `_`. */
  readonly tags: Readonly<Record<string, string>>;
}

export type SendResult =
  | { readonly is: 'sent'; readonly messageId: string }
  /** SES said no to this mail, for good. */
  | { readonly is: 'refused'; readonly code: string }
  /** Too fast: nothing was sent, try again a little later. */
  | { readonly is: 'throttled' }
  /** Nothing is sent for now, whoever the reader: the daily quota, a paused account, a lost permission. */
  | { readonly is: 'paused'; readonly code: string }
  /** SES cannot have seen it: no name, no connection. */
  | { readonly is: 'not-reached'; readonly code: string }
  /** It may have been sent or not: only an event from SES can tell. */
  | { readonly is: 'unknown'; readonly code: string };

interface SendQuota {
  readonly perSecond: number;
  /** `Infinity` where SES sets no limit. */
  readonly perDay: number;
  readonly sentLastDay: number;
}
