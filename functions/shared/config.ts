import * as z from 'zod';
import { cadencesSetting } from './config/cadences.ts';
import { licenceSetting } from './config/licence.ts';
import { firstShareSetting, haltSetting, mailSetting, onUnknownSetting } from './config/sending.ts';
import { sourceSetting, sourceTrouble } from './config/sources.ts';
import { timeZoneSetting } from './config/timeZone.ts';
import { topicId, topicSetting, topicTroubles } from './config/topics.ts';

const languageId = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$/, 'it is not a language tag such as en, fr or pt-BR');
const id = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'it may have small letters, digits and single hyphens only')
  .max(60);
const perLanguage = z.record(languageId, z.string().min(1));
const colour = z.string().regex(/^#[0-9a-f]{6}$/i, 'it is not a colour such as #0b5c7a');
const webAddress = z.url({ protocol: /^https?$/, error: 'it is not a web address' });

const newsletter = z.strictObject({
  id,
  label: perLanguage,
  description: perLanguage,
  languages: z.array(languageId).min(1),
  /** By its clocks editions go out and are dated, unless their cadence has a zone of its own. */
  timeZone: timeZoneSetting,
  cadences: cadencesSetting,
  /** Whether whoever has just confirmed is welcomed by a mail with the latest edition, in his choice of it. */
  welcome: z.boolean().default(false),
  /** Whether it is counted how often each article is opened from its mails: their links then lead over our site. */
  clicks: z.boolean().default(false),
  /** `none`: sent unless stopped. `required`: sent only when somebody approved it. */
  approval: z.enum(['none', 'required']).default('none'),
  /** `someone-else`: not by whoever edited the edition; people are told apart by the names of their newsroom keys. */
  approvalBy: z.enum(['anyone', 'someone-else']).default('anyone'),
  /** So long an edition of a slot waits once it may go, for whoever wants to stop it after all. */
  undoMinutes: z.int().min(0).max(240).default(10),
  /** From so many hours after its slot on an edition is no longer sent by itself: a person decides. */
  staleAfterHours: z.int().min(1).max(168).default(6),
  /** Whether a correction is worth a mail where there is no news to go with it. */
  correctionsAlone: z.boolean().default(false),
  firstShare: firstShareSetting,
  halt: haltSetting,
  onUnknown: onUnknownSetting,
});

const base = z.strictObject({
  name: z.string().min(1).max(60),
  tagline: perLanguage,
  /** Where this newsroom lives on the web. A local run answers at its own address instead. */
  siteUrl: webAddress,
  /** Goes into every article's guid and must never change: a domain you owned on that day (RFC 4151). */
  tagAuthority: z.string().regex(/^[a-z0-9.-]+,\d{4}(-\d{2}(-\d{2})?)?$/, 'it is not of the form example.org,2026'),
  /** First one first: it serves whoever asked for none. */
  languages: z
    .array(
      z.strictObject({ id: languageId, label: z.string().min(1), direction: z.enum(['ltr', 'rtl']).default('ltr') }),
    )
    .min(1),
  timeZone: timeZoneSetting,
  topics: z.array(topicSetting).min(1),
  /** Topics that are gone for good: their addresses say so (410). */
  removedTopics: z.array(topicId).default([]),
  feeds: z
    .strictObject({
      /** `summary`: feeds hold each article's summary and a link, not its text. */
      text: z.enum(['full', 'summary']).default('full'),
    })
    .prefault({}),
  licence: licenceSetting.optional(),
  /** Places whose articles are polled. Those kept by the API stand beside them. */
  sources: z.array(sourceSetting).default([]),
  newsletters: z.array(newsletter).min(1),
  mail: mailSetting,
  sender: z.strictObject({ name: z.string().min(1).max(80), address: z.email(), replyTo: z.email().optional() }),
  /** `mailto:` address for leaving by mail; somebody must read it. */
  unsubscribeAddress: z.email(),
  postalAddress: z.string().min(1).max(300),
  imprintUrl: webAddress,
  privacyUrl: webAddress,
  rights: perLanguage,
  look: z.strictObject({
    /** Links, buttons and lines; readable on white and on near-black. */
    accent: colour,
    /** The same role on a dark background. */
    accentDark: colour,
    ink: colour,
    paper: colour,
    /** A PNG or SVG file below `templates/site/assets/`; mails use the PNG of the same name. */
    logo: z.string().regex(/^[\w-]+\.(svg|png)$/, 'it is not the name of an SVG or PNG file'),
  }),
});

const schema = base.superRefine(check);

/** What `newsroom.config.ts` exports. */
export type NewsroomConfig = z.input<typeof schema>;
/** The same with its defaults filled in. */
export type Newsroom = z.output<typeof schema>;
export type Newsletter = Newsroom['newsletters'][number];

/** How often a newsletter may come, most often first. */
export const CADENCES = ['immediate', 'daily', 'weekly', 'monthly'] as const;
export type Cadence = (typeof CADENCES)[number];
export const cadenceSchema = z.enum(CADENCES);

/** Throws a `NewsroomConfigError` whose message is one sentence that names the first setting that is wrong. */
export const parseNewsroom = (config: unknown): Newsroom => {
  const parsed = schema.safeParse(config);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = issue?.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0]] : (issue?.path ?? []);
  const why = issue?.code === 'unrecognized_keys' ? 'it is not a setting' : (issue?.message ?? 'it is wrong');
  throw new NewsroomConfigError(
    `newsroom.config.ts: “${path.map(String).join('.')}” is not right: ${why.replace(/\.$/, '')}.`,
  );
};

