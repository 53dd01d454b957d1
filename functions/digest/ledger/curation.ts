import * as z from 'zod';
import { collapsed, soundText } from '../../border/characters.ts';

const ids = z.array(z.string().min(1).max(100)).max(200);
/** As clean as an article's text: nothing that turns what follows around, breaks a header, or is no character. */
const perLanguage = (most: number, clean: (text: string) => string) =>
  z.record(z.string().max(20), z.string().min(1).max(most).transform(clean).pipe(z.string().min(1)));
const line = (text: string): string => collapsed(soundText(text)).trim();
const paragraphs = (text: string): string => soundText(text).trim();

/** What an editor changes of an edition before it is sent. Nobody gets an article by it that he did not choose. */
export const curationSchema = z.strictObject({
  pinned: ids
    .default([])
    .describe('Ids of articles that stand first, in this order; the first a reader gets is his lead.'),
  order: ids
    .default([])
    .describe(
      'Ids of articles that come next, in this order; the others follow, newest first. Where nothing is pinned, the first that a reader gets is his lead. Sections follow this order too, then the newsroom’s.',
    ),
  excluded: ids.default([]).describe('Ids of articles that this edition leaves out.'),
  subject: perLanguage(150, line).default({}).describe('By language, instead of the title of the lead.'),
  intro: perLanguage(3000, paragraphs)
    .default({})
    .describe(
      'By language, before the news: paragraphs, with **bold**, *italics* and [links](https://…). A mail has room for 40,000 bytes of it, encoded in both its parts: some 2,100 letters of Chinese.',
    ),
});

export type Curation = Readonly<z.output<typeof curationSchema>>;

export const NO_CURATION: Curation = { pinned: [], order: [], excluded: [], subject: {}, intro: {} };

/** A version of an edition's curation, as it is kept. The first has none before it. */
export const versionSchema = z.object({
  edition: z.string(),
  id: z.string(),
  curation: curationSchema,
  by: z.string().nullable(),
  at: z.string(),
  /** The id of the version before; `null` where there was none. */
  previous: z.string().nullable(),
});

export type CurationVersion = Readonly<z.infer<typeof versionSchema>>;
