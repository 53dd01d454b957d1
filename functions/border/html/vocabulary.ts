/** The tags an article's text may have. Everything else goes; what it says stays. */
export const ALLOWED_TAGS: readonly string[] = [
  ...'p br hr h2 h3 h4 h5 h6 ul ol li blockquote pre figure figcaption table caption thead tbody tr th td'.split(' '),
  ...'a img strong em s sub sup code'.split(' '),
];

/** In the order they are written. `dir` and `lang` may stand everywhere. */
export const ALLOWED_ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  a: ['href'],
  img: ['src', 'alt', 'width', 'height'],
  '*': ['dir', 'lang'],
};

/** Gone with all that is in them: code, controls, ways around the page, and what has a document of its own. */
export const DROPPED_TAGS: readonly string[] = [
  ...'script style template noscript iframe object embed applet svg math canvas audio video nav dialog'.split(' '),
  ...'head title link meta base xmp noembed noframes plaintext frameset'.split(' '),
  ...'input textarea select option optgroup datalist button meter progress'.split(' '),
];

const INLINE: ReadonlyMap<string, string> = new Map([
  ...['strong', 'em', 's', 'sub', 'sup', 'code', 'a'].map((tag) => [tag, tag] as const),
  ['b', 'strong'],
  ['i', 'em'],
  ['strike', 's'],
  ['del', 's'],
  ['tt', 'code'],
  ['kbd', 'code'],
  ['samp', 'code'],
]);

const BLOCKS: ReadonlySet<string> = new Set([
  ...'p h1 h2 h3 h4 h5 h6 ul ol li menu dir blockquote pre listing hr figure figcaption'.split(' '),
  ...'table caption thead tbody tfoot tr th td dl dt dd'.split(' '),
  ...'html body div section article main header footer aside address center details summary'.split(' '),
  ...'fieldset legend form hgroup search'.split(' '),
]);

const DROPPED: ReadonlySet<string> = new Set(DROPPED_TAGS);

/** Whether it stands on lines of its own. */
export const isBlock = (tag: string): boolean => BLOCKS.has(tag);

export const isDropped = (tag: string): boolean => DROPPED.has(tag);

/** Under which name an inline tag is kept, if it is. */
export const inlineName = (tag: string): string | undefined => INLINE.get(tag);

export const isHeading = (tag: string): boolean => /^h[1-6]$/.test(tag);

/** What readers of the page were never shown: hidden elements, and pictures of one point that only count readers. */
export const isHidden = (tag: string, attributes: Readonly<Record<string, string>>): boolean => {
  const style = (attributes['style'] ?? '').toLowerCase().replace(/\s+/g, '');
  if ('hidden' in attributes || style.includes('display:none') || style.includes('visibility:hidden')) return true;
  return tag === 'img' && (isPoint(attributes['width'], attributes['height']) || isPointStyle(style));
};

const isPoint = (...sizes: (string | undefined)[]): boolean =>
  sizes.every((size) => size !== undefined && /^[01](?:px)?$/.test(size.trim()));

const POINT_STYLES = [/(?:^|;)width:[01](?:px)?(?:;|!|$)/, /(?:^|;)height:[01](?:px)?(?:;|!|$)/];

const isPointStyle = (style: string): boolean => POINT_STYLES.every((side) => side.test(style));
