import * as z from 'zod';

/** The kind of the job. It stands here, as who asks for an import needs nothing of what reads archives. */
export const IMPORT = 'articles-import';

/** What is imported: a WordPress export (WXR), a Ghost export (JSON), or a zip of Markdown, HTML and JSON files. */
export const FORMATS = ['wordpress', 'ghost', 'files'] as const;
export type Format = (typeof FORMATS)[number];

/** How an archive is to be brought in, as the API takes it and as the job keeps it. */
export const importHow = z.strictObject({
  format: z.enum(FORMATS).optional().describe('Read off the file where it is not said.'),
  source: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/, 'it is not 1 to 40 small letters, digits and hyphens')
    .default('import')
    .describe(
      'Keeps apart archives that use the same ids. Say the same again to bring in a later export of the same site.',
    ),
  language: z.string().max(20).optional().describe('Of articles that say none; else the newsroom’s first.'),
  topics: z
    .record(z.string().max(200), z.string().max(100))
    .default({})
    .describe('Their categories and tags → our topics. Those that are called like ours need not be named.'),
  siteUrl: z
    .url({ protocol: /^https?$/, error: 'it is not a web address' })
    .optional()
    .describe('Where the site is or was: what addresses without a host are completed with. A Ghost export needs it.'),
  links: z
    .enum(['theirs', 'ours'])
    .default('theirs')
    .describe('Where feeds and mails link to: to the article on the old site, or to our page of it.'),
  dryRun: z.boolean().default(false).describe('Everything is read and reported, and nothing is put on the wire.'),
});

export type ImportHow = z.output<typeof importHow>;
