import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import type { Bucket, PutOptions, StoredHead } from './bucket.ts';
import { quiet } from './quiet.ts';

export const s3Client = (): S3Client =>
  quiet(
    new S3Client({
      maxAttempts: 5,
      forcePathStyle: true,
      requestHandler: { connectionTimeout: 2000, requestTimeout: 10_000, throwOnRequestTimeout: true },
    }),
  );

export const s3Bucket = (client: S3Client, name: string): Bucket => ({
  get: (Key) =>
    orMissing(async () => {
      const found = await client.send(new GetObjectCommand({ Bucket: name, Key }));
      const bytes = (await found.Body?.transformToByteArray()) ?? new Uint8Array();
      return { ...headOf(found), bytes };
    }),

  head: (Key) => orMissing(async () => headOf(await client.send(new HeadObjectCommand({ Bucket: name, Key })))),

  async put(Key, bytes, how) {
    try {
      const put = await client.send(new PutObjectCommand({ Bucket: name, Key, Body: bytes, ...inputOf(how) }));
      return { outcome: 'written', etag: put.ETag ?? '' };
    } catch (error) {
      if (how.only !== undefined && isRefusal(error)) return { outcome: 'refused' };
      throw error;
    }
  },

  async delete(Key, only) {
    try {
      await client.send(new DeleteObjectCommand({ Bucket: name, Key, ...(only && { IfMatch: only.etag }) }));
    } catch (error) {
      // Another object is there by now, or none: either way this one is gone.
      if (only === undefined || !isRefusal(error)) throw error;
    }
  },

  async list(Prefix) {
    const keys: string[] = [];
    let next: string | undefined;
    do {
      const page = await client.send(
        new ListObjectsV2Command({ Bucket: name, Prefix, ...(next && { ContinuationToken: next }) }),
      );
      for (const object of page.Contents ?? []) if (object.Key) keys.push(object.Key);
      next = page.NextContinuationToken;
    } while (next);
    return keys;
  },
});

/**
 * 412: the object is not the one named. 409: another conditional write of this key is under way. NoSuchKey: the object
 * named is gone.
 */
const isRefusal = (error: unknown): boolean =>
  error instanceof S3ServiceException &&
  (error.name === 'NoSuchKey' || [409, 412].includes(error.$metadata.httpStatusCode ?? 0));

const headOf = (found: {
  ETag?: string | undefined;
  ContentType?: string | undefined;
  Metadata?: Record<string, string> | undefined;
}): StoredHead => ({
  etag: found.ETag ?? '',
  contentType: found.ContentType ?? 'application/octet-stream',
  metadata: found.Metadata ?? {},
});

const inputOf = ({ contentType, contentEncoding, cacheControl, metadata, only }: PutOptions) => ({
  ContentType: contentType,
  ...(contentEncoding && { ContentEncoding: contentEncoding }),
  ...(cacheControl && { CacheControl: cacheControl }),
  ...(metadata && { Metadata: { ...metadata } }),
  ...(only === 'absent' && { IfNoneMatch: '*' }),
  ...(typeof only === 'object' && { IfMatch: only.etag }),
});

const orMissing = async <T>(read: () => Promise<T>): Promise<T | undefined> => {
  try {
    return await read();
  } catch (error) {
    // A missing object is an answer, not trouble.
    if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404) return undefined;
    throw error;
  }
};
