/** What XML 1.0 has no place for, not even escaped (section 2.2, production Char). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed.
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/**
 * The same text as every parser reads it: half a surrogate pair is U+FFFD, control characters are gone, and lines end in
 * one line feed, which is what an XML parser would make of them anyway (section 2.11).
 */
export const soundXml = (text: string): string => text.toWellFormed().replace(NOT_XML, '').replace(/\r\n?/g, '\n');

/** One line of it. */
export const soundLine = (text: string): string =>
  soundXml(text)
    .replace(/[\t\n \u0085\u2028\u2029]+/g, ' ')
    .trim();

const HTML_SIGNS: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Plain text for a place where readers expect HTML. */
export const asHtml = (text: string): string => text.replace(/[&<>]/g, (sign) => HTML_SIGNS[sign] ?? sign);

/** An absolute web address in its normal spelling. Throws on anything else. */
export const webAddress = (address: string): string => {
  const url = new URL(address);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new TypeError('It is not a web address.');
  return url.href;
};
