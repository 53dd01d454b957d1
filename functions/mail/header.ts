/**
 * Every value that goes into a mail's header is made here (RFC 5322, RFC 2047), so that no text can end its header,
 * begin another one, or turn the reading direction of what follows.
 */

/** Longer texts are cut: no mail program shows more, and one header line stays far below the 998 of RFC 5322. */
const MOST_CODE_POINTS = 200;
/** RFC 2047 section 2: a line that holds an encoded word has at most 76 characters. */
const LINE = 76;
const WORD_FRAME = '=?UTF-8?Q??='.length;
/** RFC 2047 section 2: an encoded word has at most 75 characters. */
const MOST_PAYLOAD = 75 - WORD_FRAME;

const PLAIN = /^[!-~]+(?: [!-~]+)*$/;
const WHITE_SPACE = /[\s\u0085]+/g;
const UNSEEN = /[\p{Cc}\p{Bidi_Control}\u2028\u2029\ufeff\ufff9-\ufffb]/gu;
/** The spaces French and Spanish typography sets within a sentence; they are no line ends and stay as they are. */
const FIXED_SPACES = /^[\u00a0\u202f]$/;

/**
 * A text as the value of a header such as `Subject`: folded, in encoded words where it is not ASCII. `column` is how
 * many characters stand before it on its first line.
 */
export const headerValue = (text: string, column = 0): string => {
  const clean = cleanHeaderText(text);
  if (isPlain(clean)) return fold(clean.split(' '), column);
  return encodedWords(clean, column);
};

/** What a header can carry: one line, NFC, well-formed, nothing unseen, at most 200 code points. */
export const cleanHeaderText = (text: string): string => {
  if (text.length <= MOST_CODE_POINTS && PLAIN.test(text)) return text;
  const clean = text
    .toWellFormed()
    .normalize('NFC')
    .replace(WHITE_SPACE, (run) => (FIXED_SPACES.test(run) ? run : ' '))
    .replace(UNSEEN, '')
    .replace(/ {2,}/g, ' ')
    .trim();
  const points = [...clean];
  return points.length <= MOST_CODE_POINTS ? clean : `${points.slice(0, MOST_CODE_POINTS - 1).join('')}…`;
};

/** `Name <address>`; without a name, the bare address. */
export const mailbox = (name: string, address: string, column = 0): string => {
  const bare = bareAddress(address);
  const words = phrase(name, column);
  if (words === '') return bare;
  const lastLine = words.slice(words.lastIndexOf('\n') + 1);
  const room = LINE - (words.includes('\n') ? 0 : column) - lastLine.length;
  return `${words}${room > bare.length + 3 ? ' ' : '\r\n '}<${bare}>`;
};

/** A display name (RFC 5322 `phrase`): atoms, else a quoted string, else encoded words. */
export const phrase = (name: string, column = 0): string => {
  const clean = cleanHeaderText(name);
  if (clean === '' || (/^[\w!#$%&'*+/=?^`{|}~ -]+$/.test(clean) && isPlain(clean))) return clean;
  return isPlain(clean) ? `"${clean.replace(/["\\]/g, '\\$&')}"` : encodedWords(clean, column);
};

/** An address as SES takes it: ASCII, at most 254 bytes, nothing that needs quoting. */
export const isMailable = (address: string): boolean =>
  address.length <= 254 && /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-z0-9-]+(?:\.[a-z0-9-]+)*$/i.test(address);

/** The address itself; one that could not stand in a header is a fault of whoever let it in. */
export const bareAddress = (address: string): string => {
  if (!isMailable(address)) throw new Error('This is not an address that a mail header can carry.');
  return address;
};

/** Addresses of the web in angle brackets, one a line (RFC 2369). */
export const webAddresses = (...urls: readonly string[]): string =>
  urls
    .map((url) => {
      if (!/^[!-;=?-~]{1,900}$/.test(url)) throw new Error('This is not a web address that a mail header can carry.');
      return `<${url}>`;
    })
    .join(',\r\n ');

/** Printable ASCII that nobody would take for an encoded word. */
const isPlain = (text: string): boolean => text === '' || (PLAIN.test(text) && !text.includes('=?'));

const fold = (words: readonly string[], column: number): string => {
  let value = '';
  let length = column;
  for (const word of words) {
    const first = value === '';
    if (!first && length + 1 + word.length > LINE) {
      value += `\r\n ${word}`;
      length = 1 + word.length;
    } else {
      value += first ? word : ` ${word}`;
      length += word.length + (first ? 0 : 1);
    }
  }
  return value;
};

/** Subjects and names are the same for thousands of mails in a row, so what was encoded lately is kept. */
const encodedLately = new Map<string, string>();
const MOST_KEPT = 200;

const encodedWords = (text: string, column: number): string => {
  const key = `${column} ${text}`;
  const known = encodedLately.get(key);
  if (known !== undefined) return known;
  const words = encodeWords(text, column);
  if (encodedLately.size >= MOST_KEPT) encodedLately.clear();
  encodedLately.set(key, words);
  return words;
};

const encodeWords = (text: string, column: number): string => {
  const points = [...text];
  // Mostly Latin stays readable to the eye in Q; for other scripts B is far shorter.
  const encoding = qLength(points) <= Buffer.byteLength(text) * 2 ? 'Q' : 'B';
  const cost = encoding === 'Q' ? qCost : (point: string) => Buffer.byteLength(point);
  const capacity = (room: number): number => (encoding === 'Q' ? room : Math.floor(room / 4) * 3);
  const words: string[] = [];
  let taken = '';
  let used = 0;
  for (const point of points) {
    const room = Math.min(MOST_PAYLOAD, LINE - WORD_FRAME - (words.length === 0 ? column : 1));
    if (used + cost(point) > capacity(room) && taken !== '') {
      words.push(taken);
      taken = '';
      used = 0;
    }
    taken += point;
    used += cost(point);
  }
  return [...words, taken].map((word) => `=?UTF-8?${encoding}?${payload(word, encoding)}?=`).join('\r\n ');
};

const payload = (text: string, encoding: 'Q' | 'B'): string =>
  encoding === 'B' ? Buffer.from(text).toString('base64') : [...text].map(qEncoded).join('');

/** RFC 2047 section 5 (3): what may stand bare in a phrase may stand bare anywhere. */
const BARE_IN_Q = /^[A-Za-z0-9!*+/-]$/;

const qCost = (point: string): number => (point === ' ' || BARE_IN_Q.test(point) ? 1 : 3 * Buffer.byteLength(point));

const qLength = (points: readonly string[]): number => points.reduce((sum, point) => sum + qCost(point), 0);

const qEncoded = (point: string): string => {
  if (point === ' ') return '_';
  if (BARE_IN_Q.test(point)) return point;
  return Buffer.from(point).toString('hex').toUpperCase().replace(/../g, '=$&');
};
