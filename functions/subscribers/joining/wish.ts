import * as z from 'zod';
import { topicsNow } from '../../shared/config/topics.ts';
import { type Cadence, cadencesOf, type Newsletter, type Newsroom } from '../../shared/config.ts';
import { InvalidInput } from '../../shared/errors.ts';
import type { Choices } from '../subscriber.ts';

/** What somebody chose, as a form or a program says it; nothing of it needs to make sense yet. */
export interface Wish {
  readonly languages?: readonly string[] | undefined;
  readonly topics?: readonly string[] | undefined;
  readonly cadence?: string | undefined;
  readonly timeZone?: string | undefined;
}

const list = z.array(z.string().max(100)).max(100);

/** A wish as a program says it. */
export const wishFields = {
  languages: list.optional(),
  topics: list.optional(),
  cadence: z.string().max(100).optional(),
  timeZone: z
    .string()
    .max(100)
    .optional()
    .describe(
      'Where the reader lives: kept with his choices and exported. Nothing is sent by it: editions go out by the clocks of their cadence, which the pages for signing up and choosing name.',
    ),
};

/** What a form or a program sent, by name: a form's field given once is a text, one given several times a list. */
export const fields = z.record(z.string(), z.union([z.string(), z.array(z.string())]).optional());
export type Fields = z.infer<typeof fields>;

const allOf = (sent: Fields, name: string): string[] => [sent[name] ?? []].flat().slice(0, 100);

export const firstOf = (sent: Fields, name: string): string | undefined => allOf(sent, name)[0];

/** What was not sent is left open. */
export const wishOf = (sent: Fields): Wish => ({
  languages: sent['languages'] === undefined ? undefined : allOf(sent, 'languages'),
  topics: sent['topics'] === undefined ? undefined : allOf(sent, 'topics').filter((topic) => topic !== ''),
  cadence: firstOf(sent, 'cadence'),
  timeZone: firstOf(sent, 'timeZone'),
});

export const newsletterOf = (newsroom: Newsroom, id: string | undefined): Newsletter => {
  const newsletter = id === undefined ? newsroom.newsletters[0] : newsroom.newsletters.find((one) => one.id === id);
  if (!newsletter)
    throw wrong(
      'newsletter',
      'There is no such newsletter',
      newsroom.newsletters.map((one) => one.id),
    );
  return newsletter;
};

/** The wish with what was left open filled in. Throws `InvalidInput` for what this newsletter does not offer. */
export const choicesFrom = (newsroom: Newsroom, newsletter: Newsletter, wish: Wish, otherwise: Choices): Choices => {
  const languages = unique(wish.languages ?? otherwise.languages);
  if (languages.length === 0) throw wrong('languages', 'There must be at least one language', newsletter.languages);
  if (!languages.every((language) => newsletter.languages.includes(language))) {
    throw wrong('languages', 'The newsletter is not made in every one of these languages', newsletter.languages);
  }
  const topics = topicsNow(newsroom, wish.topics ?? otherwise.topics);
  const known = newsroom.topics.map((topic) => topic.id);
  // Only what is said now must be right: a topic that was chosen once may have been removed since.
  if (!topicsNow(newsroom, wish.topics ?? []).every((topic) => known.includes(topic)))
    throw wrong('topics', 'Not all of these topics are known', known);
  return {
    languages,
    topics,
    cadence: cadenceFrom(newsletter, wish.cadence ?? otherwise.cadence),
    timeZone: timeZoneFrom(wish.timeZone ?? otherwise.timeZone),
  };
};

/** For whoever says nothing: the page's language, all topics, once a week, the newsletter's own time. */
export const usualChoices = (newsletter: Newsletter, language: string): Choices => {
  const cadences = cadencesOf(newsletter);
  return {
    languages: newsletter.languages.includes(language) ? [language] : newsletter.languages.slice(0, 1),
    topics: [],
    cadence: cadences.includes('weekly') ? 'weekly' : (cadences[0] ?? 'weekly'),
    timeZone: newsletter.timeZone,
  };
};

const cadenceFrom = (newsletter: Newsletter, wanted: string): Cadence => {
  const cadences = cadencesOf(newsletter);
  const cadence = cadences.find((one) => one === wanted);
  if (!cadence) throw wrong('cadence', 'The newsletter does not come this often', cadences);
  return cadence;
};

/** Zones that were asked about before, in the spelling Intl itself uses: asking anew for each row of an import is dear. */
const knownZones = new Set<string>();

const timeZoneFrom = (name: string): string => {
  if (knownZones.has(name)) return name;
  try {
    const zone = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
    knownZones.add(zone);
    return zone;
  } catch {
    // Intl has no other way to ask whether it knows a zone.
    throw new InvalidInput('The field “timeZone” is not a time zone such as Europe/Brussels.', { field: 'timeZone' });
  }
};

const unique = (values: readonly string[]): string[] => [...new Set(values)];

const wrong = (field: string, sentence: string, offered: readonly string[]): InvalidInput =>
  new InvalidInput(`${sentence}: “${field}” takes ${offered.join(', ')}.`, { field });
