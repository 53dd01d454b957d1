import type { Job } from './job.ts';
import type { JobFiles } from './ports.ts';

type What = keyof Job['parts'];
type Part = Job['parts'][What][number];

/**
 * So many slices' parts become one: they are listed in the job's item, which ends at 400 KB. Half a million slices stay
 * far below it, and each byte is written three times in all.
 */
const TOGETHER = 100;

interface Writing {
  readonly files: Pick<JobFiles, 'write' | 'join'>;
  readonly job: Job;
  readonly what: What;
}

/** The parts with one more, once it is written. */
export const withPart = async (writing: Writing, bytes: Uint8Array, contentType: string): Promise<readonly Part[]> => {
  const parts = await gathered(writing, contentType);
  const key = keyOf(writing, sizeOf(parts), bytes.length);
  await writing.files.write(key, bytes, contentType);
  return [...parts, { key, bytes: bytes.length, slices: 1 }];
};

/** The oldest small ones as one, where there are enough. Done twice it comes out the same; the small files stay. */
const gathered = async (writing: Writing, contentType: string): Promise<readonly Part[]> => {
  const parts = writing.job.parts[writing.what];
  const first = parts.findIndex(({ slices }) => slices === 1);
  const small = first < 0 ? [] : parts.slice(first, first + TOGETHER);
  if (small.length < TOGETHER) return parts;
  const before = parts.slice(0, first);
  const bytes = sizeOf(small);
  const key = keyOf(writing, sizeOf(before), bytes);
  await writing.files.join(small, key, contentType);
  return [...before, { key, bytes, slices: small.length }, ...parts.slice(first + small.length)];
};

export const sizeOf = (parts: readonly Part[]): number => parts.reduce((sum, { bytes }) => sum + bytes, 0);

/**
 * A part is named by the bytes it holds of the whole, and by the claim of who wrote it: a worker who was taken over
 * cannot write over those of the one who did.
 */
const keyOf = ({ job, what }: Writing, from: number, bytes: number): string =>
  `jobs/${job.id}/${what}/${digits(from)}-${digits(from + bytes)}-${job.claim?.by ?? ''}`;

const digits = (bytes: number): string => String(bytes).padStart(12, '0');
