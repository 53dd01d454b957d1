/**
 * What the edge answers for feeds of topics that were renamed or removed. Feeds lie in a bucket, which can neither
 * redirect nor say 410, so this stands before the rules of `edge.ts` in the same CloudFront Function, with the table
 * that `infra` makes from the newsroom's config. As there: no imports, and ES 5.1 with `const`, `let`, arrows and
 * template literals only.
 */

interface Table {
  /** The old id → the one it has now. */
  readonly renamed: { readonly [id: string]: string };
  readonly removed: readonly string[];
}

interface Asked {
  readonly context: { readonly eventType: string };
  readonly request: {
    readonly method: string;
    readonly uri: string;
    readonly headers: { readonly [name: string]: { readonly value: string } };
  };
}

interface Moved {
  statusCode: number;
  statusDescription: string;
  headers: Record<string, { value: string }>;
  body?: { encoding: 'text'; data: string };
}

/** An hour: whoever asks for a feed asks often, and a topic may get its old name back. */
const KEEP = 'public, max-age=3600';

/** `undefined` where the address is still right, or none of a topic’s feeds. */
export function movedFeed(event: Asked, table: Table): Moved | undefined {
  const request = event.request;
  if (event.context.eventType !== 'viewer-request') return undefined;
  if (request.method !== 'GET' && request.method !== 'HEAD') return undefined;
  const parts = /^\/feeds\/([A-Za-z-]+)\/([a-z0-9-]+)(\.[a-z]+|\/archive\/[0-9]+\.atom)$/.exec(request.uri);
  if (!parts) return undefined;
  const topic = parts[2] || '';
  // The runtime does not know `Object.hasOwn`.
  // biome-ignore lint/suspicious/noPrototypeBuiltins: see above
  if (Object.prototype.hasOwnProperty.call(table.renamed, topic)) {
    return {
      statusCode: 301,
      statusDescription: 'Moved Permanently',
      headers: headersWith('location', `/feeds/${parts[1]}/${table.renamed[topic]}${parts[3]}`),
    };
  }
  // A person who follows a link is sent to the page that says it in words.
  if (table.removed.indexOf(topic) < 0 || isPerson(request.headers)) return undefined;
  return {
    statusCode: 410,
    statusDescription: 'Gone',
    headers: headersWith('content-type', 'text/plain; charset=utf-8'),
    body: { encoding: 'text', data: 'This feed has ended. Nothing new will come here; please unsubscribe from it.\n' },
  };
}

function headersWith(name: string, text: string): Moved['headers'] {
  const headers: Moved['headers'] = {
    'cache-control': { value: KEEP },
    vary: { value: 'Sec-Fetch-Dest' },
    'access-control-allow-origin': { value: '*' },
  };
  headers[name] = { value: text };
  return headers;
}

function isPerson(headers: Asked['request']['headers']): boolean {
  const destination = headers['sec-fetch-dest'];
  return destination !== undefined && destination.value === 'document';
}
