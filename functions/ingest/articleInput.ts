import * as z from 'zod';

const MOST_TITLE = 300;
const MOST_SUMMARY = 2000;
const MOST_ADDRESS = 2000;
const MOST_TOPICS = 20;
const MOST_AUTHORS = 30;

/** Half a surrogate pair is refused as broken UTF-8 is: replaced, two names that differ would become one. */
const text = (most: number) =>
  z
    .string({ error: 'it is missing or not text' })
    .max(most, `it is longer than ${most} characters`)
    .refine((value) => value.isWellFormed(), 'it has half a character in it');

const webAddress = text(MOST_ADDRESS).refine(
  isWebAddress,
  'it is not a web address that begins with http:// or https://',
);
const date = text(60).describe(
  'RFC 3339, as 2026-01-02T08:00:00Z; a day alone means its noon in the newsroom’s time zone.',
);
const pixels = z.int('it is not a whole number').min(1).max(50_000);

/** `POST /api/v1/articles` and `PUT /api/v1/articles/{id}`. Nothing else is taken: a field that is not known is refused. */
export const articleInput = z.strictObject({
  language: text(20).describe('One of the newsroom’s languages.'),
  title: text(MOST_TITLE).describe('Plain text.'),
  summary: text(MOST_SUMMARY).optional().describe('Plain text.'),
  section: text(100).optional().describe('Plain text.'),
  body: z
    .union([z.strictObject({ html: z.string() }), z.strictObject({ markdown: z.string() })], {
      error: 'it must be { "html": … } or { "markdown": … }',
    })
    .describe('Cleaned on its way in: only what an article needs stays.'),
  topics: z.array(text(100)).max(MOST_TOPICS).optional().describe('Ids, labels or synonyms, in any language.'),
  authors: z
    .array(z.strictObject({ name: text(120), email: z.email('it is not an e-mail address').optional() }))
    .max(MOST_AUTHORS)
    .optional(),
  url: webAddress
    .optional()
    .describe('Where the article lives if that is not our own page; feeds and mails link there.'),
  image: z
    .strictObject({
      url: webAddress,
      alt: text(1000).describe('What the picture shows, for who cannot see it.'),
      credit: text(200).optional(),
      width: pixels.optional(),
      height: pixels.optional(),
      type: z
        .string('it is not text')
        .regex(/^image\/[a-z0-9][\w.+-]{0,60}$/i, 'it is no media type of a picture, such as image/jpeg')
        .optional()
        .describe('Its media type. Feeds have the picture as an enclosure where this and `bytes` are known.'),
      bytes: z.int('it is not a whole number').min(1).max(1_000_000_000).optional().describe('Its length.'),
    })
    .optional(),
  publishAt: date.optional().describe('In the past: the publication date. In the future: not public before.'),
  embargoUntil: date.optional().describe('Not public before.'),
  expiresAt: date.optional().describe('Public no longer than this.'),
  draft: z
    .boolean('it is not true or false')
    .optional()
    .describe('true: kept from everybody until it is sent again without this, or with false.'),
  story: text(200).optional().describe('The same for articles that are translations of one another.'),
  externalId: text(500)
    .min(1, 'it is empty')
    .refine((value) => !/\p{Cc}/u.test(value), 'it has control characters in it')
    .optional()
    .describe('Your own name for the article: the same again is a revision.'),
  correction: text(500)
    .optional()
    .describe(
      'Of a revision: what it puts right, as a sentence for readers. Those who got the article by mail are told.',
    ),
  rights: text(500).optional(),
  announce: z.boolean('it is not true or false').optional().describe('false: in pages and archives, but not news.'),
});

export type ArticleInput = z.output<typeof articleInput>;

function isWebAddress(value: string): boolean {
  return /^https?:\/\//i.test(value) && URL.canParse(value);
}
