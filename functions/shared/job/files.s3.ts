import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { addMs, type Instant, msOf, SECOND_MS } from '../time.ts';
import type { JobFiles } from './ports.ts';

/**
 * A client for files that are long, and for links: nothing is added to a request that whoever holds the link would
 * have to add as well.
 */
export const jobFilesClient = (): S3Client =>
  new S3Client({
    maxAttempts: 5,
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: 2000, requestTimeout: 120_000, throwOnRequestTimeout: true },
  });

interface Stores {
  readonly client: S3Client;
  readonly bucket: string;
  readonly now: () => Instant;
}

export const s3JobFiles = ({ client, bucket: Bucket, now }: Stores): JobFiles => ({
  async size(Key) {
    try {
      return (await client.send(new HeadObjectCommand({ Bucket, Key }))).ContentLength ?? 0;
    } catch (error) {
      // A missing object is an answer, not trouble.
      if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404) return undefined;
      throw error;
    }
  },

  async read(Key, from, length) {
    const Range = `bytes=${from}-${from + length - 1}`;
    const found = await client.send(new GetObjectCommand({ Bucket, Key, Range }));
    return (await found.Body?.transformToByteArray()) ?? new Uint8Array();
  },

  async write(Key, Body, ContentType) {
    await client.send(new PutObjectCommand({ Bucket, Key, Body, ContentType }));
  },

  async remove(Key) {
    await client.send(new DeleteObjectCommand({ Bucket, Key }));
  },

  async join(parts, Key, ContentType) {
    const each = async (key: string): Promise<Uint8Array> =>
      (await (await client.send(new GetObjectCommand({ Bucket, Key: key }))).Body?.transformToByteArray()) ??
      new Uint8Array();
    const all = async function* () {
      for (const { key } of parts) yield await each(key);
    };
    const ContentLength = parts.reduce((sum, { bytes }) => sum + bytes, 0);
    await client.send(new PutObjectCommand({ Bucket, Key, Body: Readable.from(all()), ContentLength, ContentType }));
  },

  uploadLink: (Key, seconds) => link(client, new PutObjectCommand({ Bucket, Key }), seconds, now()),

  downloadLink(Key, { name, contentType, seconds }) {
    const asked = {
      ResponseContentDisposition: `attachment; filename="${name}"`,
      ResponseContentType: contentType,
      ResponseCacheControl: 'no-store',
    };
    return link(client, new GetObjectCommand({ Bucket, Key, ...asked }), seconds, now());
  },
});

const link = async (client: S3Client, command: GetObjectCommand | PutObjectCommand, seconds: number, at: Instant) => ({
  url: await getSignedUrl(client, command, { expiresIn: seconds, signingDate: new Date(msOf(at)) }),
  expiresAt: addMs(at, seconds * SECOND_MS),
});
