import { hmacSha256, sameBytes } from '../../shared/hash.ts';
import { type Instant, MINUTE_MS, msOf } from '../../shared/time.ts';
import type { TokenKeys } from '../../shared/tokenKeys.ts';

/** By which a CMS tells at once that something has changed. */
export interface Hook {
  /** For Ghost: the address of its webhooks, which are signed with the secret. */
  readonly url: string;
  readonly secret: string;
  /** For what cannot sign: whoever posts anything to this address has the source looked at. Keep it to yourself. */
  readonly ringUrl: string;
}

/** Made of a key and the source's id, so that it need not be kept anywhere. A new key makes new ones; old ones hold. */
export const hookOf = ({ current }: TokenKeys, source: string, siteUrl: string): Hook => {
  const url = `${siteUrl}/hooks/${source}`;
  const secret = secretOf(current.secret, source);
  return { url, secret, ringUrl: `${url}/${secret}` };
};

const secretOf = (key: Uint8Array, source: string): string => hmacSha256(key, `hook.${source}`).toString('base64url');

export const isSecret = ({ byId }: Pick<TokenKeys, 'byId'>, source: string, given: string): boolean =>
  [...byId.values()].some((key) => same(secretOf(key, source), given));

interface Signed {
  readonly source: string;
  readonly bytes: Uint8Array;
  /** `sha256={hex}, t={milliseconds since 1970}` */
  readonly header: string | undefined;
  readonly now: Instant;
}

/** A recording of an old call is not believed; clocks may differ by so much. */
const MOST_APART_MS = 5 * MINUTE_MS;

/** Whether Ghost signed this body with the source's secret: HMAC-SHA256 over the body and the moment in the header. */
export const isSigned = ({ byId }: Pick<TokenKeys, 'byId'>, { source, bytes, header, now }: Signed): boolean => {
  const [, hex = '', moment = ''] = /^sha256=([0-9a-f]{64}),\s*t=(\d{10,16})$/i.exec(header?.trim() ?? '') ?? [];
  if (hex === '' || Math.abs(msOf(now) - Number(moment)) > MOST_APART_MS) return false;
  const said = Buffer.concat([bytes, Buffer.from(moment)]).toString('utf8');
  return [...byId.values()].some((key) => {
    const secret = Buffer.from(secretOf(key, source));
    return same(hmacSha256(secret, said).toString('hex'), hex.toLowerCase());
  });
};

const same = (right: string, given: string): boolean => sameBytes(Buffer.from(right), Buffer.from(given));
