import { hmacSha256, sameBytes } from '../shared/hash.ts';
import { addMs, DAY_MS, type Instant, instant, msOf } from '../shared/time.ts';
import type { TokenKeys } from '../shared/tokenKeys.ts';

/** So long a draft may be looked at by whoever has its link; then somebody with the newsroom key makes another. */
const PREVIEW_MS = 7 * DAY_MS;

/** In the signature, so that a link made for something else never opens a draft. */
const PURPOSE = 'preview';
const FORM = /^1\.([0-9]{1,8})\.([0-9A-Z]{26})\.([0-9a-z]{6,9})\.([\w-]{43})$/;

export interface Preview {
  readonly url: string;
  /** The link is dead from this moment. */
  readonly until: Instant;
}

/** `1.key.draft.expires.signature` (HMAC-SHA256, base64url). Whoever holds it may read this draft, and nothing else. */
export const previewOf = (keys: TokenKeys, draft: string, siteUrl: string, now: Instant): Preview => {
  const seconds = Math.floor(msOf(addMs(now, PREVIEW_MS)) / 1000);
  const signed = `1.${keys.current.id}.${draft}.${seconds.toString(36)}`;
  return {
    url: `${siteUrl}/preview/${signed}.${signature(keys.current.secret, signed)}`,
    until: instant(seconds * 1000),
  };
};

/** The draft that a link shows; `undefined` whatever is wrong with it, so that nothing can be learned. */
export const draftShownBy = (
  keys: Pick<TokenKeys, 'byId'>,
  token: string,
  now: Instant,
): { readonly id: string; readonly until: Instant } | undefined => {
  const [, keyId = '', id = '', seconds = '', given = ''] = FORM.exec(token.slice(0, 200)) ?? [];
  const secret = keys.byId.get(keyId);
  if (!secret) return undefined;
  const right = signature(secret, token.slice(0, -given.length - 1));
  const until = instant(Number.parseInt(seconds, 36) * 1000);
  return sameBytes(Buffer.from(right), Buffer.from(given)) && now < until ? { id, until } : undefined;
};

const signature = (secret: Uint8Array, signed: string): string =>
  hmacSha256(secret, `${PURPOSE}.${signed}`).toString('base64url');
