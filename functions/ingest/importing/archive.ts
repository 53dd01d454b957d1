import type * as z from 'zod';
import type { articleInput } from '../articleInput.ts';

/** One thing found in an archive. */
export type Found =
  | {
      readonly is: 'article';
      /** What a person would find it by: its title or path. */
      readonly name: string;
      /** As the newsroom API takes it, still to be checked. Topics are theirs. */
      readonly input: z.input<typeof articleInput> | Readonly<Record<string, unknown>>;
      /** When it was last changed, in milliseconds; `null` where the archive does not say. */
      readonly modifiedMs: number | null;
    }
  /** Nothing that can be an article here: a page, a menu, a picture. */
  | { readonly is: 'passed-over'; readonly name: string; readonly because: string }
  | { readonly is: 'refused'; readonly name: string; readonly because: string };

export interface Piece {
  readonly found: readonly Found[];
  /** Where the next piece begins, as plain data; `null` at the end. */
  readonly next: unknown;
  readonly done: number;
  readonly of: number;
}

/** An archive that lies in the bucket, read piece by piece. The same place always gives the same piece. */
export interface Archive {
  /** `null`: from the beginning. Throws `JobFailed` for what is no such archive. */
  read(place: unknown): Promise<Piece>;
}
