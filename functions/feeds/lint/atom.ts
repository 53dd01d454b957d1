import { lintMedia } from './media.ts';
import { childrenOf, placeOf, textOf, type XmlElement } from './readXml.ts';
import { broken, type Finding } from './rules.ts';
import {
  hasRelativeAddress,
  isInternetDate,
  isLanguage,
  isMediaType,
  isTagUri,
  isWebAddress,
  repeated,
} from './texts.ts';

export const lintAtom = (feed: XmlElement): Finding[] => {
  const entries = childrenOf(feed, 'atom:entry');
  const hasAuthor = childrenOf(feed, 'atom:author').length > 0;
  const twice = repeated(entries, (entry) => textOf(entry, 'atom:id'));
  return [
    ...lintFrame(feed),
    ...lintTombstones(feed),
    ...entries.flatMap((entry) => lintEntry(entry, hasAuthor)),
    ...twice.flatMap((entry) => broken(placeOf(entry), { 'id-twice': true })),
  ];
};

const relOf = ({ attributes }: XmlElement): string => attributes['rel'] ?? 'alternate';

const linksAs = (parent: XmlElement, rel: string): XmlElement[] =>
  childrenOf(parent, 'atom:link').filter((link) => relOf(link) === rel);

const lintFrame = (feed: XmlElement): Finding[] => [
  ...broken(placeOf(feed), {
    'no-feed-title': textOf(feed, 'atom:title') === '',
    'no-feed-id': textOf(feed, 'atom:id') === '',
    'no-home': linksAs(feed, 'alternate').length === 0,
    'no-self': linksAs(feed, 'self').length !== 1,
    'no-language': !isLanguage(feed.attributes['xml:lang'] ?? ''),
    'no-rights': textOf(feed, 'atom:rights') === '',
    'no-updated': !isInternetDate(textOf(feed, 'atom:updated')),
    'archive-without-current': childrenOf(feed, 'fh:archive').length > 0 && linksAs(feed, 'current').length !== 1,
  }),
  ...lintTitle(feed),
  ...lintLinks(feed),
];

const lintTombstones = (feed: XmlElement): Finding[] => {
  const firstEntry = feed.children.findIndex(({ name }) => name === 'atom:entry');
  const late =
    firstEntry === -1 ? [] : feed.children.slice(firstEntry).filter(({ name }) => name === 'at:deleted-entry');
  return late.flatMap((tombstone) => broken(placeOf(tombstone), { 'tombstone-late': true }));
};

const lintEntry = (entry: XmlElement, feedHasAuthor: boolean): Finding[] => {
  const id = textOf(entry, 'atom:id');
  const published = textOf(entry, 'atom:published');
  const content = childrenOf(entry, 'atom:content');
  return [
    ...broken(placeOf(entry), {
      'no-title': textOf(entry, 'atom:title') === '',
      'no-id': id === '',
      'id-not-tag': id !== '' && !isTagUri(id),
      'no-updated': !isInternetDate(textOf(entry, 'atom:updated')),
      'no-date': published === '',
      'bad-date': published !== '' && !isInternetDate(published),
      'no-link': linksAs(entry, 'alternate').length === 0,
      'no-author': !feedHasAuthor && childrenOf(entry, 'atom:author').length === 0,
      'no-content': content.length === 0 && textOf(entry, 'atom:summary') === '',
      'relative-address': content.some(({ text }) => hasRelativeAddress(text)),
    }),
    ...lintTitle(entry),
    ...lintLinks(entry),
    ...lintMedia(entry),
  ];
};

const lintTitle = (parent: XmlElement): Finding[] =>
  childrenOf(parent, 'atom:title').flatMap((title) =>
    broken(placeOf(title), { 'title-type': title.attributes['type'] !== 'text' }),
  );

const lintLinks = (parent: XmlElement): Finding[] => {
  const links = childrenOf(parent, 'atom:link');
  const kindOf = ({ attributes: { type = '', hreflang = '' } }: XmlElement): string => `${type} ${hreflang}`;
  return [
    ...links.flatMap((link) => broken(placeOf(link), { 'relative-address': !isWebAddress(link.attributes['href']) })),
    ...linksAs(parent, 'license').flatMap((link) =>
      broken(placeOf(link), { 'licence-address': !isWebAddress(link.attributes['href']) }),
    ),
    // Its length is a courtesy here (RFC 4287, section 4.2.7.6), and its type is what readers go by.
    ...linksAs(parent, 'enclosure').flatMap((link) =>
      broken(placeOf(link), { 'enclosure-incomplete': !isMediaType(link.attributes['type'] ?? '') }),
    ),
    ...repeated(linksAs(parent, 'alternate'), kindOf).flatMap((link) =>
      broken(placeOf(link), { 'same-alternate-twice': true }),
    ),
  ];
};
