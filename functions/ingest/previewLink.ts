import { dyingToken, readDyingToken } from '../shared/dyingLink.ts';
import { addMs, DAY_MS, type Instant, instant, msOf, SECOND_MS } from '../shared/time.ts';
import type { TokenKeys } from '../shared/tokenKeys.ts';

/** So long a draft may be looked at by whoever has its link; then somebody with the newsroom key makes another. */
const PREVIEW_MS = 7 * DAY_MS;
const PURPOSE = 'preview';

export interface Preview {
  readonly url: string;
  /** The link is dead from this moment. */
  readonly until: Instant;
}

/** Whoever holds it may read this draft, and nothing else. */
export const previewOf = (keys: TokenKeys, draft: string, siteUrl: string, now: Instant): Preview => {
  const until = instant(Math.floor(msOf(addMs(now, PREVIEW_MS)) / SECOND_MS) * SECOND_MS);
  return { url: `${siteUrl}/preview/${dyingToken(keys, { purpose: PURPOSE, id: draft, until })}`, until };
};

/** The draft that a link shows; `undefined` whatever is wrong with it, so that nothing can be learned. */
export const draftShownBy = (
  keys: Pick<TokenKeys, 'byId'>,
  token: string,
  now: Instant,
): { readonly id: string; readonly until: Instant } | undefined => {
  const shown = readDyingToken(keys, PURPOSE, token, now);
  return shown && /^[0-9A-Z]{26}$/.test(shown.id) ? { id: shown.id, until: shown.until } : undefined;
};
