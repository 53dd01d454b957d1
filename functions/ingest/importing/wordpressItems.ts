/**
 * Where the items of a WordPress export stand in a piece of its bytes, so that an export of any length is read in
 * pieces and each item by itself. What looks like a tag within CDATA or a comment is none.
 */
export interface ItemsFound {
  readonly items: readonly { readonly start: number; readonly end: number }[];
  /** So far the piece is used up; the next one begins here. */
  readonly upTo: number;
}

const MARKS = /<!\[CDATA\[|<!--|<item[\s>]|<\/item>/g;
const ENDS: Readonly<Record<string, string>> = { '<![CDATA[': ']]>', '<!--': '-->' };

export const itemsIn = (piece: Uint8Array): ItemsFound => {
  // One character per byte, so that positions are bytes; every mark is ASCII.
  const text = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).toString('latin1');
  const items: { start: number; end: number }[] = [];
  let start: number | undefined;
  // Kept back: a mark may be cut in two at the end of the piece.
  let upTo = Math.max(0, text.length - '<![CDATA['.length);
  MARKS.lastIndex = 0;
  for (let mark = MARKS.exec(text); mark; mark = MARKS.exec(text)) {
    const [sign] = mark;
    const ending = ENDS[sign];
    if (ending !== undefined) {
      const end = text.indexOf(ending, MARKS.lastIndex);
      if (end < 0) {
        upTo = Math.min(upTo, mark.index);
        break;
      }
      MARKS.lastIndex = end + ending.length;
    } else if (sign !== '</item>') {
      start ??= mark.index;
    } else if (start !== undefined) {
      items.push({ start, end: MARKS.lastIndex });
      start = undefined;
    }
  }
  const last = items.at(-1)?.end ?? 0;
  return { items, upTo: start ?? Math.max(last, upTo) };
};
