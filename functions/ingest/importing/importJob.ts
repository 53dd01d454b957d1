import * as z from 'zod';
import type { Newsroom } from '../../shared/config.ts';
import { InvalidInput } from '../../shared/errors.ts';
import { parseInput } from '../../shared/http/parse.ts';
import type { Job, Slice } from '../../shared/job/job.ts';
import type { JobFiles } from '../../shared/job/ports.ts';
import { JobFailed, type JobKind } from '../../shared/job/runJob.ts';
import { msOf } from '../../shared/time.ts';
import type { Outcome, Publisher, Submission } from '../../wire/ports.ts';
import { articleInput } from '../articleInput.ts';
import { submissionOf } from '../submission.ts';
import { topicFinder } from '../topics.ts';
import type { Archive, Found, Piece } from './archive.ts';
import { filesArchive } from './files.ts';
import { ghostArchive } from './ghost.ts';
import { type Format, type ImportHow, importHow } from './how.ts';
import { type ArchiveFile, wordpressArchive } from './wordpress.ts';

export interface Importing {
  readonly publisher: Pick<Publisher, 'submit'>;
  readonly newsroom: Newsroom;
  readonly siteUrl: string;
  readonly files: Pick<JobFiles, 'read' | 'write' | 'size'>;
}

/**
 * Brings an archive in, fifty items between two checkpoints; nothing of it is announced. An item that is put on the wire
 * twice, because a worker died between it and the checkpoint, is `unchanged` the second time.
 */
export const importKind = (importing: Importing): JobKind => {
  // An archive that must be read whole is read once, as long as the same process goes on with the same job.
  let open: { readonly job: string; readonly archive: Archive } | undefined;
  return {
    report: { name: (job) => `import-${job.id}.ndjson`, contentType: () => 'application/x-ndjson' },
    async slice(job) {
      const how = importHow.parse(job.how);
      if (open?.job !== job.id) open = { job: job.id, archive: await archiveOf(importing, job, how) };
      const piece = await open.archive.read(job.checkpoint);
      const notes = notesOf(job, how);
      const lines: Line[] = [];
      for (const found of piece.found) lines.push(await taken(importing, { job, how, notes }, found));
      return sliceOf(piece, lines, notes);
    },
  };
};

const archiveOf = async (importing: Importing, job: Job, how: ImportHow): Promise<Archive> => {
  const file = await fileOf(importing, job);
  const { newsroom, siteUrl } = importing;
  const language = how.language ?? newsroom.languages[0]?.id ?? '';
  const reading = { language, links: how.links, siteUrl: how.siteUrl?.replace(/\/$/, '') };
  switch (how.format ?? (await formatOf(file))) {
    case 'wordpress':
      return wordpressArchive(file, reading);
    case 'ghost':
      return ghostArchive(file, reading);
    case 'files':
      return filesArchive(file, { newsroom, siteUrl: how.siteUrl ?? siteUrl });
  }
};

const fileOf = async ({ files }: Importing, { id, input }: Job): Promise<ArchiveFile> => {
  const size = input === null ? undefined : await files.size(input);
  if (input === null || size === undefined) throw new JobFailed('The file of this import is gone.');
  const keyOf = (name: string): string => `jobs/${id}/kept/${name}.json`;
  return {
    size,
    read: (from, length) => files.read(input, from, Math.min(length, size - from)),
    keep: (name, value) => files.write(keyOf(name), Buffer.from(JSON.stringify(value)), 'application/json'),
    async kept(name) {
      const bytes = await files.read(keyOf(name), 0, (await files.size(keyOf(name))) ?? 0);
      return JSON.parse(Buffer.from(bytes).toString('utf8'));
    },
  };
};

