import type { WebResponse } from './event.ts';

/** What a response without the document must say as the one with it would have (RFC 9110 section 15.4.5). */
const KEPT = new Set(['etag', 'cache-control', 'date', 'vary', 'last-modified']);

/**
 * The answer to a request with these conditions, as CloudFront gives it: 304 where the reader has the document. Tags are
 * compared weakly; where there is one, no date is looked at (RFC 9110 sections 13.1.2 and 13.1.3).
 */
export const conditional = (asked: Readonly<Record<string, string>>, found: WebResponse): WebResponse => {
  if (found.status !== 200 || !isKnown(asked, found.headers)) return found;
  const headers = Object.entries(found.headers).filter(([name]) => KEPT.has(name));
  return { status: 304, headers: Object.fromEntries(headers), body: new Uint8Array() };
};

const isKnown = (asked: Readonly<Record<string, string>>, headers: WebResponse['headers']): boolean => {
  const tags = asked['if-none-match'];
  if (tags !== undefined) {
    const known: readonly string[] = tags.match(/"[^"]*"|\*/g) ?? [];
    return known.includes('*') || known.includes(tagOf(headers));
  }
  const since = Date.parse(asked['if-modified-since'] ?? '');
  return Date.parse(String(headers['last-modified'])) <= since;
};

const tagOf = (headers: WebResponse['headers']): string => String(headers['etag']).replace(/^W\//, '');
