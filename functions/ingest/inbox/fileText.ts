/**
 * The text of a file that says nothing about its characters: by its byte order mark, else UTF-8, else Windows-1252,
 * which is what a file is that is no UTF-8 (the Encoding Standard's fallback for Western pages). Its mark is left out.
 */
export const fileText = (bytes: Uint8Array): string => {
  const marked = BYTE_ORDER_MARKS.find(({ mark }) => mark.every((byte, i) => bytes[i] === byte));
  if (marked) return new TextDecoder(marked.encoding).decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // Not UTF-8: no text in another encoding of any length happens to be.
    return new TextDecoder('windows-1252').decode(bytes);
  }
};

const BYTE_ORDER_MARKS = [
  { mark: [0xef, 0xbb, 0xbf], encoding: 'utf-8' },
  { mark: [0xff, 0xfe], encoding: 'utf-16le' },
  { mark: [0xfe, 0xff], encoding: 'utf-16be' },
];
