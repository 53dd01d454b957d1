type ParsedJson =
  | { readonly is: 'json'; readonly value: unknown }
  | { readonly is: 'refused'; readonly because: string };

/** Foreign JSON. The parser's own message quotes what it read, so it is not passed on. */
export const parsedJson = (text: string): ParsedJson => {
  try {
    return { is: 'json', value: JSON.parse(text.replace(/^\ufeff/, '')) };
  } catch {
    // That it cannot be parsed is the finding.
    return { is: 'refused', because: text.trim() === '' ? 'it is empty' : 'it is not whole JSON' };
  }
};
