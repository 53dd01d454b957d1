import type { Newsletter } from '../../shared/config.ts';
import { hmacSha256, sameBytes } from '../../shared/hash.ts';
import type { TokenKeys } from '../../shared/tokenKeys.ts';

/** What a link that counts says: it is the same in the mails of all readers, so it names none of them. */
export interface Clickable {
  readonly edition: string;
  readonly article: string;
}

const VERSION = '1';
/** Stands where links of readers name their purpose, with a letter that none of these has: neither serves as the other. */
const LETTER = 'k';
const MOST_CHARACTERS = 300;

/**
 * `version.key.k.edition.article.signature`, where the signature (HMAC-SHA256, base64url) covers all that stands before
 * it. Where it leads is not in it: the wire says so when it is followed.
 */
export const makeClickToken = (keys: TokenKeys, { edition, article }: Clickable): string => {
  const signed = [VERSION, keys.current.id, LETTER, edition, article].join('.');
  return `${signed}.${signatureOf(keys.current.secret, signed)}`;
};

const signatureOf = (secret: Uint8Array, signed: string): string => hmacSha256(secret, signed).toString('base64url');

const FORM = /^1\.([0-9]{1,8})\.k\.([A-Za-z0-9-]{1,130})\.([0-9A-Z]{26})\.([\w-]{43})$/;

const formOf = (token: string): RegExpExecArray | null => (token.length > MOST_CHARACTERS ? null : FORM.exec(token));

export type ReadClick =
  /** `secret`: the key that signed it, under which whoever follows it is told apart from others. */
  { readonly is: 'good'; readonly click: Clickable; readonly secret: Uint8Array } | { readonly is: 'bad' };

/** Whatever is wrong with it, the answer is the same word. */
export const readClickToken = (keys: Pick<TokenKeys, 'byId'>, token: string): ReadClick => {
  const [, keyId = '', edition = '', article = '', signature = ''] = formOf(token) ?? [];
  const secret = keys.byId.get(keyId);
  if (!secret) return { is: 'bad' };
  const fitting = signatureOf(secret, token.slice(0, -signature.length - 1));
  // Compared as bytes of one spelling: base64url has several for the same bytes.
  if (!sameBytes(Buffer.from(fitting), Buffer.from(signature))) return { is: 'bad' };
  return { is: 'good', click: { edition, article }, secret };
};

/** The key that a token names, whether or not it is known here. */
export const clickKeyIdOf = (token: string): string | undefined => formOf(token)?.[1];

/** Gives an article of an edition its link over us. */
export type LinkOver = (article: string) => string;

/** `undefined` where this newsletter counts no clicks: then its links lead to the articles themselves. */
export const linkOverUs = (
  { linkKeys, siteUrl }: { readonly linkKeys: TokenKeys; readonly siteUrl: string },
  newsletter: Pick<Newsletter, 'clicks'>,
  edition: string,
): LinkOver | undefined =>
  newsletter.clicks ? (article) => `${siteUrl}/go/${makeClickToken(linkKeys, { edition, article })}` : undefined;
