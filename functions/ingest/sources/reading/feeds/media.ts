import { childOf, childrenOf, textIn, type XmlElement } from '../../../../border/xml.ts';
import { absolute, type FoundImage, lineOfHtml } from '../found.ts';

/**
 * The picture that an item of a feed brings: of Media RSS the largest, then its thumbnail, then an enclosure or link
 * that says it is a picture.
 */
export const imageOf = (item: XmlElement, base: string): FoundImage | null => {
  const groups = [item, ...childrenOf(item, 'media:group')];
  const contents = groups.flatMap((group) => childrenOf(group, 'media:content').map((content) => ({ group, content })));
  const pictures = contents
    .filter(({ content }) => isPicture(content))
    .sort((a, b) => widthOf(b.content) - widthOf(a.content));
  const thumbnails = groups.flatMap((group) =>
    childrenOf(group, 'media:thumbnail').map((content) => ({ group, content })),
  );
  for (const { group, content } of [...pictures, ...thumbnails]) {
    const url = absolute(content.attributes['url'], base);
    if (url) return withWords(url, content, [content, group, item]);
  }
  const plain = [
    ...childrenOf(item, 'enclosure'),
    ...childrenOf(item, 'atom:link'),
    ...childrenOf(item, 'itunes:image'),
  ];
  const picture = plain.find((one) => one.name === 'itunes:image' || isPicture(one));
  const url = picture && absolute(picture.attributes['url'] ?? picture.attributes['href'], base);
  return url ? { url, alt: '' } : null;
};

const isPicture = ({ attributes }: XmlElement): boolean => {
  const { type = '', medium = '', rel = 'enclosure' } = attributes;
  if (medium !== '') return medium === 'image';
  if (type !== '') return type.startsWith('image/') && rel === 'enclosure';
  return /\.(?:jpe?g|png|webp|gif|avif)(?:\?|$)/i.test(attributes['url'] ?? '');
};

const widthOf = ({ attributes }: XmlElement): number => Number(attributes['width'] ?? 0) || 0;

/** Words about a picture may stand in it, in its group or in the item. `media:title` is rather a caption. */
const withWords = (url: string, { attributes }: XmlElement, places: readonly XmlElement[]): FoundImage => {
  const first = (name: string): string => {
    const found = places.map((place) => childOf(place, name)).find((one) => one && one.text.trim() !== '');
    return lineOfHtml(found?.text ?? '');
  };
  const credit = first('media:credit');
  const [width, height] = [pixels(attributes['width']), pixels(attributes['height'])];
  return {
    url,
    alt: first('media:description') || first('media:text'),
    ...(credit !== '' && { credit: credit.slice(0, 200) }),
    ...(width !== undefined && height !== undefined && { width, height }),
  };
};

export const pixels = (value: unknown): number | undefined => {
  const number = Number(value);
  return Number.isInteger(number) && number > 1 && number <= 50_000 ? number : undefined;
};

/** `A, B` in one element is how some feeds name several; a name in an e-mail address's brackets is the name. */
export const authorsOf = (item: XmlElement): string[] => {
  const people = [...childrenOf(item, 'atom:author')].flatMap((author) => textIn(author, 'atom:name') ?? []);
  const creators = childrenOf(item, 'dc:creator').map(({ text }) => text);
  const plain = childrenOf(item, 'author').map(({ text }) => /\(([^)]+)\)/.exec(text)?.[1] ?? text);
  const itunes = childrenOf(item, 'itunes:author').map(({ text }) => text);
  const named = [people, creators, plain, itunes].find((names) => names.some((name) => name.trim() !== '')) ?? [];
  return named.map(lineOfHtml).filter((name) => name !== '' && !name.includes('@'));
};
