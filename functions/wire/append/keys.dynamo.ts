import type { Key } from '../../shared/storage/table.ts';
import type { Instant } from '../../shared/time.ts';
import type { Identity } from './identity.ts';

/*
 * Every key of the table `wire`; `docs/data.md` says what is under each and who asks for it.
 */

/** Entries of one partition. It never changes: a key must be found again for ever. */
export const BUCKET_SIZE = 1000;

export const bucketKey = (seq: number): string => `WIRE#${String(Math.floor(seq / BUCKET_SIZE)).padStart(9, '0')}`;

export const seqKey = (seq: number): string => String(seq).padStart(12, '0');

export const entryKey = (seq: number): Key => ({ pk: bucketKey(seq), sk: seqKey(seq) });

export const HEAD: Key = { pk: 'WIRE', sk: 'HEAD' };

export const articleKey = (id: string): Key => ({ pk: `ARTICLE#${id}`, sk: 'ARTICLE' });

/** Which article owns an identity. */
export const ownerKey = (identity: Identity): Key => ({ pk: `IDENTITY#${identity}`, sk: 'ARTICLE' });

/** Which draft an identity means, as long as there is no article. */
export const draftNameKey = (identity: Identity): Key => ({ pk: `IDENTITY#${identity}`, sk: 'DRAFT' });

export const draftKey = (id: string): Key => ({ pk: `DRAFT#${id}`, sk: 'DRAFT' });

export const DUE = 'DUE';

/** In order of time, so that what is due is the beginning. */
export const dueKey = (at: Instant, id: string, what: 'draft' | 'article'): Key => ({
  pk: DUE,
  sk: `${at}#${id}#${what}`,
});

/** The last key that can be due at this moment: ids are letters and digits, which come before the tilde. */
export const dueUpTo = (now: Instant): string => `${now}#~`;
