import type { Element } from '@xmldom/xmldom';
import type { FeedItem } from './document.ts';
import { append } from './tree.ts';

/**
 * The picture as Media RSS. Where its type is not known it says `medium` alone: a guess from the address is wrong too
 * often (`/img/123`).
 */
export const appendMedia = (parent: Element, { image }: FeedItem): void => {
  if (!image) return;
  const { url, type, bytes, width, height, alt, credit } = image;
  const content = append(parent, 'media:content', { url, type, fileSize: bytes, medium: 'image', width, height });
  if (alt) append(content, 'media:description', { type: 'plain' }, alt);
  if (credit) append(content, 'media:credit', {}, credit);
  append(parent, 'media:thumbnail', { url, width, height });
};

/** The picture as an enclosure, for readers that know no Media RSS. It must have both (RSS 2.0), or there is none. */
export const enclosureOf = ({ image }: FeedItem): { url: string; type: string; length: number } | undefined =>
  image?.type === undefined || image.bytes === undefined
    ? undefined
    : { url: image.url, type: image.type, length: image.bytes };