const formatOf = async (file: ArchiveFile): Promise<Format> => {
  const head = Buffer.from(await file.read(0, 1024)).toString('latin1');
  if (head.startsWith('PK')) return 'files';
  if (/^[^\w<{]{0,3}\s*</.test(head)) return 'wordpress';
  if (/^[^\w<{]{0,3}\s*\{/.test(head)) return 'ghost';
  throw new JobFailed('The file is no WordPress export, no Ghost export and no zip.');
};

/** What the caller is to know besides counts. */
const notesSchema = z.object({
  dryRun: z.boolean(),
  /** Which of their topics nobody here knows, and how many items have each: those to name in `topics`. */
  unknownTopics: z.record(z.string(), z.int()),
});
type Notes = z.output<typeof notesSchema>;
const MOST_UNKNOWN = 200;

const notesOf = (job: Job, { dryRun }: ImportHow): Notes => {
  const before = notesSchema.safeParse(job.notes);
  return { dryRun, unknownTopics: before.success ? { ...before.data.unknownTopics } : {} };
};

/** A line of the report. */
interface Line {
  readonly is: 'new' | 'revised' | 'unchanged' | 'older' | 'retracted' | 'draft' | 'sound' | 'passed-over' | 'refused';
  readonly name: string;
  readonly id?: string;
  readonly reason?: string;
  readonly field?: string;
}

interface Context {
  readonly job: Job;
  readonly how: ImportHow;
  readonly notes: Notes;
}

const taken = async (importing: Importing, context: Context, found: Found): Promise<Line> => {
  const name = found.name.slice(0, 200);
  if (found.is !== 'article') return { is: found.is, name, reason: found.because };
  try {
    const submission = submissionFor(importing, context, found);
    if (context.how.dryRun) return { is: 'sound', name };
    return { name, ...lineOf(await importing.publisher.submit(submission)) };
  } catch (error) {
    // One bad item costs that item; trouble of ours stops, and the piece is begun again.
    if (!(error instanceof InvalidInput)) throw error;
    return { is: 'refused', name, reason: error.message, ...(error.field !== undefined && { field: error.field }) };
  }
};

const submissionFor = (
  { newsroom, siteUrl }: Importing,
  { job, how, notes }: Context,
  { input, modifiedMs }: Extract<Found, { is: 'article' }>,
): Submission => {
  const article = parseInput(articleInput, withTopics(input, { newsroom, how, notes }), 'item');
  const begun = job.startedAt ?? job.madeAt;
  const submission = submissionOf(article, { newsroom, siteUrl: how.siteUrl ?? siteUrl, now: begun });
  // What somebody has changed here since then is newer than what an old archive says.
  // A date to come would win over every edit for ever.
  const version = Math.min(modifiedMs ?? msOf(begun), msOf(begun));
  return { ...submission, source: how.source, announce: false, version };
};

/** Their categories as ours; those that nobody here knows say nothing, and are told at the end. */
const withTopics = (
  input: Readonly<Record<string, unknown>>,
  { newsroom, how, notes }: { newsroom: Newsroom; how: ImportHow; notes: Notes },
): Readonly<Record<string, unknown>> => {
  const find = topicFinder(newsroom);
  const named = z.array(z.string()).catch([]).parse(input['topics']);
  const topics = named.flatMap((name) => {
    const id = find((Object.hasOwn(how.topics, name) ? how.topics[name] : undefined) ?? name);
    const isNoted = Object.hasOwn(notes.unknownTopics, name);
    if (id === undefined && (isNoted || Object.keys(notes.unknownTopics).length < MOST_UNKNOWN))
      notes.unknownTopics[name] = (isNoted ? (notes.unknownTopics[name] ?? 0) : 0) + 1;
    return id ?? [];
  });
  return { ...input, topics: [...new Set(topics)] };
};

const lineOf = (outcome: Outcome): Omit<Line, 'name'> => {
  switch (outcome.is) {
    case 'new':
    case 'revised':
    case 'unchanged':
      return { is: outcome.is, id: outcome.current.article.id };
    case 'older':
      return { is: 'older', id: outcome.current.article.id, reason: 'a newer version is here already' };
    case 'retracted':
      return { is: 'retracted', id: outcome.current.article.id, reason: 'it was retracted here, and stays away' };
    case 'public':
      return { is: 'refused', id: outcome.current.article.id, reason: 'it is public here already, and a draft there' };
    case 'drafted':
    case 'unchanged-draft':
      return { is: 'draft', id: outcome.draft.id };
  }
};

const sliceOf = ({ next, done, of }: Piece, lines: readonly Line[], notes: Notes): Slice => {
  const counts: Record<string, number> = {};
  for (const { is } of lines) counts[is] = (counts[is] ?? 0) + 1;
  return { checkpoint: next, progress: { done, of }, counts, report: lines, notes };
};
