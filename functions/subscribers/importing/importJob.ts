import * as z from 'zod';
import type { Newsletter, Newsroom } from '../../shared/config.ts';
import type { Job, Slice } from '../../shared/job/job.ts';
import type { JobFiles } from '../../shared/job/ports.ts';
import { JobFailed, type JobKind } from '../../shared/job/runJob.ts';
import type { Instant } from '../../shared/time.ts';
import type { Subscribers } from '../ports.ts';
import { newSubscriber, type Subscriber } from '../subscriber.ts';
import { type BroughtIn, bringIn, type Import } from './bringIn.ts';
import { type ImportHow, importHow } from './how.ts';
import { type FileForm, fileForm, openFile, type Place, place, type RawRow, readRows } from './reading/pages.ts';
import { readRow } from './row.ts';

export const IMPORT = 'subscribers-import';

interface Importing {
  readonly newsroom: Newsroom;
  readonly subscribers: Pick<Subscribers, 'open' | 'save' | 'byAddress' | 'isFormerAddress'>;
  readonly files: Pick<JobFiles, 'read'>;
  /** Rows of a slice, and rows in hand at the same time. */
  readonly rows?: number;
  readonly atOnce?: number;
}

const ROWS = 1000;
const AT_ONCE = 32;
/** A piece of the file; more than one row may ever have. */
const PIECE_BYTES = 256 * 1024;

const checkpoint = z.object({ form: fileForm, place });

/** Brings a list of readers in, a thousand rows at a time; never more of the file in memory than a piece. */
export const importKind = (importing: Importing): JobKind => ({
  report: { name: (job) => `import-${job.id}.ndjson`, contentType: () => 'application/x-ndjson' },
  async slice(job) {
    const how = importHow.parse(job.how);
    const newsletter = importing.newsroom.newsletters.find(({ id }) => id === how.newsletter);
    if (!newsletter) throw new JobFailed(`There is no newsletter “${how.newsletter}” any more.`);
    if (job.checkpoint === null) return opened(job, how, await pieceOf(importing, job, 0));
    const { form, place: from } = checkpoint.parse(job.checkpoint);
    const piece = await pieceOf(importing, job, from.offset);
    const how2 = { most: importing.rows ?? ROWS, atEnd: piece.atEnd, wanted: how.columns };
    const { rows, next } = readRows(piece.bytes, form, from, how2);
    const lines = await all(rows, importing.atOnce ?? AT_ONCE, (raw) =>
      rowDone(importing, { job, how, newsletter }, raw),
    );
    return sliceOf(job, form, next, lines);
  },
});

interface Piece {
  readonly bytes: Uint8Array;
  readonly atEnd: boolean;
}

const pieceOf = async ({ files }: Importing, { input, progress }: Job, offset: number): Promise<Piece> => {
  const size = progress.of ?? 0;
  if (input === null || offset >= size) return { bytes: new Uint8Array(), atEnd: true };
  const length = Math.min(PIECE_BYTES, size - offset);
  return { bytes: await files.read(input, offset, length), atEnd: offset + length >= size };
};

/** The first slice only understands the file, so that whoever watches can stop it before anybody is brought in. */
const opened = (job: Job, how: ImportHow, { bytes, atEnd }: Piece): Slice => {
  const { form, place: start } = openFile(bytes, how.columns, atEnd);
  if (!form.columns.some(({ is }) => is === 'address')) {
    const names = form.columns.map(({ name }) => `“${name}”`).slice(0, 20);
    throw new JobFailed(
      `No column is understood as the address: the file has ${names.join(', ') || 'none'}. Say which it is in “columns”.`,
    );
  }
  const notes = { ...form, newsletter: how.newsletter, dryRun: how.dryRun, consent: how.consent !== null };
  return { ...sliceOf(job, form, start, []), checkpoint: { form, place: start }, notes };
};

interface Line {
  readonly is: BroughtIn | 'left-there' | 'refused';
  readonly line: number;
  readonly field?: string;
  readonly reason?: string;
}

