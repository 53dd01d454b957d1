import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { dirname, join } from 'node:path';
import type { BuildAppOptions } from 'fauxqs';

type Stores = NonNullable<BuildAppOptions['stores']>;
type StoredObject = Parameters<NonNullable<Stores['s3Store']['persistence']>['upsertObject']>[1];

/**
 * The stores of fauxqs, with two things it lacks. Objects are replaced in one step, so that a process killed while it
 * writes leaves the old object or the new one, never half of either. And a PUT and a DELETE keep their
 * preconditions (`If-Match`, `If-None-Match: *`), as S3 does.
 *
 * fauxqs exports only ready-made servers, which listen on every address; its parts are reached by their files, which is
 * safe since its version is pinned.
 */
export const openObjects = async (directory: string) => {
  const parts = dirname(import.meta.resolve('fauxqs'));
  const { SqsStore } = await import(`${parts}/sqs/sqsStore.js`);
  const { SnsStore } = await import(`${parts}/sns/snsStore.js`);
  const { S3Store } = await import(`${parts}/s3/s3Store.js`);
  const { FileS3Persistence } = await import(`${parts}/s3/fileS3Persistence.js`);

  const s3Store: Stores['s3Store'] = new S3Store();
  dropTorn(join(directory, 'buckets'));
  const kept = new FileS3Persistence(directory);
  const fresh = new FileS3Persistence(join(directory, 'fresh'));
  kept.loadS3(s3Store);
  kept.upsertObject = (bucket: string, object: StoredObject): void => {
    fresh.upsertObject(bucket, object);
    moveIn(join(directory, 'fresh'), directory, join('buckets', bucket, 'objects', filePath(object.key)));
  };
  s3Store.persistence = kept;
  return {
    s3Store,
    sqsStore: new SqsStore() as Stores['sqsStore'],
    snsStore: new SnsStore() as Stores['snsStore'],
    precondition: (url: string, headers: IncomingHttpHeaders) => precondition(s3Store, url, headers),
  };
};

const PRECONDITION_FAILED =
  '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>PreconditionFailed</Code><Message>At least one of the pre-conditions you specified did not hold</Message></Error>';

/** What S3 answers to a PUT or DELETE whose condition does not hold; `undefined` where it holds. */
const precondition = (store: Stores['s3Store'], url: string, headers: IncomingHttpHeaders): string | undefined => {
  const { 'if-match': match, 'if-none-match': noneMatch } = headers;
  if (match === undefined && noneMatch === undefined) return undefined;
  const [, bucket = '', ...key] = decodeURIComponent(url.split('?')[0] ?? '').split('/');
  const etag = etagOf(store, bucket, key.join('/'));
  const holds = (match === undefined || match === etag) && (noneMatch === undefined || etag === undefined);
  return holds ? undefined : PRECONDITION_FAILED;
};

const etagOf = (store: Stores['s3Store'], bucket: string, key: string): string | undefined => {
  try {
    return store.headObject(bucket, key).etag;
  } catch {
    // Its way to say that there is no such object.
    return undefined;
  }
};

/** The path fauxqs gives an object's files, without their endings. */
const filePath = (key: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it escapes.
  key.replace(/[<>:"|?*\\%\x00-\x1f]/g, (sign) => `%${sign.charCodeAt(0).toString(16).padStart(2, '0')}`);

/** The bytes before what is said of them: what is read back in between fails its check and is dropped. */
const moveIn = (from: string, to: string, path: string): void => {
  mkdirSync(dirname(join(to, path)), { recursive: true });
  for (const ending of ['.data', '.meta.json']) renameSync(join(from, path + ending), join(to, path + ending));
};

/** Removes objects whose bytes are not the ones their ETag names: a write that was cut off between its two files. */
const dropTorn = (directory: string): void => {
  if (!existsSync(directory)) return;
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.name.endsWith('.meta.json')) continue;
    const meta = join(entry.parentPath, entry.name);
    if (!isWhole(meta))
      for (const file of [meta, meta.replace(/\.meta\.json$/, '.data')]) rmSync(file, { force: true });
  }
};

const isWhole = (meta: string): boolean => {
  try {
    const { etag } = JSON.parse(readFileSync(meta, 'utf8'));
    const bytes = readFileSync(meta.replace(/\.meta\.json$/, '.data'));
    return etag === `"${createHash('md5').update(bytes).digest('hex')}"`;
  } catch {
    // Unreadable is as torn as wrong.
    return false;
  }
};
