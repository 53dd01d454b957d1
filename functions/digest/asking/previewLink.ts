import { dyingToken, readDyingToken } from '../../shared/dyingLink.ts';
import { addMs, DAY_MS, type Instant, instant, msOf, SECOND_MS } from '../../shared/time.ts';
import type { TokenKeys } from '../../shared/tokenKeys.ts';

/** So long an edition may be looked at by whoever has its link, as a draft may; then somebody with the key makes another. */
const PREVIEW_MS = 7 * DAY_MS;
const PURPOSE = 'edition-preview';

export interface PreviewLink {
  readonly url: string;
  /** The link is dead from this moment. */
  readonly until: Instant;
}

/** Whoever holds it may see this edition, and nothing else. */
export const previewLinkOf = (keys: TokenKeys, edition: string, siteUrl: string, now: Instant): PreviewLink => {
  const until = instant(Math.floor(msOf(addMs(now, PREVIEW_MS)) / SECOND_MS) * SECOND_MS);
  return { url: `${siteUrl}/preview/editions/${dyingToken(keys, { purpose: PURPOSE, id: edition, until })}`, until };
};

/** The edition that a link shows; `undefined` whatever is wrong with it. */
export const editionShownBy = (keys: TokenKeys, token: string, now: Instant): string | undefined =>
  readDyingToken(keys, PURPOSE, token, now)?.id;
