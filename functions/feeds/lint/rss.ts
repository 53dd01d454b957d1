import { lintMedia } from './media.ts';
import { childrenOf, placeOf, textOf, type XmlElement } from './readXml.ts';
import { broken, type Finding } from './rules.ts';
import {
  hasRelativeAddress,
  isInternetDate,
  isLanguage,
  isMailDate,
  isTagUri,
  isWebAddress,
  repeated,
} from './texts.ts';

export const lintRss = (root: XmlElement): Finding[] => {
  const channel = childrenOf(root, 'channel')[0] ?? root;
  const items = childrenOf(channel, 'item');
  const twice = repeated(items, (item) => textOf(item, 'guid'));
  return [
    ...lintChannel(channel),
    ...items.flatMap(lintItem),
    ...twice.flatMap((item) => broken(placeOf(item), { 'id-twice': true })),
  ];
};

const lintChannel = (channel: XmlElement): Finding[] => {
  const linksAs = (rel: string): XmlElement[] =>
    childrenOf(channel, 'atom:link').filter(({ attributes }) => attributes['rel'] === rel);
  const self = linksAs('self');
  const buildDate = textOf(channel, 'lastBuildDate');
  return [
    ...broken(placeOf(channel), {
      'no-feed-title': textOf(channel, 'title') === '',
      'no-home': !isWebAddress(textOf(channel, 'link')),
      'no-language': !isLanguage(textOf(channel, 'language')),
      'no-self': self.length !== 1 || !isWebAddress(self[0]?.attributes['href']),
      'no-rights': textOf(channel, 'copyright') === '' && textOf(channel, 'dc:rights') === '',
      'no-build-date': buildDate === '',
      'bad-date': buildDate !== '' && !isMailDate(buildDate),
      'archive-without-current': childrenOf(channel, 'fh:archive').length > 0 && linksAs('current').length !== 1,
    }),
    ...childrenOf(channel, 'atom:link').flatMap(lintLink),
  ];
};

const lintItem = (item: XmlElement): Finding[] => [
  ...broken(placeOf(item), {
    'no-title': textOf(item, 'title') === '',
    'title-spelling': childrenOf(item, 'title').some(({ source }) => /&(amp|lt);|<!\[CDATA\[/.test(source)),
    'no-link': textOf(item, 'link') === '',
  }),
  ...lintGuid(item),
  ...lintDates(item),
  ...lintTexts(item),
  ...lintPeople(item),
  ...lintAddresses(item),
  ...lintMedia(item),
  ...lintLicence(item),
];

const lintGuid = (item: XmlElement): Finding[] => {
  const [guid] = childrenOf(item, 'guid');
  const id = guid?.text.trim() ?? '';
  if (!guid || id === '') return broken(placeOf(item), { 'no-id': true });
  return broken(placeOf(guid), {
    'id-not-tag': !isTagUri(id),
    'id-as-link': guid.attributes['isPermaLink'] !== 'false',
  });
};

const lintDates = (item: XmlElement): Finding[] => {
  const published = textOf(item, 'pubDate');
  const modified = childrenOf(item, 'dcterms:modified');
  return broken(placeOf(item), {
    'no-date': published === '',
    'bad-date':
      (published !== '' && !isMailDate(published)) || modified.some(({ text }) => !isInternetDate(text.trim())),
  });
};

const lintTexts = (item: XmlElement): Finding[] => {
  const names = item.children.map(({ name }) => name);
  const description = names.indexOf('description');
  const content = names.indexOf('content:encoded');
  return broken(placeOf(item), {
    'no-content': description === -1 && content === -1,
    'content-first': content !== -1 && content < description,
  });
};

const lintPeople = (item: XmlElement): Finding[] => {
  const creators = childrenOf(item, 'dc:creator').length;
  const authors = childrenOf(item, 'author');
  return broken(placeOf(item), {
    'several-creators': creators > 1,
    'author-and-creator': creators > 0 && authors.length > 0,
    'author-is-no-address': authors.some(({ text }) => !/^\S+@\S+( \(.*\))?$/.test(text.trim())),
  });
};

const lintAddresses = (item: XmlElement): Finding[] => {
  const link = textOf(item, 'link');
  const bodies = [...childrenOf(item, 'content:encoded'), ...childrenOf(item, 'description')];
  return [
    ...broken(placeOf(item), {
      'relative-address': (link !== '' && !isWebAddress(link)) || bodies.some(({ text }) => hasRelativeAddress(text)),
    }),
    ...childrenOf(item, 'atom:link').flatMap(lintLink),
  ];
};

const lintLicence = (item: XmlElement): Finding[] => [
  ...childrenOf(item, 'creativeCommons:license').flatMap((licence) =>
    broken(placeOf(licence), { 'licence-address': !isWebAddress(licence.text.trim()) }),
  ),
  ...childrenOf(item, 'rsl:content').flatMap((content) =>
    broken(placeOf(content), {
      'rsl-incomplete': !isWebAddress(content.attributes['url']) || childrenOf(content, 'rsl:license').length === 0,
    }),
  ),
];

const lintLink = (link: XmlElement): Finding[] =>
  broken(placeOf(link), { 'relative-address': !isWebAddress(link.attributes['href']) });
