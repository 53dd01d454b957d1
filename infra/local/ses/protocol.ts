import { randomUUID } from 'node:crypto';

/** The SES query protocol (API version 2010-12-01): a form comes in, XML goes out. */
const NAMESPACE = 'http://ses.amazonaws.com/doc/2010-12-01/';

export type Form = ReadonlyMap<string, string>;

/** What SES turns down, in its own words. */
export class SesError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.name = 'SesError';
    this.code = code;
    this.status = status;
  }
}

/** Reads `application/x-www-form-urlencoded`. One value may be megabytes of base64, so only what is escaped is touched. */
export const readForm = (body: Buffer): Form => {
  const form = new Map<string, string>();
  for (const pair of body.toString('latin1').split('&')) {
    const equals = pair.indexOf('=');
    if (equals > 0) form.set(unescaped(pair.slice(0, equals)), unescaped(pair.slice(equals + 1)));
  }
  return form;
};

/** `Destinations.member.1`, `.2` … in order. */
export const members = (form: Form, name: string): string[] => {
  const found: string[] = [];
  for (let i = 1; ; i++) {
    const value = form.get(`${name}.member.${i}`);
    if (value === undefined) return found;
    found.push(value);
  }
};

interface Fields {
  readonly [name: string]: string | number | boolean | ReadonlyMap<string, Fields>;
}

export const answerXml = (action: string, result: Fields): string => {
  const body = `<${action}Result>${fieldsXml(result)}</${action}Result>`;
  const metadata = `<ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata>`;
  return `<${action}Response xmlns="${NAMESPACE}">${body}${metadata}</${action}Response>`;
};

const fieldsXml = (fields: Fields): string =>
  Object.entries(fields)
    .map(([name, value]) => `<${name}>${value instanceof Map ? entriesXml(value) : escaped(String(value))}</${name}>`)
    .join('');

const entriesXml = (entries: ReadonlyMap<string, Fields>): string =>
  [...entries]
    .map(([key, value]) => `<entry><key>${escaped(key)}</key><value>${fieldsXml(value)}</value></entry>`)
    .join('');

export const errorXml = ({ code, message, status }: SesError): string => {
  const type = status < 500 ? 'Sender' : 'Receiver';
  const error = `<Error><Type>${type}</Type><Code>${escaped(code)}</Code><Message>${escaped(message)}</Message></Error>`;
  return `<ErrorResponse xmlns="${NAMESPACE}">${error}<RequestId>${randomUUID()}</RequestId></ErrorResponse>`;
};

const unescaped = (text: string): string => {
  if (!/[%+]/.test(text)) return text;
  if (text.length > LONG) return unescapedBase64(text);
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    // decodeURIComponent has no other way to say that this is not UTF-8.
    throw new SesError('MalformedQueryString', 'The query string contains a syntax error.');
  }
};

/** Longer than anything but the mail itself, whose base64 has three signs that a form escapes. */
const LONG = 4096;

const unescapedBase64 = (text: string): string =>
  text.replaceAll('%2B', '+').replaceAll('%2F', '/').replaceAll('%3D', '=');

const ENTITIES: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;' };

const escaped = (text: string): string =>
  text.replace(/[<>&"]/g, (sign) => ENTITIES[sign] ?? '').replace(/[^\t\n\r -\ud7ff\ue000-\ufffd]/g, '?');
