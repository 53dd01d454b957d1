import * as z from 'zod';

/** Queue `editions`: look at this edition. */
export const EditionDoorbell = z.strictObject({ edition: z.string().max(200) });
export type EditionDoorbell = z.infer<typeof EditionDoorbell>;

/** Queue `pages`: there may be something to send on this page. */
export const PageDoorbell = z.strictObject({ edition: z.string().max(200), page: z.int().min(1) });
export type PageDoorbell = z.infer<typeof PageDoorbell>;

/** Queue `welcomes`: this subscriber may have a welcome to come. */
export const WelcomeDoorbell = z.strictObject({ subscriber: z.string().regex(/^[0-9a-f]{32}$/) });
export type WelcomeDoorbell = z.infer<typeof WelcomeDoorbell>;
