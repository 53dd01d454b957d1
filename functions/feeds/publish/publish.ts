import { sha256 } from '../../shared/hash.ts';
import type { Version } from '../build/states.ts';
import { ENCODINGS, encodedPath } from './encodings.ts';
import type { FeedShelf, NewDocument, Shelved } from './shelf.ts';

/**
 * - `written`: readers get the new document.
 * - `unchanged`: they get these very bytes already.
 * - `there`: they get this version, or one that was built from more, already.
 * - `ahead`: what they get was built from entries or settings that this builder has not read.
 */
export type Published = 'written' | 'unchanged' | 'there' | 'ahead';

interface Publication {
  readonly path: string;
  /** The absolute address that readers know it by. */
  readonly self: string;
  readonly bytes: Uint8Array;
  readonly contentType: string;
  readonly version: Version;
}

const MOST_TRIES = 6;

/**
 * Puts a document on the shelf, in every encoding, unless what lies there was built from more.
 *
 * The encoded bytes go first and the plain ones last: whoever finds a plain document finds encoded ones that are as new
 * or newer, whatever was cut off in between. So a plain document that need not be replaced answers for all of them.
 */
export const publish = async (shelf: FeedShelf, publication: Publication): Promise<Published> => {
  const { path, self, bytes, contentType, version } = publication;
  const plain: NewDocument = { bytes, contentType, version, content: sha256(bytes), self };
  const there = await look(shelf, path, plain);
  const standing = standingOf(there, version);
  if (standing !== 'behind') return standing;
  if (there?.content === plain.content) return 'unchanged';
  const encoded = await Promise.all(
    ENCODINGS.map((encoding) => replace(shelf, encodedPath(encoding, path), { ...plain, encoding })),
  );
  return encoded.includes('ahead') ? 'ahead' : replace(shelf, path, plain);
};

/**
 * The put replaces only the object that was looked at, so of two builders the one that read further wins, in whichever
 * order their puts arrive.
 *
 * The ETag that S3 compares is a hash of the bytes. It names one state for good, because every document says in its
 * bytes which entry last changed it (`FeedDocument.mark`): a list that grew and shrank again has other bytes than before.
 * That is also why a document whose bytes are there already may be left alone, though its metadata then lags behind:
 * nothing that it shows changed in between, so a builder that stalled in between has the same bytes in its hands.
 */
const replace = async (shelf: FeedShelf, path: string, mine: NewDocument): Promise<Published> => {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const there = await look(shelf, path, mine);
    const standing = standingOf(there, mine.version);
    if (standing !== 'behind') return standing;
    if (there?.content === mine.content) return 'unchanged';
    if ((await shelf.put(path, mine, there)) === 'written') return 'written';
  }
  throw new Error(`The feed ${path} was replaced ${MOST_TRIES} times while it was being written.`);
};

/**
 * What was seen last is not looked up again where it is to be replaced: if another replaced it since, the put is refused.
 */
const look = async (
  shelf: FeedShelf,
  path: string,
  mine: Pick<NewDocument, 'version' | 'content'>,
): Promise<Shelved | undefined> => {
  const last = shelf.lastSeen(path);
  const willReplace = last && last.content !== mine.content && standingOf(last, mine.version) === 'behind';
  return willReplace ? last : shelf.find(path);
};

/** What lies there, seen from this version. Settings and entries each only go forward. */
export const standingOf = (there: Shelved | undefined, { seq, generation }: Version): 'behind' | 'there' | 'ahead' => {
  if (!there) return 'behind';
  if (there.version.seq > seq || there.version.generation > generation) return 'ahead';
  return there.version.seq === seq && there.version.generation === generation ? 'there' : 'behind';
};