export class NewsroomConfigError extends Error {}

/** The newsroom this code serves. */
export const loadNewsroom = async (): Promise<Newsroom> =>
  parseNewsroom((await import('../../newsroom.config.ts')).default);

export const cadencesOf = (newsletter: Newsletter): Cadence[] =>
  CADENCES.filter((cadence) => newsletter.cadences[cadence]);

type Timetable = NonNullable<Newsletter['cadences'][Exclude<Cadence, 'immediate'>]>;

/** When this cadence has its slots; `undefined` where it is not offered, or goes by no clock. */
export const timetableOf = ({ cadences }: Newsletter, cadence: Cadence): Timetable | undefined =>
  cadence === 'immediate' ? undefined : cadences[cadence];

/** By whose clocks editions of this cadence go out and are dated. */
export const zoneOf = (newsletter: Newsletter, cadence: Cadence): string =>
  timetableOf(newsletter, cadence)?.timeZone ?? newsletter.timeZone;

/** A label in this language, else in the newsroom's first, else the first there is. */
export const labelIn = (label: Readonly<Record<string, string>>, language: string, newsroom: Newsroom): string =>
  label[language] ?? label[newsroom.languages[0]?.id ?? ''] ?? Object.values(label)[0] ?? '';

function check(config: z.output<typeof base>, context: z.RefinementCtx): void {
  const languages = new Set(config.languages.map((language) => language.id));
  const issue = (path: PropertyKey[], message: string): void => context.addIssue({ code: 'custom', path, message });
  const twice = (values: string[]): string | undefined => values.find((value, i) => values.indexOf(value) !== i);
  const repeated = {
    languages: twice(config.languages.map((language) => language.id)),
    topics: twice(config.topics.map((one) => one.id)),
    newsletters: twice(config.newsletters.map((one) => one.id)),
    sources: twice(config.sources.map((one) => one.id)),
  };
  for (const [where, value] of Object.entries(repeated)) if (value) issue([where], `“${value}” is there twice`);
  const labelled = (path: PropertyKey[], label: Record<string, string>): void => {
    for (const language of languages)
      if (!label[language]) issue([...path, language], 'the text in this language is missing');
  };
  for (const { path, message } of topicTroubles(config)) issue(path, message);
  labelled(['tagline'], config.tagline);
  labelled(['rights'], config.rights);
  config.topics.forEach((one, i) => {
    labelled(['topics', i, 'label'], one.label);
  });
  config.newsletters.forEach((one, i) => {
    for (const language of one.languages) {
      if (!languages.has(language))
        issue(['newsletters', i, 'languages'], `“${language}” is none of the newsroom's languages`);
      if (!one.label[language]) issue(['newsletters', i, 'label', language], 'the text in this language is missing');
      if (!one.description[language])
        issue(['newsletters', i, 'description', language], 'the text in this language is missing');
    }
    if (one.approvalBy === 'someone-else' && one.approval !== 'required')
      issue(['newsletters', i, 'approvalBy'], 'somebody else can only approve where “approval” is “required”');
  });
  config.sources.forEach((one, i) => {
    const trouble = sourceTrouble(one, config);
    if (trouble) issue(['sources', i, ...trouble.path], trouble.because);
  });
}
