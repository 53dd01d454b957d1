import * as z from 'zod';
import { MEANINGS } from './reading/columns.ts';

/** Who says that these people agreed, and how: goes into each one's record of consent, word for word. */
export const statement = z.strictObject({
  /** How they agreed: “ticked the box on our conference form, 2024”. */
  statement: z.string().trim().min(10, 'it says in a sentence how these people agreed').max(500),
  /** Who in the newsroom answers for it. */
  by: z.string().trim().min(2).max(100),
  /** Since when; a row's own date goes before it. */
  since: z.iso.date('it is a day such as 2024-05-31').optional(),
});

/** What an import is asked to do; kept with the job. */
export const importHow = z.strictObject({
  newsletter: z.string(),
  consent: statement.nullable(),
  dryRun: z.boolean(),
  /** What columns are whose names do not say it: their name → ours. */
  columns: z.record(z.string().max(200), z.enum(MEANINGS)),
});

export type ImportHow = Readonly<z.infer<typeof importHow>>;
