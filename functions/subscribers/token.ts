import { hmacSha256, sameBytes } from '../shared/hash.ts';
import { type Instant, instant, msOf } from '../shared/time.ts';
import type { TokenKeys } from '../shared/tokenKeys.ts';

/** What a link in a mail allows, and whom. */
export interface Claim {
  readonly purpose: Purpose;
  readonly subscriber: string;
  readonly newsletter: string;
  /** Without it the link is good for ever, as that for leaving must be. */
  readonly expiresAt?: Instant;
  /** For `confirm` and `address`: which question of ours the link answers (`Subscription.round`, `Letter.round`). */
  readonly round?: number;
  /** For `confirm`: what else the same mail asked for. */
  readonly also?: readonly { readonly newsletter: string; readonly round: number }[];
}

export type Purpose = 'confirm' | 'preferences' | 'unsubscribe' | 'address';

/**
 * A subscriber there never is: ids are half as long. A link of his is good and does nothing, so that our own link for
 * leaving can be tried without anybody leaving.
 */
export const NOBODY = '0'.repeat(64);

/** In the place of a token in mails that are tests: it concerns nobody, and its page says so. */
export const TEST_TOKEN = 'preview';

const VERSION = '1';
/** In the token one letter each, so that a link stays short. */
const LETTERS: Readonly<Record<Purpose, string>> = {
  confirm: 'c',
  preferences: 'p',
  unsubscribe: 'u',
  address: 'a',
};
const MOST_CHARACTERS = 900;
/** Questions one link can answer. */
export const MOST_QUESTIONS = 10;

/**
 * `version.key.purpose.subscriber.newsletter.expires.round.signature`, where the signature (HMAC-SHA256, base64url)
 * covers all that stands before it. A link that answers several questions has as many newsletters and rounds, with `_`
 * between them. Characters that need no escaping in an address and no encoding in a mail.
 */
export const makeToken = (keys: TokenKeys, claim: Claim): string => {
  const seconds = claim.expiresAt === undefined ? '' : Math.floor(msOf(claim.expiresAt) / 1000).toString(36);
  const { also = [], round } = claim;
  const newsletters = [claim.newsletter, ...also.map(({ newsletter }) => newsletter)].join('_');
  const rounds = [round === undefined ? '' : String(round), ...also.map((one) => String(one.round))].join('_');
  const parts = [VERSION, keys.current.id, LETTERS[claim.purpose], claim.subscriber, newsletters, seconds, rounds];
  const signed = parts.join('.');
  return `${signed}.${hmacSha256(keys.current.secret, signed).toString('base64url')}`;
};

const FORM =
  /^1\.([0-9]{1,8})\.([acpu])\.([0-9a-f]{8,64})\.([a-z0-9-]{1,60}(?:_[a-z0-9-]{1,60}){0,9})\.([0-9a-z]{0,7})\.(\d{0,9}(?:_\d{1,9}){0,9})\.([\w-]{43})$/;

/**
 * Who holds this link and what for. Whatever is wrong with it (another purpose, an unknown key, a changed letter, too
 * late), the answer is the same word, so that nothing can be learned from it.
 */
export const readToken = (
  keys: TokenKeys,
  purpose: Purpose,
  token: string,
  now: Instant,
): { readonly is: 'good'; readonly claim: Claim } | { readonly is: 'bad' } => {
  const match = token.length > MOST_CHARACTERS ? null : FORM.exec(token);
  if (!match) return { is: 'bad' };
  const [, keyId = '', letter, subscriber = '', newsletters = '', seconds = '', rounds = '', signature = ''] = match;
  const secret = keys.byId.get(keyId);
  if (!secret || !signatureFits(secret, token, signature) || letter !== LETTERS[purpose]) return { is: 'bad' };
  const expiresAt = seconds === '' ? undefined : instant(Number.parseInt(seconds, 36) * 1000);
  if (expiresAt !== undefined && expiresAt <= now) return { is: 'bad' };
  const [newsletter = '', ...others] = newsletters.split('_');
  const [round = '', ...otherRounds] = rounds.split('_');
  if (others.length !== otherRounds.length || (others.length > 0 && purpose !== 'confirm')) return { is: 'bad' };
  const also = others.map((one, i) => ({ newsletter: one, round: Number(otherRounds[i]) }));
  return {
    is: 'good',
    claim: {
      purpose,
      subscriber,
      newsletter,
      ...(expiresAt !== undefined && { expiresAt }),
      ...(round !== '' && { round: Number(round) }),
      ...(also.length > 0 && { also }),
    },
  };
};

/** Compared as bytes of one spelling: base64url has several for the same bytes. */
const signatureFits = (secret: Uint8Array, token: string, signature: string): boolean => {
  const signed = token.slice(0, -signature.length - 1);
  return sameBytes(Buffer.from(hmacSha256(secret, signed).toString('base64url')), Buffer.from(signature));
};

/** The key that a token names, whether or not it is known here. */
export const keyIdOf = (token: string): string | undefined => FORM.exec(token.slice(0, MOST_CHARACTERS))?.[1];

export const confirmUrl = (siteUrl: string, token: string): string => `${siteUrl}/confirm/${token}`;
export const preferencesUrl = (siteUrl: string, token: string): string => `${siteUrl}/preferences/${token}`;
/** `over`: the mark of the edition it stands in; see `leaving/over.ts`. */
export const unsubscribeUrl = (siteUrl: string, token: string, over?: string): string =>
  `${siteUrl}/unsubscribe/${token}${over === undefined ? '' : `?over=${over}`}`;
