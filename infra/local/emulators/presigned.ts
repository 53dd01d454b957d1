import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { sameBytes } from '../../../functions/shared/hash.ts';

interface Asked {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/** As `environment.ts` hands it to the SDK. */
const SECRET = 'local';

/**
 * What S3 answers to a link that is dead or was changed (Signature Version 4 with query parameters), which fauxqs lets
 * through; `undefined` where it is good, or where the request is signed in its headers, as the SDK's own are.
 */
export const linkTrouble = (asked: Asked, nowMs: number): string | undefined => {
  const { search } = new URL(asked.url, 'http://s3');
  const query = new URLSearchParams(search);
  const signature = query.get('X-Amz-Signature');
  if (signature === null) return undefined;
  if (!sameBytes(Buffer.from(signature), Buffer.from(signatureOf(asked, query))))
    return trouble('SignatureDoesNotMatch', 'The request signature we calculated does not match the one you provided.');
  const madeAt = momentOf(query.get('X-Amz-Date') ?? '');
  const lives = Number(query.get('X-Amz-Expires') ?? 0) * 1000;
  return nowMs < madeAt + lives ? undefined : trouble('AccessDenied', 'Request has expired');
};

const ANSWER_HEADERS = ['content-disposition', 'content-type', 'cache-control'] as const;

/** The headers that a link says its answer is to have, which fauxqs leaves out. */
export const headersOfLink = (url: string): Record<string, string> => {
  const query = new URLSearchParams(new URL(url, 'http://s3').search);
  return Object.fromEntries(
    ANSWER_HEADERS.flatMap((name) => {
      const value = query.get(`response-${name}`);
      return value === null ? [] : [[name, value]];
    }),
  );
};

const trouble = (code: string, message: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;

/** The time of a run that somebody has turned forward: links are made in it, so they die in it. */
export const clockOf = (file: string | undefined): number => {
  if (file === undefined) return Date.now();
  try {
    return Date.now() + Number(JSON.parse(readFileSync(file, 'utf8')).offsetMs);
  } catch {
    // Nobody has turned it yet.
    return Date.now();
  }
};

const signatureOf = ({ method, url, headers }: Asked, query: URLSearchParams): string => {
  const names = (query.get('X-Amz-SignedHeaders') ?? 'host').split(';');
  const canonical = [
    method,
    url.split('?')[0] ?? '/',
    [...query]
      .filter(([name]) => name !== 'X-Amz-Signature')
      .map(([name, value]) => `${escaped(name)}=${escaped(value)}`)
      .sort()
      .join('&'),
    ...names.map((name) => `${name}:${String(headers[name] ?? '').trim()}`),
    '',
    names.join(';'),
    'UNSIGNED-PAYLOAD',
  ].join('\n');
  const scope = (query.get('X-Amz-Credential') ?? '').split('/').slice(1);
  const date = query.get('X-Amz-Date') ?? '';
  const digest = createHash('sha256').update(canonical).digest('hex');
  const key = scope.reduce<Buffer>((secret, part) => hmac(secret, part), Buffer.from(`AWS4${SECRET}`));
  return hmac(key, ['AWS4-HMAC-SHA256', date, scope.join('/'), digest].join('\n')).toString('hex');
};

const hmac = (key: Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest();

const escaped = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/** `20260501T080000Z`. */
const momentOf = (date: string): number =>
  Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
