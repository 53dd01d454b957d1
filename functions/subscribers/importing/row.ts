import { parseAddress } from '../../border/address.ts';
import { CADENCES, type Cadence, type Newsletter, type Newsroom } from '../../shared/config.ts';
import { InvalidInput } from '../../shared/errors.ts';
import { choicesFrom, usualChoices } from '../joining/wish.ts';
import type { Choices } from '../subscriber.ts';
import type { Meaning } from './reading/columns.ts';

/** The values of a row by what they mean; what was empty is not there. */
export type Values = Readonly<Partial<Record<Meaning, string | readonly string[]>>>;

export type Row =
  | {
      readonly is: 'good';
      readonly address: string;
      readonly choices: Choices;
      /** `false`: the file itself says that this person never confirmed. */
      readonly confirmed: boolean;
      readonly since: string | null;
    }
  /** The file itself says that this person has left. */
  | { readonly is: 'left-there' }
  | { readonly is: 'refused'; readonly field: Meaning; readonly reason: string };

/** What a row says, in our own words. Whatever is wrong with it is told with its field, and the row is left out. */
export const readRow = (newsroom: Newsroom, newsletter: Newsletter, values: Values): Row => {
  const parsed = parseAddress(textOf(values.address).trim());
  if (parsed.is === 'refused') return refused('address', `it is not an address: ${parsed.because}`);
  const state = stateOf(values);
  if (state === 'left') return { is: 'left-there' };
  if (state === 'unknown') return refused('state', 'it is not a word for somebody who gets mail or who has left');
  try {
    return {
      is: 'good',
      address: parsed.address,
      choices: choicesOfRow(newsroom, newsletter, values),
      confirmed: state === 'confirmed',
      since: dayOf(textOf(values.since)),
    };
  } catch (error) {
    if (error instanceof InvalidInput) return refused(fieldOf(error), error.message);
    throw error;
  }
};

const refused = (field: Meaning, reason: string): Row => ({ is: 'refused', field, reason });

const fieldOf = ({ field }: InvalidInput): Meaning =>
  field === 'languages' || field === 'topics' || field === 'cadence' || field === 'timeZone' ? field : 'address';

const choicesOfRow = (newsroom: Newsroom, newsletter: Newsletter, values: Values): Choices => {
  const usual = usualChoices(newsletter, newsletter.languages[0] ?? '');
  const languages = listOf(values.languages).map((name) => languageNamed(newsroom, name));
  const topics = listOf(values.topics).map((name) => topicNamed(newsroom, name));
  const cadence = textOf(values.cadence).trim();
  const timeZone = textOf(values.timeZone).trim();
  const wish = {
    ...(languages.length > 0 && { languages }),
    ...(topics.length > 0 && { topics }),
    ...(cadence !== '' && { cadence: cadenceNamed(cadence) }),
    ...(timeZone !== '' && { timeZone }),
  };
  return choicesFrom(newsroom, newsletter, wish, usual);
};

const folded = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().trim();

/** `fr`, `fr-FR`, `fr_BE`, `French` as the newsroom writes it; as it was where it is none of these, to be refused. */
const languageNamed = ({ languages }: Newsroom, name: string): string => {
  const wanted = folded(name).replace('_', '-');
  const found =
    languages.find(({ id, label }) => [id.toLowerCase(), folded(label)].includes(wanted)) ??
    languages.find(({ id }) => id.toLowerCase().split('-')[0] === wanted.split('-')[0]);
  return found?.id ?? name;
};

const topicNamed = ({ topics }: Newsroom, name: string): string => {
  const wanted = folded(name);
  const names = (one: Newsroom['topics'][number]): string[] => [one.id, ...Object.values(one.label), ...one.synonyms];
  return topics.find((one) => names(one).some((known) => folded(known) === wanted))?.id ?? name;
};

const CADENCE_NAMES: Readonly<Record<Cadence, readonly string[]>> = {
  immediate: ['immediate', 'immediately', 'instant', 'immediat', 'inmediato', 'inmediata'],
  daily: ['daily', 'day', 'quotidien', 'quotidienne', 'diario', 'diaria'],
  weekly: ['weekly', 'week', 'hebdomadaire', 'semanal'],
  monthly: ['monthly', 'month', 'mensuel', 'mensuelle', 'mensual'],
};

const cadenceNamed = (name: string): string =>
  CADENCES.find((cadence) => CADENCE_NAMES[cadence].includes(folded(name))) ?? name;

const GETS_MAIL = [
  '',
  'subscribed',
  'active',
  'enabled',
  'confirmed',
  'true',
  'yes',
  '1',
  'oui',
  'si',
  'abonne',
  'actif',
];
const NEVER_CONFIRMED = ['pending', 'unconfirmed', 'en attente', 'pendiente'];
const HAS_LEFT = [
  ...['unsubscribed', 'cleaned', 'bounced', 'complained', 'blocklisted', 'blacklisted', 'disabled', 'inactive', 'left'],
  ...['nonsubscribed', 'non-subscribed', 'archived', 'deleted', 'cancelled', 'canceled', 'suppressed', 'erased'],
  ...['false', 'no', '0', 'non', 'desabonne', 'inactif', 'baja', 'cancelado'],
];

const stateOf = (values: Values): 'confirmed' | 'pending' | 'left' | 'unknown' => {
  const left = folded(textOf(values.leftAt));
  if (left !== '' && left !== 'null' && left !== '0') return 'left';
  const state = folded(textOf(values.state));
  if (GETS_MAIL.includes(state)) return 'confirmed';
  if (NEVER_CONFIRMED.includes(state)) return 'pending';
  return HAS_LEFT.includes(state) ? 'left' : 'unknown';
};

const textOf = (value: string | readonly string[] | undefined): string =>
  typeof value === 'string' ? value : (value?.join(', ') ?? '');

/** Several in one field are separated as programs do it. */
const listOf = (value: string | readonly string[] | undefined): string[] =>
  (typeof value === 'string' ? value.split(/[,;|]/) : [...(value ?? [])])
    .map((one) => one.trim())
    .filter((one) => one !== '')
    .slice(0, 100);

/** The day of a date as exports write it; `null` where it cannot be told, since it is for the record only. */
const dayOf = (text: string): string | null =>
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])/.exec(text.trim())?.[0] ?? null;
