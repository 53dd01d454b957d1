import { childrenOf, placeOf, type XmlElement } from './readXml.ts';
import { broken, type Finding } from './rules.ts';
import { isMediaType, isWebAddress } from './texts.ts';

/** Enclosures and Media RSS, of an RSS item or an Atom entry. */
export const lintMedia = (item: XmlElement): Finding[] => {
  const enclosures = childrenOf(item, 'enclosure');
  return [
    ...broken(placeOf(item), { 'several-enclosures': enclosures.length > 1 }),
    ...enclosures.flatMap(lintEnclosure),
    ...childrenOf(item, 'media:content').flatMap(lintContent),
    ...childrenOf(item, 'media:thumbnail').flatMap(lintAddress),
  ];
};

const lintEnclosure = (enclosure: XmlElement): Finding[] => {
  const { type = '', length = '' } = enclosure.attributes;
  return [
    ...broken(placeOf(enclosure), { 'enclosure-incomplete': !isMediaType(type) || !/^\d+$/.test(length) }),
    ...lintAddress(enclosure),
  ];
};

/** The registered types of pictures that browsers show. */
const PICTURE_TYPES = new Set(
  ['apng', 'avif', 'gif', 'jpeg', 'jxl', 'png', 'svg+xml', 'tiff', 'webp'].map((kind) => `image/${kind}`),
);

const lintContent = (content: XmlElement): Finding[] => {
  const { type, medium } = content.attributes;
  const isPicture = medium === 'image' || type?.startsWith('image/') === true;
  return [
    ...broken(placeOf(content), {
      'media-kind-unknown': !type && !medium,
      'picture-type': isPicture && type !== undefined && !PICTURE_TYPES.has(type),
      'picture-without-words': isPicture && childrenOf(content, 'media:description').length === 0,
    }),
    ...lintAddress(content),
  ];
};

const lintAddress = (element: XmlElement): Finding[] =>
  broken(placeOf(element), { 'relative-address': !isWebAddress(element.attributes['url']) });
