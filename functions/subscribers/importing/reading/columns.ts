/** What a column can be. Everything else in a file is named and left alone: what Courant does not need, it does not keep. */
export const MEANINGS = ['address', 'languages', 'topics', 'cadence', 'timeZone', 'state', 'leftAt', 'since'] as const;
export type Meaning = (typeof MEANINGS)[number];

/** Names of columns, as people and the exports of Mailchimp, Ghost, listmonk, Brevo and MailPoet write them. */
const NAMES: Readonly<Record<Meaning, readonly string[]>> = {
  address: [
    'address',
    'e-mail',
    'email address',
    'e-mail address',
    'mail',
    'subscriber email',
    'adresse',
    'adresse e-mail',
    'adresse électronique',
    'courriel',
    'adresse courriel',
    'correo',
    'correo electrónico',
    'dirección de correo',
    'dirección de correo electrónico',
  ],
  languages: ['language', 'languages', 'lang', 'locale', 'langue', 'langues', 'idioma', 'idiomas', 'lengua'],
  topics: ['topic', 'topics', 'interests', 'thème', 'thèmes', 'sujets', 'tema', 'temas', 'intereses'],
  cadence: ['cadence', 'frequency', 'fréquence', 'rythme', 'frecuencia', 'ritmo'],
  timeZone: ['time zone', 'timezone', 'fuseau horaire', 'zona horaria', 'huso horario'],
  state: [
    'state',
    'status',
    'subscribed',
    'subscribed to emails',
    'subscription status',
    'statut',
    'état',
    'abonné',
    'estado',
    'suscrito',
  ],
  leftAt: ['unsub time', 'clean time', 'unsubscribed at', 'deleted at', 'left at', 'désabonné le', 'baja'],
  since: [
    'confirm time',
    'confirmed at',
    'optin time',
    'subscribed at',
    'created at',
    'joined at',
    'since',
    'inscrit le',
    'fecha de alta',
  ],
};

/** Without capitals, accents, spaces and signs: `E-Mail_Adresse` is `emailadresse`. */
const folded = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');

const KNOWN: ReadonlyMap<string, Meaning> = new Map(
  MEANINGS.flatMap((meaning) => NAMES[meaning].map((name) => [folded(name), meaning] as const)),
);

/** Beside a column of mail addresses these hold streets and towns. */
const POSTAL = new Set(['address', 'adresse']);

export interface Column {
  readonly name: string;
  /** `null`: not understood, or there is an earlier one of this meaning. */
  readonly is: Meaning | null;
}

/** A name as it can be shown: short, in one line. */
const shown = (name: string): string =>
  name
    .replace(/[\p{Cc}\p{Cf}]/gu, ' ')
    .trim()
    .slice(0, 60);

/** What each column is, in the order of the file. `wanted` says it where the names do not. */
export const columnsOf = (names: readonly string[], wanted: Readonly<Record<string, Meaning>> = {}): Column[] => {
  const byWish = new Map(Object.entries(wanted).map(([name, meaning]) => [folded(name), meaning]));
  const meant = (name: string): Meaning | null => byWish.get(folded(name)) ?? KNOWN.get(folded(name)) ?? null;
  const hasMail = names.some((name) => meant(name) === 'address' && !POSTAL.has(folded(name)));
  const taken = new Set<Meaning>();
  return names.map((name) => {
    const is = hasMail && POSTAL.has(folded(name)) ? null : meant(name);
    if (is === null || taken.has(is)) return { name: shown(name), is: null };
    taken.add(is);
    return { name: shown(name), is };
  });
};
