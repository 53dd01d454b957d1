import { hasText } from '../border/characters.ts';
import { dayIn, dayText, momentOf, readDate } from '../border/date.ts';
import { cleanHtml } from '../border/html.ts';
import { htmlOfMarkdown } from '../border/markdown.ts';
import { cleanText, plainOf } from '../border/text.ts';
import type { Newsroom } from '../shared/config.ts';
import { InvalidInput } from '../shared/errors.ts';
import { type Instant, msOf } from '../shared/time.ts';
import type { Content, Image } from '../wire/article.ts';
import { type Submission, UNFINISHED } from '../wire/ports.ts';
import type { ArticleInput } from './articleInput.ts';
import { topicFinder } from './topics.ts';

interface Context {
  readonly newsroom: Newsroom;
  readonly siteUrl: string;
  readonly now: Instant;
}

/** An article from the newsroom API, cleaned and checked. Throws `InvalidInput` that names the first field that is wrong. */
export const submissionOf = (input: ArticleInput, context: Context): Submission => {
  const dates = datesOf(input, context);
  return {
    content: contentOf(input, dates, context),
    externalId: input.externalId ?? null,
    source: 'api',
    version: msOf(context.now),
    announce: input.announce,
    ...correctionOf(input),
    dueAt: input.draft ? UNFINISHED : dueAtOf(dates, context),
    undated: dates.publishAt === null,
  };
};

/**
 * The later of what is still to come. A day alone that is today schedules nothing: what is dated today is out today,
 * not at noon. An embargo holds all the same.
 */
const dueAtOf = ({ publishAt, embargoUntil }: Dates, { newsroom, now }: Context): Instant | null => {
  const isToday = publishAt?.day === dayText(dayIn(newsroom.timeZone, now));
  const gates = [isToday ? null : publishAt, embargoUntil].flatMap((gate) => (gate && gate.at > now ? [gate.at] : []));
  return gates.sort().at(-1) ?? null;
};

const contentOf = (input: ArticleInput, { publishAt, expiresAt }: Dates, context: Context): Content => {
  const { newsroom, now } = context;
  return {
    language: languageOf(input.language, newsroom),
    title: shown(input.title, 'title'),
    summary: optional(input.summary),
    section: optional(input.section),
    html: htmlOf(input, context),
    topics: topicsOf(input.topics ?? [], newsroom),
    authors: (input.authors ?? []).map(({ name, email }, i) => ({
      name: shown(name, `authors[${i}].name`),
      ...(email !== undefined && { email }),
    })),
    url: input.url === undefined ? null : new URL(input.url).href,
    image: input.image ? imageOf(input.image) : null,
    publishedAt: publishAt?.at ?? now,
    expiresAt: expiresAt?.at ?? null,
    story: optional(input.story),
    rights: optional(input.rights),
  };
};

const correctionOf = ({ correction }: ArticleInput): { readonly correction?: string } => {
  const text = optional(correction);
  return text === null ? {} : { correction: text };
};

/** Plain text that can be seen. */
const shown = (value: string, field: string): string => {
  const clean = cleanText(value);
  if (!hasText(clean)) throw new InvalidInput(`The field “${field}” has no text.`, { field });
  return clean;
};

const optional = (value: string | undefined): string | null => {
  const clean = cleanText(value ?? '');
  return hasText(clean) ? clean : null;
};

const languageOf = (language: string, newsroom: Newsroom): string => {
  const found = newsroom.languages.find(({ id }) => id.toLowerCase() === language.trim().toLowerCase());
  if (found) return found.id;
  const known = newsroom.languages.map(({ id }) => id).join(', ');
  throw new InvalidInput(`The language is none of this newsroom’s: ${known}.`, { field: 'language' });
};

const topicsOf = (names: readonly string[], newsroom: Newsroom): string[] => {
  const find = topicFinder(newsroom);
  const ids = names.map((name, i) => {
    const id = find(name);
    if (id !== undefined) return id;
    const known = newsroom.topics.map((topic) => topic.id).join(', ');
    throw new InvalidInput(`Topic ${i + 1} is not known here; there are ${known}.`, { field: `topics[${i}]` });
  });
  return [...new Set(ids)];
};

const htmlOf = ({ body, url }: ArticleInput, { siteUrl }: Context): string => {
  const [field, sent] = 'html' in body ? ['body.html', body.html] : ['body.markdown', body.markdown];
  if (!sent.isWellFormed()) throw new InvalidInput(`The field “${field}” has half a character in it.`, { field });
  const html = cleanHtml('html' in body ? sent : htmlOfMarkdown(sent), url ?? siteUrl);
  if (hasText(plainOf(html)) || html.includes('<img')) return html;
  throw new InvalidInput(`The field “${field}” has no text.`, { field });
};

const imageOf = ({ url, alt, credit, width, height, type, bytes }: NonNullable<ArticleInput['image']>): Image => ({
  url: new URL(url).href,
  alt: cleanText(alt),
  ...(credit !== undefined && { credit: cleanText(credit) }),
  ...(width !== undefined && { width }),
  ...(height !== undefined && { height }),
  ...(type !== undefined && { type: type.toLowerCase() }),
  ...(bytes !== undefined && { bytes }),
});

interface ReadMoment {
  readonly at: Instant;
  /** Set where only a day was given. */
  readonly day: string | null;
}

interface Dates {
  readonly publishAt: ReadMoment | null;
  readonly embargoUntil: ReadMoment | null;
  readonly expiresAt: ReadMoment | null;
}

const datesOf = ({ publishAt, embargoUntil, expiresAt, language }: ArticleInput, { newsroom }: Context): Dates => {
  const read = (field: string, value: string | undefined): ReadMoment | null =>
    value === undefined ? null : momentRead(value, { field, language, timeZone: newsroom.timeZone });
  const dates = {
    publishAt: read('publishAt', publishAt),
    embargoUntil: read('embargoUntil', embargoUntil),
    expiresAt: read('expiresAt', expiresAt),
  };
  const end = dates.expiresAt;
  if (end && [dates.publishAt, dates.embargoUntil].some((begin) => begin !== null && begin.at >= end.at)) {
    throw new InvalidInput('The field “expiresAt” is not after the moment of publication.', { field: 'expiresAt' });
  }
  return dates;
};

/** Reads a date as border does; what is none, or may be two, is refused with the reason. */
const momentRead = (
  value: string,
  { field, language, timeZone }: { field: string; language: string; timeZone: string },
): ReadMoment => {
  const reading = readDate(value, language);
  const at = momentOf(reading, timeZone);
  if (at !== undefined) {
    return { at, day: reading.is === 'day' && reading.time === null ? dayText(reading.day) : null };
  }
  const because = reading.is === 'refused' ? reading.because : 'it is not a date such as 2026-01-02T08:00:00Z';
  throw new InvalidInput(`The field “${field}” is not a date that can be used: ${because}.`, { field });
};
