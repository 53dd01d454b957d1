import * as z from 'zod';
import { cadenceSchema } from '../../shared/config.ts';
import { sha256 } from '../../shared/hash.ts';
import type { Bucket } from '../../shared/storage/bucket.ts';
import { bucketIssues, type IssueShelf } from '../archive/issues.s3.ts';
import { type Block, type Cut, HOLES, type Pieces, type Shell, type Strip } from './pieces.ts';

/** Where rendered editions lie: written by the planning, read by whoever sends. */
export interface PieceShelf extends IssueShelf {
  /** Keeps the pieces under a key made of their content: the same again is the same key. */
  keep(pieces: Pieces): Promise<string>;
  read(key: string): Promise<Pieces>;
}

/** `editions/{id}/{hash}.json` in the private bucket. Quoted-printable is ASCII, so the pieces are plain strings. */
export const bucketPieces = (bucket: Bucket): PieceShelf => ({
  ...bucketIssues(bucket),

  async keep(pieces) {
    const bytes = Buffer.from(JSON.stringify(writable(pieces)), 'utf8');
    const key = `editions/${pieces.edition}/${sha256(bytes).slice(0, 32)}.json`;
    await bucket.put(key, bytes, { contentType: 'application/json' });
    return key;
  },

  async read(key) {
    const object = await bucket.get(key);
    if (!object) throw new Error(`The pieces ${key} are gone.`);
    return readable(schema.parse(JSON.parse(Buffer.from(object.bytes).toString('utf8'))));
  },
});

const bytes = z.string().transform((text) => Buffer.from(text, 'latin1'));
const block = z.object({ html: bytes, text: bytes });
const strip: z.ZodType<Strip> = z.union([z.object({ hole: z.enum(HOLES) }).transform(({ hole }) => hole), bytes]);

const counted = z.object({ link: z.string(), address: z.string() }).nullable().default(null);

/** An earlier release kept blocks where there are holes now. */
const cut = z.object({
  html: z.union([z.array(strip), bytes.transform((one) => [one])]),
  text: z.union([z.array(strip), bytes.transform((one) => [one])]),
});

const shell = z.object({
  label: z.string(),
  archiveUrl: z.string(),
  subject: z.string().nullable().default(null),
  intro: block.nullable().default(null),
  corrections: block.prefault({ html: '', text: '' }),
  html: z.array(strip),
  text: z.array(strip),
  sections: z.record(z.string(), block),
  more: z.array(cut),
  moreCorrections: z.array(cut).default([]),
});

/** An earlier release wrote only how far an edition went, and left out what had been put right before it began. */
const window = z.union([
  z.object({ upTo: z.int(), startedAt: z.string() }),
  z.int().transform((upTo) => ({ upTo, startedAt: '' })),
]);

const schema = z.object({
  edition: z.string(),
  newsletter: z.string(),
  cadence: cadenceSchema,
  sender: z.object({ name: z.string(), address: z.string(), replyTo: z.string().nullable() }),
  unsubscribeAddress: z.string(),
  topics: z.array(z.string()),
  shells: z.record(z.string(), shell),
  articles: z.array(
    z.object({
      id: z.string(),
      language: z.string(),
      topics: z.array(z.string()),
      story: z.string().nullable(),
      announcedSeq: z.int(),
      revision: z.int(),
      title: z.string(),
      summary: z.string(),
      hasImage: z.boolean(),
      image: z.object({ url: z.string(), alt: z.string() }).nullable().default(null),
      pinned: z.boolean().default(false),
      ordered: z.boolean().default(false),
      others: z.array(z.object({ id: z.string(), language: z.string(), counted, block })).default([]),
      counted,
      lead: block,
      block,
    }),
  ),
  told: z
    .array(
      z.object({
        id: z.string(),
        language: z.string(),
        topics: z.array(z.string()),
        story: z.string().nullable(),
        announcedSeq: z.int(),
      }),
    )
    .default([]),
  windows: z.array(window).default([]),
  editions: z
    .array(z.object({ cadence: cadenceSchema, plannedAt: z.string(), startedAt: z.string(), upTo: z.int() }))
    .default([]),
  corrections: z
    .array(
      z.object({
        id: z.string(),
        seq: z.int(),
        at: z.string().default(''),
        language: z.string(),
        subject: z.string(),
        note: z.string(),
        block,
      }),
    )
    .default([]),
  alone: z.boolean().default(false),
});

const readable = ({ shells, ...rest }: z.output<typeof schema>): Pieces => ({
  ...rest,
  shells: new Map(
    Object.entries(shells).map(([language, one]): [string, Shell] => [
      language,
      { ...one, sections: new Map(Object.entries(one.sections)) },
    ]),
  ),
});

const writable = ({
  shells,
  articles,
  told,
  windows,
  editions,
  corrections,
  ...rest
}: Pieces): z.input<typeof schema> => ({
  ...rest,
  topics: [...rest.topics],
  shells: Object.fromEntries([...shells].map(([language, one]) => [language, writableShell(one)])),
  articles: articles.map((article) => ({
    ...article,
    topics: [...article.topics],
    lead: writableBlock(article.lead),
    block: writableBlock(article.block),
    others: article.others.map((other) => ({ ...other, block: writableBlock(other.block) })),
  })),
  told: told.map((one) => ({ ...one, topics: [...one.topics] })),
  windows: [...windows],
  editions: [...editions],
  corrections: corrections.map((one) => ({ ...one, block: writableBlock(one.block) })),
});

const writableShell = ({ html, text, sections, more, moreCorrections, intro, corrections, ...rest }: Shell) => ({
  ...rest,
  intro: intro && writableBlock(intro),
  corrections: writableBlock(corrections),
  ...writableCut({ html, text }),
  sections: Object.fromEntries([...sections].map(([topic, one]) => [topic, writableBlock(one)])),
  more: more.map(writableCut),
  moreCorrections: moreCorrections.map(writableCut),
});

const writableCut = ({ html, text }: Cut) => ({ html: html.map(writableStrip), text: text.map(writableStrip) });

const writableStrip = (one: Strip) => (typeof one === 'string' ? { hole: one } : one.toString('latin1'));

const writableBlock = ({ html, text }: Block) => ({ html: html.toString('latin1'), text: text.toString('latin1') });
