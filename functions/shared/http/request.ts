import { InvalidInput } from '../errors.ts';
import { parseInput } from './parse.ts';
import type { Ask, Route } from './route.ts';

export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly search: URLSearchParams;
  readonly params: Record<string, string>;
  readonly headers: Readonly<Record<string, string>>;
  readonly sourceIp: string;
  readonly bytes: () => Promise<Uint8Array>;
}

const MOST_BYTES = 1_000_000;

export const askOf = async <Ports>(route: Route<Ports>, raw: RawRequest): Promise<Ask> => ({
  params: raw.params,
  query: route.query ? parseInput(route.query, fieldsOf(raw.search), 'query') : undefined,
  ...(await bodyOf(route, raw)),
  headers: raw.headers,
  path: raw.path,
  method: raw.method,
  sourceIp: raw.sourceIp,
});

const bodyOf = async <Ports>(
  route: Route<Ports>,
  raw: RawRequest,
): Promise<Pick<Ask, 'body' | 'bytes' | 'contentType'>> => {
  if (!route.accepts) return { body: undefined, bytes: new Uint8Array(), contentType: '' };
  const most = route.mostBytes ?? MOST_BYTES;
  if (Number(raw.headers['content-length'] ?? 0) > most) throw tooLarge(most);
  const bytes = await raw.bytes();
  if (bytes.length > most) throw tooLarge(most);
  const contentType = bytes.length === 0 && '' in route.accepts ? '' : mediaType(raw.headers['content-type']);
  const schema = route.accepts[contentType];
  if (!schema) throw wrongType(route.accepts);
  return { body: parseInput(schema, decode(contentType, bytes), 'body'), bytes, contentType };
};

const mediaType = (header = ''): string => (header.split(';')[0] ?? '').trim().toLowerCase();

const decode = (contentType: string, bytes: Uint8Array): unknown => {
  const text = utf8(bytes);
  if (contentType === 'application/json') return parseJson(text);
  if (contentType === 'application/x-www-form-urlencoded') return fieldsOf(new URLSearchParams(text));
  return text;
};

const utf8 = (bytes: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // Bytes that are no UTF-8 would become question marks: refuse rather than lose a letter.
    throw new InvalidInput('The body is not valid UTF-8.', { field: 'body' });
  }
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the body, so it is not passed on.
    throw new InvalidInput('The body is not valid JSON.', { field: 'body' });
  }
};

/** A field given once is a string, given several times an array of strings. */
const fieldsOf = (search: URLSearchParams): Record<string, string | string[]> => {
  const fields: Record<string, string | string[]> = Object.create(null);
  for (const name of new Set(search.keys())) {
    const values = search.getAll(name);
    fields[name] = values.length === 1 ? (values[0] ?? '') : values;
  }
  return { ...fields };
};

const tooLarge = (most: number): InvalidInput =>
  new InvalidInput(`The body is over ${most.toLocaleString('en')} bytes, the most that is taken here.`, {
    field: 'body',
    status: 413,
  });

const wrongType = (accepts: object): InvalidInput =>
  new InvalidInput(`The body must be ${Object.keys(accepts).filter(Boolean).join(' or ')}.`, {
    field: 'Content-Type',
    status: 415,
  });
