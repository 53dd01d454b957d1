import type { Newsletter } from '../../shared/config.ts';
import type { Answer } from '../../shared/http/answer.ts';
import type { Ask } from '../../shared/http/route.ts';
import { dayIn } from '../../shared/page/templates.ts';
import { addMs, DAY_MS, type Instant } from '../../shared/time.ts';
import { choicesForm, choicesInWords } from '../choicesShown.ts';
import type { ConsentRecord } from '../consent/chain.ts';
import type { SignupPorts } from '../door.ts';
import { languageOf, newsletterLabel, type PageQuery, personalPage } from '../pages.ts';
import type { Choices, Subscription } from '../subscriber.ts';
import { unsubscribeUrl } from '../token.ts';
import { type Membership, offered, settingsPath } from './membership.ts';
import { LONGEST_PAUSE_DAYS, pausedUntil } from './pause.ts';
import { undoable } from './undo.ts';

export interface Shown {
  /** A message `subscribe.preferences.…`. */
  readonly outcome?: string;
  /** A message `reader.did.…`. */
  readonly did?: string;
  readonly before?: Subscription;
  readonly what?: readonly (keyof Choices)[];
  readonly wrong?: string | undefined;
  readonly status?: number;
}

/** All a reader can do about a subscription, on one page; after a change, with what it changed. */
export const preferencesPage = async (
  ports: SignupPorts,
  ask: Ask<PageQuery>,
  { subscriber, subscription, newsletter }: Membership,
  shown: Shown = {},
): Promise<Answer> => {
  const { house, links } = ports;
  const now = ports.now();
  const language = languageOf(house, ask, subscription.languages[0]);
  const token = await links.make({ purpose: 'unsubscribe', subscriber: subscriber.id, newsletter: newsletter.id });
  const words = choicesInWords(house, subscription, language);
  const earlier = shown.before && choicesInWords(house, shown.before, language);
  const records = await ports.subscribers.record(subscriber);
  const until = pausedUntil(subscription, now);
  const data = {
    language,
    ...choicesForm(house, newsletter, offered(newsletter, subscription), language),
    address: subscriber.address,
    state: subscriber.suppressed ? 'suppressed' : subscription.state,
    outcome: shown.outcome,
    did: shown.did,
    changes: (shown.what ?? []).map((name) => ({ name, from: earlier?.[name], to: words[name] })),
    wrong: shown.wrong,
    undo: undoable(subscription, now) !== undefined,
    pause: { ...pauseBounds(newsletter, now), until: until && dayIn(language, newsletter.timeZone, until, 'long') },
    record: recordShown(ports, records, language),
    earlierRecords: Math.max(0, records.length - MOST_SHOWN),
    settings: settingsPath(ask),
    leaveUrl: unsubscribeUrl(house.siteUrl, token),
  };
  return personalPage(house, { path: settingsPath(ask) }, 'preferences', data, shown.status);
};

const pauseBounds = ({ timeZone }: Newsletter, now: Instant) => {
  const day = (moment: Instant): string =>
    new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(new Date(moment));
  return { first: day(addMs(now, DAY_MS)), last: day(addMs(now, (LONGEST_PAUSE_DAYS - 1) * DAY_MS)) };
};

/** The page shows the latest; the download has all. */
const MOST_SHOWN = 10;

const recordShown = ({ house }: SignupPorts, records: readonly ConsentRecord[], language: string) =>
  records.slice(-MOST_SHOWN).map(({ what, circumstances, newsletter }) => ({
    what,
    at: circumstances.at,
    day: dayIn(language, house.newsroom.timeZone, circumstances.at, 'long'),
    newsletter: newsletter === null ? undefined : newsletterLabel(house.newsroom, newsletter, language),
  }));
