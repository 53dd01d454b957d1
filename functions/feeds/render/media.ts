import type { Element } from '@xmldom/xmldom';
import type { FeedItem } from './document.ts';
import { append } from './tree.ts';

/**
 * The picture as Media RSS. Its MIME type and length are not known, and a guess from the address is wrong too often
 * (`/img/123`), so it says `medium` and makes no `enclosure`, which must have both.
 */
export const appendMedia = (parent: Element, { image }: FeedItem): void => {
  if (!image) return;
  const { url, width, height, alt, credit } = image;
  const content = append(parent, 'media:content', { url, medium: 'image', width, height });
  if (alt) append(content, 'media:description', { type: 'plain' }, alt);
  if (credit) append(content, 'media:credit', {}, credit);
  append(parent, 'media:thumbnail', { url, width, height });
};
