import { hmacSha256, sameBytes } from '../../shared/hash.ts';
import type { TokenKeys } from '../../shared/tokenKeys.ts';

/** The edition over which somebody leaves, and the language of its mail: the same for all who got that mail. */
export interface Over {
  readonly edition: string;
  readonly language: string;
}

/** In the signature, so that a link made for something else is no mark. */
const PURPOSE = 'over';
/** A hundred and thirty bits: a forged mark would spoil a number and nothing else. */
const SIGNATURE_LENGTH = 22;
const FORM = /^([0-9]{1,8})\.([A-Za-z0-9-]{1,120})\.([A-Za-z-]{2,20})\.([\w-]{22})$/;

/**
 * `key.edition.language.signature`: what stands behind the token in an edition's links for leaving. The token is as good
 * without it, for ever; and it names no reader, so that a page of mails needs one for each language.
 */
export const makeOver = (keys: TokenKeys, { edition, language }: Over): string => {
  const signed = `${keys.current.id}.${edition}.${language}`;
  return `${signed}.${signature(keys.current.secret, signed)}`;
};

/** `undefined`: it is no mark of ours, and whoever leaves by it leaves all the same. */
export const readOver = (keys: TokenKeys, mark: string): Over | undefined => {
  const [, keyId = '', edition = '', language = '', given = ''] = FORM.exec(mark.slice(0, 200)) ?? [];
  const secret = keys.byId.get(keyId);
  if (!secret) return undefined;
  const right = signature(secret, mark.slice(0, -SIGNATURE_LENGTH - 1));
  return sameBytes(Buffer.from(right), Buffer.from(given)) ? { edition, language } : undefined;
};

const signature = (secret: Uint8Array, signed: string): string =>
  hmacSha256(secret, `${PURPOSE}.${signed}`).toString('base64url').slice(0, SIGNATURE_LENGTH);
