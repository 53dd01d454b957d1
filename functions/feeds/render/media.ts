import type { Element } from '@xmldom/xmldom';
import type { FeedItem } from './document.ts';
import { append } from './tree.ts';

/** The endings that say a picture's media type beyond doubt; `jpg` and its like are no types of their own. */
const TYPES: Readonly<Record<string, string>> = {
  avif: 'image/avif',
  gif: 'image/gif',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  png: 'image/png',
  svg: 'image/svg+xml',
  webp: 'image/webp',
};

/**
 * The picture's media type where its address ends in one, and `undefined` elsewhere: `/img/123` says nothing, and where
 * a query follows, a picture service may answer another type than the name says.
 */
export const pictureType = (url: string): string | undefined => {
  const { pathname, search } = new URL(url);
  return search === '' ? TYPES[/\.(\w+)$/.exec(pathname)?.[1]?.toLowerCase() ?? ''] : undefined;
};

/**
 * The picture as Media RSS, with its type as far as that is known. It makes no `enclosure`: that must say a length, which
 * nobody has counted.
 */
export const appendMedia = (parent: Element, { image }: FeedItem): void => {
  if (!image) return;
  const { url, width, height, alt, credit } = image;
  const content = append(parent, 'media:content', { url, medium: 'image', type: pictureType(url), width, height });
  if (alt) append(content, 'media:description', { type: 'plain' }, alt);
  if (credit) append(content, 'media:credit', {}, credit);
  append(parent, 'media:thumbnail', { url, width, height });
};
