import type { IncomingMessage } from 'node:http';
import { PassThrough, pipeline, type Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

export type Body =
  | { readonly is: 'body'; readonly bytes: Uint8Array; readonly wireBytes: number }
  | { readonly is: 'refused'; readonly because: string };

interface Limits {
  /** After decompression. */
  readonly mostBytes: number;
  /** Stop there without an error: who wants the head of a file needs no more. */
  readonly headOnly: boolean;
}

/**
 * The body of an answer, taken out of its one layer of compression and counted while it streams in: a bomb is let go of
 * when it passes the limit, not when it has filled the memory. Throws what the stream throws.
 */
export const readBody = async (answer: IncomingMessage, { mostBytes, headOnly }: Limits): Promise<Body> => {
  // A 304 may repeat how its body would be compressed (RFC 9110 section 15.4.5).
  if (WITHOUT_BODY.has(answer.statusCode ?? 0)) return { is: 'body', bytes: new Uint8Array(), wireBytes: 0 };
  const decoder = decoderOf(answer.headers['content-encoding'] ?? '');
  if (decoder === undefined) return { is: 'refused', because: 'its compression is not one that is read here' };
  let wireBytes = 0;
  answer.on('data', (chunk: Buffer) => {
    wireBytes += chunk.length;
  });
  // Errors come out of the last stream, where they are waited for.
  const plain: Readable = pipeline(answer, decoder, () => {});
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of plain) {
    const bytes = Buffer.from(chunk);
    chunks.push(bytes);
    length += bytes.length;
    if (length < mostBytes || (length === mostBytes && !headOnly)) continue;
    if (headOnly) break;
    return { is: 'refused', because: `it is over ${megabytes(mostBytes)}` };
  }
  const bytes = Buffer.concat(chunks);
  return { is: 'body', bytes: headOnly ? bytes.subarray(0, mostBytes) : bytes, wireBytes };
};

const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

const megabytes = (bytes: number): string =>
  bytes >= 1_000_000 ? `${Math.floor(bytes / 1_000_000)} MB` : `${Math.floor(bytes / 1000)} KB`;

/** One layer (RFC 9110 section 8.4): a list of several is how bombs are nested. */
const decoderOf = (encoding: string): Transform | undefined => {
  switch (encoding.trim().toLowerCase()) {
    case '':
    case 'identity':
      return new PassThrough();
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'br':
      return createBrotliDecompress();
    case 'deflate':
      return createInflate();
    default:
      return undefined;
  }
};
