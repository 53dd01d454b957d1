import { childrenOf, placeOf, textOf, type XmlElement } from './readXml.ts';
import { broken, type Finding } from './rules.ts';
import { isWebAddress, repeated } from './texts.ts';

export const lintOpml = (root: XmlElement): Finding[] => {
  const outlines = childrenOf(root, 'body').flatMap(outlinesIn);
  const feeds = outlines.filter(({ attributes }) => attributes['type'] === 'rss' || 'xmlUrl' in attributes);
  return [
    ...broken(placeOf(root), {
      'opml-version': root.attributes['version'] !== '2.0',
      'no-feed-title': childrenOf(root, 'head').every((head) => textOf(head, 'title') === ''),
    }),
    ...outlines.flatMap((one) =>
      broken(placeOf(one), { 'outline-without-text': (one.attributes['text'] ?? '').trim() === '' }),
    ),
    ...feeds.flatMap((one) =>
      broken(placeOf(one), { 'outline-without-feed': !isWebAddress(one.attributes['xmlUrl']) }),
    ),
    ...repeated(feeds, ({ attributes }) => attributes['xmlUrl'] ?? '').flatMap((one) =>
      broken(placeOf(one), { 'feed-twice': true }),
    ),
  ];
};

const outlinesIn = (parent: XmlElement): XmlElement[] =>
  childrenOf(parent, 'outline').flatMap((outline) => [outline, ...outlinesIn(outline)]);
