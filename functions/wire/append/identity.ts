import { sha256 } from '../../shared/hash.ts';
import type { Content, Image } from '../article.ts';

/**
 * The names by which an article is recognised when it comes again: hashed, so that they are short, fit a key, and say
 * nothing. An identity belongs to one article for ever.
 */
export type Identity = string;

/** Parameters that say where a click came from, not which page is meant. */
const TRACKING =
  /^(utm_.*|(fb|g|gb|wb|ms|y|dc|tw)clid|gclsrc|igshid?|mc_[ce]id|mkt_tok|_hs(enc|mi)|ref_src|at_campaign|at_medium|xtor|wt_.*|cmpid|s_cid)$/i;

interface Named {
  readonly source: string;
  readonly externalId: string | null;
  readonly content: Pick<Content, 'url' | 'title' | 'html'>;
}

/**
 * Best first: the sender's own id (each source has its own), the address, and where neither is there the text. The
 * first that is known decides which article is meant; the others join it.
 */
export const identitiesOf = ({ source, externalId, content }: Named): Identity[] => {
  const names = [
    ...(externalId === null ? [] : [`id:${JSON.stringify([source, externalId])}`]),
    ...(content.url === null ? [] : [`url:${sameAddress(content.url)}`]),
  ];
  if (names.length === 0) names.push(`text:${JSON.stringify([content.title, content.html])}`);
  return names.map((name) => sha256(name));
};

/** A slug is an identity like any other, so that no two articles of a language can have the same page. */
export const slugIdentity = (language: string, slug: string): Identity => sha256(`slug:${language}/${slug}`);

/** One spelling for addresses that mean the same page: scheme, host's case, tracking and a last slash do not count. */
export const sameAddress = (address: string): string => {
  if (!URL.canParse(address)) return address.trim();
  const url = new URL(address);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return url.href;
  for (const name of [...url.searchParams.keys()]) if (TRACKING.test(name)) url.searchParams.delete(name);
  const query = url.searchParams.toString();
  return `${url.host}${url.pathname.replace(/\/+$/, '')}${query && `?${query}`}`;
};

/** Tells one content from another: everything a reader could see, in one order. */
export const contentHash = (content: Content): string =>
  sha256(
    canonical({
      language: content.language,
      title: content.title,
      summary: content.summary,
      section: content.section,
      html: content.html,
      topics: content.topics,
      authors: content.authors,
      url: content.url,
      image: content.image && seenOf(content.image),
      publishedAt: content.publishedAt,
      expiresAt: content.expiresAt,
      story: content.story,
      rights: content.rights,
    }),
  );

/** Type and length are found out by whoever has read the picture: what they are does not make the article another. */
const seenOf = ({ type: _, bytes: __, ...seen }: Image): Omit<Image, 'type' | 'bytes'> => seen;

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
