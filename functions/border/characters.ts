/** What may not be in any text: it breaks XML, terminals or the direction of what stands after it. */
const isUnwanted = (code: number): boolean =>
  (code < 0x20 && !isLineWhite(code)) ||
  (code >= 0x7f && code < 0xa0 && code !== 0x85) ||
  // Overrides and isolates of direction can make a text read as another one. The plain marks (200E, 200F) stay.
  (code >= 0x202a && code <= 0x202e) ||
  (code >= 0x2066 && code <= 0x2069) ||
  code === 0xfeff ||
  code === 0xfffe ||
  code === 0xffff;

const isLineWhite = (code: number): boolean => code >= 0x09 && code <= 0x0d;

/**
 * The same text, well-formed, in Unicode's composed form (NFC) and without control or direction-override characters.
 * Line ends and tabs stay. Half a surrogate pair becomes U+FFFD: two texts that differ in one are equal as UTF-8.
 */
export const soundText = (text: string): string => {
  const composed = text.toWellFormed().normalize('NFC');
  let sound = '';
  let from = 0;
  for (let i = 0; i < composed.length; i++) {
    if (!isUnwanted(composed.charCodeAt(i))) continue;
    sound += composed.slice(from, i);
    from = i + 1;
  }
  const kept = from === 0 ? composed : sound + composed.slice(from);
  // What stood around a removed character may compose now.
  return from === 0 ? kept : kept.normalize('NFC');
};

/** White space that only lays out the source. A no-break space says something (French « quotes ») and is kept. */
const LAYOUT_SPACE = /[\t\n\v\f\r \u0085\u2028\u2029]+/g;

/** Runs of layout white space as one space each; nothing trimmed. */
export const collapsed = (text: string): string => text.replace(LAYOUT_SPACE, ' ');

/** Whether anything in it can be seen: not only spaces, marks of direction and joiners. */
export const hasText = (text: string): boolean => /[^\p{Z}\p{Cc}\p{Cf}]/u.test(text);
