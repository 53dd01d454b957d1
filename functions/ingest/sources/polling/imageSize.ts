import type { Polling } from '../ports.ts';
import type { FoundImage } from '../reading/found.ts';

/** Every format says its size within that; the rest of the picture is not fetched. */
const HEAD_BYTES = 262_144;

/**
 * A picture with the size that its own bytes say, where its source says none. One that turns out to be no picture (a
 * page of errors, say) is left out; one that cannot be had just now stays without a size.
 */
export const withSize = async ({ fetch, reader }: Polling, image: FoundImage | null): Promise<FoundImage | null> => {
  if (image === null || (image.width !== undefined && image.height !== undefined)) return image;
  const headers = { accept: 'image/*', range: `bytes=0-${HEAD_BYTES - 1}` };
  const fetched = await fetch(image.url, { headers, mostBytes: HEAD_BYTES, headOnly: true });
  if (fetched.is === 'refused') return null;
  if (fetched.is === 'failed') return image;
  if (fetched.status === 404 || fetched.status === 410) return null;
  if (fetched.status !== 200 && fetched.status !== 206) return image;
  const size = await reader.pictureSize(fetched.bytes);
  return size === undefined ? null : { ...image, ...size };
};
