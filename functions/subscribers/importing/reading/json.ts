/** One object of an array or of lines, as units; `length` of them are consumed with what stands before it. */
export interface JsonRecord {
  readonly text: string;
  readonly length: number;
  /** Units before the object. */
  readonly before: number;
  readonly trouble?: string;
}

/** More than any row of a list has; what is longer is not closed. */
const MOST_UNITS = 64 * 1024;

/**
 * The next object at `from` or behind it: in an array, or one after the other. `undefined`: the piece ends before the
 * object does, or there is none. What is no object ends with its line.
 */
export const readObject = (text: string, from: number, atEnd: boolean): JsonRecord | undefined => {
  let start = from;
  while (start < text.length && ' \t\r\n,[]\ufeff'.includes(text.charAt(start))) start++;
  if (start >= text.length) return undefined;
  const end = text[start] === '{' ? endOfObject(text, start) : undefined;
  if (end !== undefined) return { text: text.slice(start, end), length: end - from, before: start - from };
  if (!atEnd && text.length - start <= MOST_UNITS) return undefined;
  const newline = text.indexOf('\n', start);
  const next = newline < 0 ? text.length : newline + 1;
  return { text: '', length: next - from, before: start - from, trouble: 'this is not a JSON object' };
};

/**
 * Behind the brace that closes the one at `start`. Strings (which have no line ends in JSON) and brackets are all that
 * matters to find it.
 */
const endOfObject = (text: string, start: number): number | undefined => {
  const sign = /"(?:[^"\\\n]|\\[^\n])*|[{}[\]]/g;
  sign.lastIndex = start;
  const end = Math.min(text.length, start + MOST_UNITS);
  let depth = 0;
  for (let found = sign.exec(text); found && found.index < end; found = sign.exec(text)) {
    if (found[0] === '{' || found[0] === '[') depth++;
    else if (found[0] === '}' || found[0] === ']') depth--;
    // The closing quotation mark would open the next string.
    else sign.lastIndex += text[sign.lastIndex] === '"' ? 1 : 0;
    if (depth === 0) return sign.lastIndex;
  }
  return undefined;
};
