import type { Fetched } from '../../../border/fetch/fetch.ts';
import type { Polling } from '../ports.ts';
import type { FoundImage } from '../reading/found.ts';

/** Every format says its size within that; the rest of the picture is not fetched. */
const HEAD_BYTES = 262_144;

/**
 * A picture with the size and the type that its own bytes say, and its length, where its source says no size. One that
 * turns out to be no picture (a page of errors, say) is left out; one that cannot be had just now stays without.
 */
export const withFacts = async ({ fetch, reader }: Polling, image: FoundImage | null): Promise<FoundImage | null> => {
  if (image === null || (image.width !== undefined && image.height !== undefined)) return image;
  const headers = { accept: 'image/*', range: `bytes=0-${HEAD_BYTES - 1}` };
  const fetched = await fetch(image.url, { headers, mostBytes: HEAD_BYTES, headOnly: true });
  if (fetched.is === 'refused') return null;
  if (fetched.is === 'failed') return image;
  if (fetched.status === 404 || fetched.status === 410) return null;
  if (fetched.status !== 200 && fetched.status !== 206) return image;
  const facts = await reader.pictureFacts(fetched.bytes);
  if (facts === undefined) return null;
  const bytes = lengthOf(fetched);
  return { ...image, ...facts, ...(bytes !== undefined && { bytes }) };
};

/**
 * How long the whole picture is. `Content-Range` tells it of a part (RFC 9110 section 14.4); `Content-Length` counts what
 * is sent, which is something else where it is compressed.
 */
const lengthOf = ({ status, headers, bytes }: Extract<Fetched, { is: 'answer' }>): number | undefined => {
  if (status === 206) return counted(/^bytes \d+-\d+\/(\d{1,9})$/.exec(headers['content-range']?.trim() ?? '')?.[1]);
  if (bytes.length < HEAD_BYTES) return bytes.length;
  const encoding = headers['content-encoding'] ?? 'identity';
  return encoding === 'identity' ? counted(/^\d{1,9}$/.exec(headers['content-length'] ?? '')?.[0]) : undefined;
};

const counted = (digits: string | undefined): number | undefined => Number(digits ?? 0) || undefined;
