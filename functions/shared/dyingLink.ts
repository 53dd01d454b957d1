import { hmacSha256, sameBytes } from './hash.ts';
import { type Instant, instant, msOf } from './time.ts';
import type { TokenKeys } from './tokenKeys.ts';

/** What a link that dies shows to whoever holds it. */
export interface Shown {
  /** In the signature, so that a link made for something else shows nothing here. */
  readonly purpose: string;
  /** Letters, digits and `-`. */
  readonly id: string;
  readonly until: Instant;
}

const FORM = /^1\.([0-9]{1,8})\.([A-Za-z0-9-]{1,120})\.([0-9a-z]{6,9})\.([\w-]{43})$/;
const MOST_CHARACTERS = 300;

/** `1.key.id.expires.signature` (HMAC-SHA256, base64url). It dies with a whole second. */
export const dyingToken = (keys: Pick<TokenKeys, 'current'>, { purpose, id, until }: Shown): string => {
  const signed = `1.${keys.current.id}.${id}.${Math.floor(msOf(until) / 1000).toString(36)}`;
  return `${signed}.${signature(keys.current.secret, purpose, signed)}`;
};

/** What the token shows; `undefined` whatever is wrong with it, so that nothing can be learned. */
export const readDyingToken = (
  keys: Pick<TokenKeys, 'byId'>,
  purpose: string,
  token: string,
  now: Instant,
): Shown | undefined => {
  const [, keyId = '', id = '', seconds = '', given = ''] = FORM.exec(token.slice(0, MOST_CHARACTERS)) ?? [];
  const secret = keys.byId.get(keyId);
  if (!secret) return undefined;
  const right = signature(secret, purpose, token.slice(0, -given.length - 1));
  const until = instant(Number.parseInt(seconds, 36) * 1000);
  return sameBytes(Buffer.from(right), Buffer.from(given)) && now < until ? { purpose, id, until } : undefined;
};

const signature = (secret: Uint8Array, purpose: string, signed: string): string =>
  hmacSha256(secret, `${purpose}.${signed}`).toString('base64url');
