import { type Cadence, cadencesOf, labelIn, type Newsletter, type Newsroom, zoneOf } from '../shared/config.ts';
import type { House } from '../shared/page/house.ts';
import { localeOf } from '../shared/page/templates.ts';
import type { Choices } from './subscriber.ts';

/** What a form offers, with what is chosen now: data for `subscribe-choices.liquid`. */
export const choicesForm = (house: House, newsletter: Newsletter, choices: Choices, language: string) => ({
  newsletter: { id: newsletter.id, label: labelIn(newsletter.label, language, house.newsroom) },
  languageChoices: newsletter.languages.map((id) => ({
    id,
    label: languageLabel(house.newsroom, id),
    first: id === choices.languages[0],
    also: choices.languages.indexOf(id) > 0,
  })),
  topicChoices: house.newsroom.topics.map((topic) => ({
    id: topic.id,
    label: labelIn(topic.label, language, house.newsroom),
    chosen: choices.topics.includes(topic.id),
  })),
  cadenceChoices: cadencesOf(newsletter).map((cadence) => ({
    id: cadence,
    label: cadenceLabel(house, cadence, language),
    when: whenText(house, newsletter, cadence, language),
    chosen: cadence === choices.cadence,
  })),
});

/** The same in words: data for `subscribe-summary.liquid`. */
export const choicesInWords = (house: House, choices: Choices, language: string) => ({
  languages: listIn(
    language,
    choices.languages.map((id) => languageLabel(house.newsroom, id)),
  ),
  topics:
    choices.topics.length === 0
      ? house.templates.say(language, 'subscribe.allTopics')
      : listIn(
          language,
          choices.topics.map((id) => topicLabel(house.newsroom, id, language)),
        ),
  cadence: cadenceLabel(house, choices.cadence, language),
  timeZone: choices.timeZone,
});

const cadenceLabel = (house: House, cadence: Cadence, language: string): string =>
  house.templates.say(language, `subscribe.cadences.${cadence}`);

export const topicLabel = (newsroom: Newsroom, id: string, language: string): string => {
  const topic = newsroom.topics.find((one) => one.id === id);
  return topic ? labelIn(topic.label, language, newsroom) : id;
};

const languageLabel = (newsroom: Newsroom, id: string): string =>
  newsroom.languages.find((one) => one.id === id)?.label ?? id;

export const listIn = (language: string, values: readonly string[]): string =>
  new Intl.ListFormat(language, { type: 'conjunction' }).format(values);

/** “on Monday at 08:00 (Central European Time)”, as the language writes weekdays and hours: readers live everywhere. */
const whenText = ({ templates }: House, newsletter: Newsletter, cadence: Cadence, language: string): string => {
  const { daily, weekly, monthly } = newsletter.cadences;
  if (cadence === 'immediate') return templates.say(language, 'subscribe.when.immediate');
  const at = { daily, weekly, monthly }[cadence]?.at ?? '00:00';
  const spoken = localeOf(language);
  const inUtc = (options: Intl.DateTimeFormatOptions, moment: string): string =>
    new Intl.DateTimeFormat(spoken, { ...options, timeZone: 'UTC' }).format(new Date(moment));
  return templates.say(language, `subscribe.when.${cadence}`, {
    time: `${inUtc({ timeStyle: 'short' }, `2026-01-05T${at}:00.000Z`)} (${zoneLabel(zoneOf(newsletter, cadence), spoken)})`,
    // 5 January 2026 was a Monday.
    weekday: inUtc(
      { weekday: 'long' },
      `2026-01-${String(5 + WEEKDAYS.indexOf(weekly?.on ?? 'monday')).padStart(2, '0')}T12:00:00.000Z`,
    ),
    // The first of a month has a word of its own in some languages.
    ...(cadence === 'monthly' && { count: monthly?.day ?? 1 }),
  });
};

/** The clocks of a zone, all the year: “Central European Time”. */
const zoneLabel = (timeZone: string, language: string): string =>
  new Intl.DateTimeFormat(language, { timeZone, timeZoneName: 'longGeneric' })
    .formatToParts(new Date('2026-01-05T12:00:00.000Z'))
    .find(({ type }) => type === 'timeZoneName')?.value ?? timeZone;

const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
