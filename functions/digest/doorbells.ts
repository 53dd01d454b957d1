import { z } from 'zod';

/** Queue `editions`: look at this edition. */
export const EditionDoorbell = z.strictObject({ edition: z.string().max(200) });
export type EditionDoorbell = z.infer<typeof EditionDoorbell>;

/** Queue `pages`: there may be something to send on this page. */
export const PageDoorbell = z.strictObject({ edition: z.string().max(200), page: z.int().min(1) });
export type PageDoorbell = z.infer<typeof PageDoorbell>;
