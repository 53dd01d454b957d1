import { cleanText, plainOf } from '../../border/text.ts';
import { childOf, childrenOf, readXml, textIn, type XmlElement } from '../../border/xml.ts';
import type { Found } from './archive.ts';
import { htmlOfPost } from './wordpressText.ts';

/** An export's namespaces, in every version of it; what stands alone in a piece still has its prefixes. */
const NAMESPACES: ReadonlyMap<string, string> = new Map([
  ['http://purl.org/rss/1.0/modules/content/', 'content'],
  ['http://purl.org/dc/elements/1.1/', 'dc'],
  ['http://wordpress.org/export/1.2/excerpt/', 'excerpt'],
  ['http://wordpress.org/export/1.2/', 'wp'],
]);

/** A picture of the library, by which posts name it. */
export interface Picture {
  readonly id: string;
  readonly url: string;
  readonly alt: string;
}

export type Post =
  | { readonly is: 'post'; readonly item: XmlElement }
  | { readonly is: 'refused'; readonly because: string };

export const readPost = (text: string): Post => {
  const reading = readXml(text, NAMESPACES);
  return reading.is === 'xml' ? { is: 'post', item: reading.root } : { is: 'refused', because: reading.because };
};

const typeOf = (item: XmlElement): string => textIn(item, 'wp:post_type') ?? 'post';

export const pictureIn = (item: XmlElement): Picture | undefined => {
  const url = textIn(item, 'wp:attachment_url');
  const id = textIn(item, 'wp:post_id');
  if (typeOf(item) !== 'attachment' || url === undefined || id === undefined) return undefined;
  return { id, url, alt: meta(item, '_wp_attachment_image_alt') ?? '' };
};

interface Reading {
  readonly pictures: ReadonlyMap<string, Picture>;
  /** Login names of authors → the names they are shown by. */
  readonly authors: ReadonlyMap<string, string>;
  readonly links: 'theirs' | 'ours';
  readonly language: string;
}

/** A post as an article. Only posts are articles: pages, menus and pictures are passed over. */
export const foundIn = (item: XmlElement, reading: Reading): Found => {
  const name = cleanText(plainOf(textIn(item, 'title') ?? '')) || (textIn(item, 'wp:post_name') ?? 'without a title');
  const type = typeOf(item);
  if (type !== 'post')
    return { is: 'passed-over', name, because: `it is no post but “${cleanText(type).slice(0, 40)}”` };
  const state = textIn(item, 'wp:status') ?? 'publish';
  if (!STATES.has(state)) return { is: 'passed-over', name, because: STATE_SAYS[state] ?? 'it is not published' };
  if (textIn(item, 'wp:post_password') !== undefined)
    return { is: 'passed-over', name, because: 'it is behind a password' };
  const modified = moment(item, 'wp:post_modified_gmt');
  return {
    is: 'article',
    name,
    input: inputOf(item, state, reading),
    modifiedMs: modified === undefined ? null : Date.parse(modified),
  };
};

/** What is not public there is a draft here; a password or “private” means that it is not meant for readers at all. */
const STATES: ReadonlySet<string> = new Set(['publish', 'draft', 'pending', 'future']);
const STATE_SAYS: Readonly<Record<string, string>> = {
  trash: 'it is in the bin',
  private: 'it is private',
  'auto-draft': 'it was never written',
};

const inputOf = (item: XmlElement, state: string, { pictures, authors, links, language }: Reading) => {
  const link = textIn(item, 'link');
  const excerpt = plainOf(childOf(item, 'excerpt:encoded')?.text ?? '');
  const login = textIn(item, 'dc:creator');
  const picture = pictures.get(meta(item, '_thumbnail_id') ?? '');
  const day = moment(item, 'wp:post_date_gmt');
  const isPublic = state === 'publish' || state === 'future';
  return {
    language: termsOf(item, 'language').map(({ slug }) => slug)[0] ?? language,
    title: plainOf(textIn(item, 'title') ?? ''),
    ...(excerpt !== '' && { summary: excerpt.slice(0, 2000) }),
    body: { html: htmlOfPost(childOf(item, 'content:encoded')?.text ?? '') },
    topics: ['category', 'post_tag'].flatMap((domain) => termsOf(item, domain).map(({ label }) => label)),
    authors: login === undefined ? [] : [{ name: authors.get(login) ?? login }],
    ...(links === 'theirs' && link !== undefined && isPublic && { url: link }),
    ...(picture && { image: { url: picture.url, alt: picture.alt.slice(0, 1000) } }),
    ...(isPublic ? day !== undefined && { publishAt: day } : { draft: true }),
    // Polylang: all translations of a post share one term.
    ...termsOf(item, 'post_translations')
      .slice(0, 1)
      .reduce((_, { slug }) => ({ story: `polylang:${slug}` }), {}),
    externalId: textIn(item, 'guid') ?? `post-${textIn(item, 'wp:post_id') ?? ''}`,
  };
};

const termsOf = (item: XmlElement, domain: string) =>
  childrenOf(item, 'category')
    .filter(({ attributes }) => attributes['domain'] === domain)
    .map(({ text, attributes }) => ({ label: plainOf(text), slug: attributes['nicename'] ?? '' }));

const meta = (item: XmlElement, key: string): string | undefined => {
  const found = childrenOf(item, 'wp:postmeta').find((one) => textIn(one, 'wp:meta_key') === key);
  return found && textIn(found, 'wp:meta_value');
};

/** `2019-07-08 09:30:00`, in UTC; a draft that never had a date has `0000-00-00 00:00:00`. */
const moment = (item: XmlElement, name: string): string | undefined => {
  const [, day, time] = /^([1-9]\d{3}-\d\d-\d\d) (\d\d:\d\d:\d\d)$/.exec(textIn(item, name) ?? '') ?? [];
  return day === undefined ? undefined : `${day}T${time}Z`;
};
