import type { Polling } from '../ports.ts';
import type { FoundItem } from '../reading/found.ts';
import type { Source } from '../source.ts';
import { withFacts } from './imageFacts.ts';

export type Completed =
  | { readonly is: 'item'; readonly item: FoundItem }
  /** `again`: it may be better at the next look. */
  | { readonly is: 'refused'; readonly because: string; readonly again: boolean }
  /** A link of a page that does not lead to an article: nothing to tell anybody. */
  | { readonly is: 'passed-over' };

export const isFollowed = ({ kind, text }: Source): boolean => kind === 'page' || text === 'follow';

/** An item with what has to be looked up elsewhere: its text where the source only links to it, its picture's size. */
export const completed = async (polling: Polling, source: Source, item: FoundItem): Promise<Completed> => {
  const whole: Completed = isFollowed(source) ? await followed(polling, source, item) : { is: 'item', item };
  if (whole.is !== 'item') return whole;
  return { is: 'item', item: { ...whole.item, image: await withFacts(polling, whole.item.image) } };
};

const followed = async (polling: Polling, source: Source, item: FoundItem): Promise<Completed> => {
  if (item.url === null) return { is: 'refused', because: 'it has no link to follow', again: false };
  const fetched = await polling.fetch(item.url, { headers: { accept: 'text/html, application/xhtml+xml' } });
  if (fetched.is !== 'answer')
    return { is: 'refused', because: `of its page: ${fetched.because}`, again: fetched.is === 'failed' };
  if (fetched.status !== 200) {
    const isGone = fetched.status === 404 || fetched.status === 410;
    return { is: 'refused', because: `its page answered with ${fetched.status}`, again: !isGone };
  }
  const page = await polling.reader.page({
    bytes: fetched.bytes,
    contentType: fetched.headers['content-type'] ?? '',
    url: fetched.url,
    language: source.language,
    timeZone: polling.timeZone,
  });
  if (page.is === 'article')
    return { is: 'item', item: source.kind === 'page' ? named(page.item, item) : merged(item, page.item) };
  if (page.is === 'no-article')
    return source.kind === 'page' ? { is: 'passed-over' } : { is: 'refused', because: page.because, again: false };
  return { is: 'refused', because: `of its page: ${page.because}`, again: false };
};

/** A listing knows only the address, which is then the article's name there. */
const named = (page: FoundItem, { guid }: FoundItem): FoundItem => ({ ...page, guid });

/** What the feed says of an article counts; the page has its text, and what the feed does not say. */
const merged = (item: FoundItem, page: FoundItem): FoundItem => ({
  ...item,
  html: page.html || item.html,
  base: page.html ? page.base : item.base,
  summary: item.summary ?? page.summary,
  authors: item.authors.length > 0 ? item.authors : page.authors,
  categories: item.categories.length > 0 ? item.categories : page.categories,
  publishedAt: item.publishedAt ?? page.publishedAt,
  modifiedAt: item.modifiedAt ?? page.modifiedAt,
  image: item.image ?? page.image,
  story: item.story ?? page.story,
});
