import { hmacSha256, sameBytes } from '../../shared/hash.ts';
import { addMs, DAY_MS, type Instant, instant, msOf } from '../../shared/time.ts';
import type { TokenKeys } from '../../shared/tokenKeys.ts';

/** So long an edition may be looked at by whoever has its link, as a draft may; then somebody with the key makes another. */
const PREVIEW_MS = 7 * DAY_MS;

/** In the signature, so that a link made for something else shows no edition. */
const PURPOSE = 'edition-preview';
const FORM = /^1\.([0-9]{1,8})\.([A-Za-z0-9-]{1,120})\.([0-9a-z]{6,9})\.([\w-]{43})$/;

export interface PreviewLink {
  readonly url: string;
  /** The link is dead from this moment. */
  readonly until: Instant;
}

/** `1.key.edition.expires.signature` (HMAC-SHA256, base64url). Whoever holds it may see this edition, and nothing else. */
export const previewLinkOf = (keys: TokenKeys, edition: string, siteUrl: string, now: Instant): PreviewLink => {
  const seconds = Math.floor(msOf(addMs(now, PREVIEW_MS)) / 1000);
  const signed = `1.${keys.current.id}.${edition}.${seconds.toString(36)}`;
  return {
    url: `${siteUrl}/preview/editions/${signed}.${signature(keys.current.secret, signed)}`,
    until: instant(seconds * 1000),
  };
};

/** The edition that a link shows; `undefined` whatever is wrong with it, so that nothing can be learned. */
export const editionShownBy = (keys: TokenKeys, token: string, now: Instant): string | undefined => {
  const [, keyId = '', edition = '', seconds = '', given = ''] = FORM.exec(token.slice(0, 300)) ?? [];
  const secret = keys.byId.get(keyId);
  if (!secret) return undefined;
  const right = signature(secret, token.slice(0, -given.length - 1));
  const isRight = sameBytes(Buffer.from(right), Buffer.from(given));
  return isRight && now < instant(Number.parseInt(seconds, 36) * 1000) ? edition : undefined;
};

const signature = (secret: Uint8Array, signed: string): string =>
  hmacSha256(secret, `${PURPOSE}.${signed}`).toString('base64url');