const sliceOf = (job: Job, form: FileForm, next: Place, lines: readonly Line[]): Slice => {
  const counts: Record<string, number> = {};
  for (const { is } of lines) counts[is] = (counts[is] ?? 0) + 1;
  const of = job.progress.of ?? 0;
  return {
    checkpoint: next.offset >= of ? null : { form, place: next },
    progress: { done: Math.min(next.offset, of), of },
    counts,
    report: lines.filter(({ is }) => is !== 'joined' && is !== 'asked'),
  };
};

interface Context {
  readonly job: Job;
  readonly how: ImportHow;
  readonly newsletter: Newsletter;
}

/** What the report says of those who are left as they are. */
const REASONS: Readonly<Record<Exclude<BroughtIn, 'joined' | 'asked'> | 'left-there', string>> = {
  known: 'is a reader already; nothing was changed',
  'has-left': 'has left; only this person can come back',
  waiting: 'was asked before and has not answered yet; nothing was changed',
  suppressed: 'mail to this address came back, was complained of, or the person was erased; it is never brought back',
  repeated: 'the same address is in the file before',
  'not-asked': 'was asked as often as may be and never answered',
  'left-there': 'the file says that this person has left',
};

const rowDone = async (importing: Importing, context: Context, raw: RawRow): Promise<Line> => {
  const { line } = raw;
  if (raw.trouble !== undefined) return { is: 'refused', line, reason: raw.trouble };
  const row = readRow(importing.newsroom, context.newsletter, raw.values);
  if (row.is === 'refused') return { is: 'refused', line, field: row.field, reason: row.reason };
  if (row.is === 'left-there') return { is: row.is, line, reason: REASONS[row.is] };
  const is = await broughtIn(importing, context.how, row.address, importOf(context, raw, row));
  return is === 'joined' || is === 'asked' ? { is, line } : { is, line, field: 'address', reason: REASONS[is] };
};

const importOf = (
  { job, how }: Context,
  { row }: RawRow,
  { choices, confirmed, since }: Extract<ReturnType<typeof readRow>, { is: 'good' }>,
): Import => ({
  job: job.id,
  row,
  newsletter: how.newsletter,
  choices,
  // A statement for all of them does not hold for one of whom the file itself says otherwise.
  statement:
    how.consent && confirmed
      ? { text: how.consent.statement, by: how.consent.by, since: since ?? how.consent.since ?? null }
      : null,
  at: job.startedAt ?? job.madeAt,
});

const MOST_TRIES = 10;

const broughtIn = async (
  { subscribers }: Importing,
  how: ImportHow,
  address: string,
  row: Import,
): Promise<BroughtIn> => {
  if (how.dryRun) {
    const there = (await subscribers.byAddress(address)) ?? nobody(address, row.at);
    return (await outcomeOf(subscribers, address, there, row)).is;
  }
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const before = await subscribers.open(address, row.at);
    const { is, subscriber } = await outcomeOf(subscribers, address, before, row);
    if (subscriber === before || (await subscribers.save(before, subscriber)) === 'saved') return is;
  }
  throw new Error('A subscriber was changed by others ten times in a row.');
};

/** An old list knows old addresses: whoever moved away from one does not get mails there again. */
const outcomeOf = async (
  subscribers: Importing['subscribers'],
  address: string,
  before: Subscriber,
  row: Import,
): Promise<ReturnType<typeof bringIn>> => {
  const outcome = bringIn(before, row);
  const isMember = before.subscriptions.some(({ state }) => state !== 'pending');
  if (outcome.subscriber === before || isMember || !(await subscribers.isFormerAddress(address))) return outcome;
  return { is: 'has-left', subscriber: before };
};

const nobody = (address: string, at: Instant) => newSubscriber('0'.repeat(32), address, at);

/** Each with its place, so many at the same time. */
const all = async <T, R>(items: readonly T[], atOnce: number, work: (item: T) => Promise<R>): Promise<R[]> => {
  const done: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let i = next++; i < items.length; i = next++) {
      const item = items[i];
      if (item !== undefined) done[i] = await work(item);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return done;
};
