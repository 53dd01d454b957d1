import { Parser } from 'htmlparser2';

export const isWebAddress = (text: string | undefined): boolean =>
  text !== undefined && /^https?:\/\//i.test(text) && URL.canParse(text);

export const isTagUri = (text: string): boolean => /^tag:[^,\s]+,\d{4}(-\d\d){0,2}:\S*$/.test(text);

export const isLanguage = (text: string): boolean => /^[a-z]{2,3}(-[a-z0-9]{1,8})*$/i.test(text);

/** RFC 3339, as Atom and JSON Feed ask for it. */
export const isInternetDate = (text: string): boolean =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text));

/** RFC 822 with a year of four digits, as RSS asks for it. */
export const isMailDate = (text: string): boolean =>
  /^([A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d(:\d\d)? (GMT|UT|[+-]\d{4})$/.test(text) &&
  !Number.isNaN(Date.parse(text));

/** Whether some link or picture in this HTML has an address that only its own page understands. */
export const hasRelativeAddress = (html: string): boolean => {
  let found = false;
  const parser = new Parser({
    onattribute(name, value) {
      if ((name === 'href' || name === 'src' || name === 'poster') && !URL.canParse(value)) found = true;
    },
  });
  parser.end(html);
  return found;
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/;

export const isSound = (text: string): boolean => text.isWellFormed() && !CONTROL.test(text);

/** Those that are the same as one before them. */
export const repeated = <T>(things: readonly T[], keyOf: (thing: T) => string): T[] => {
  const seen = new Set<string>();
  return things.filter((thing) => {
    const key = keyOf(thing);
    if (key === '' || !seen.has(key)) {
      seen.add(key);
      return false;
    }
    return true;
  });
};

/** As it is written in full: `image/jpeg`. */
export const isMediaType = (text: string): boolean => /^\w+\/[\w.+-]+$/.test(text);
