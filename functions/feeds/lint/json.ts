import * as z from 'zod';
import { broken, type Finding } from './rules.ts';
import {
  hasRelativeAddress,
  isInternetDate,
  isLanguage,
  isMediaType,
  isSound,
  isTagUri,
  isWebAddress,
  repeated,
} from './texts.ts';

const text = z.string().catch('');

/** Our own extension. */
const licence = z
  .object({ url: z.string().optional().catch('') })
  .optional()
  .catch({ url: '' });

const attachment = z.object({ url: text, mime_type: text }).catch({ url: '', mime_type: '' });

/** As forgiving as can be: what is missing or of another kind is a finding, not the end of the linting. */
const itemFields = z.object({
  id: z.unknown().optional(),
  url: text,
  title: text,
  summary: text,
  content_html: text,
  content_text: text,
  image: z.string().optional().catch(''),
  attachments: z.array(attachment).catch([]),
  date_published: text,
  date_modified: z.string().optional().catch(''),
  language: text,
  author: z.unknown().optional(),
  _licence: licence,
});

const anItem = itemFields.catch(() => itemFields.parse({}));

const aFeed = z.object({
  version: text,
  title: text,
  home_page_url: text,
  feed_url: text,
  next_url: z.string().optional().catch(''),
  language: text,
  author: z.unknown().optional(),
  items: z.array(anItem).catch([]),
});

type JsonItem = z.infer<typeof anItem>;

export const lintJson = (source: string): Finding[] => {
  const value = parse(source);
  const parsed = aFeed.safeParse(value);
  if (!parsed.success) return broken('document', { 'not-json': true });
  const { data: feed } = parsed;
  if (!feed.version.includes('jsonfeed.org')) return broken('version', { 'unknown-format': true });
  const twice = repeated(feed.items, ({ id }) => String(id ?? ''));
  return [
    ...broken('feed', {
      'json-version': feed.version !== 'https://jsonfeed.org/version/1.1',
      'broken-text': !allSound(value),
      'no-feed-title': feed.title === '',
      'no-home': !isWebAddress(feed.home_page_url),
      'no-self': !isWebAddress(feed.feed_url),
      'no-language': !isLanguage(feed.language),
      'one-author': feed.author !== undefined,
      'relative-address': feed.next_url !== undefined && !isWebAddress(feed.next_url),
    }),
    ...feed.items.flatMap(lintItem),
    ...twice.flatMap((item) => broken(`items[${feed.items.indexOf(item)}].id`, { 'id-twice': true })),
  ];
};

/** `undefined` where it is not JSON. */
const parse = (source: string): unknown => {
  try {
    return JSON.parse(source);
  } catch {
    // That is the finding.
    return undefined;
  }
};

const allSound = (value: unknown): boolean => {
  if (typeof value === 'string') return isSound(value);
  return typeof value !== 'object' || value === null || Object.values(value).every(allSound);
};

const lintItem = (item: JsonItem, index: number): Finding[] => {
  const { id, url, image, date_published: published, date_modified: modified } = item;
  const isThere = id !== undefined && id !== null && id !== '';
  return broken(`items[${index}]`, {
    'no-id': !isThere,
    'id-not-text': isThere && typeof id !== 'string',
    'id-not-tag': typeof id === 'string' && id !== '' && !isTagUri(id),
    'no-title': item.title.trim() === '',
    'no-link': url === '',
    'relative-address':
      (url !== '' && !isWebAddress(url)) ||
      (image !== undefined && !isWebAddress(image)) ||
      hasRelativeAddress(item.content_html),
    'enclosure-incomplete': item.attachments.some((one) => !isWebAddress(one.url) || !isMediaType(one.mime_type)),
    'no-content': item.content_html === '' && item.content_text === '' && item.summary === '',
    'no-date': published === '',
    'bad-date':
      (published !== '' && !isInternetDate(published)) || (modified !== undefined && !isInternetDate(modified)),
    'licence-address': item._licence?.url !== undefined && !isWebAddress(item._licence.url),
    'item-language': !isLanguage(item.language),
    'one-author': item.author !== undefined,
  });
};
