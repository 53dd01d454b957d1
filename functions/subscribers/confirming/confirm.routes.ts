import * as z from 'zod';
import { unreachable } from '../../shared/errors.ts';
import { type Answer, json, problem } from '../../shared/http/answer.ts';
import { type Ask, routeFor } from '../../shared/http/route.ts';
import { change } from '../change.ts';
import { choicesInWords, listIn } from '../choicesShown.ts';
import type { SignupPorts } from '../door.ts';
import { rung } from '../joining/enrol.ts';
import { lettersDue, withLetter } from '../letters/letter.ts';
import {
  circumstancesOf,
  deadLink,
  languageOf,
  newsletterLabel,
  type PageQuery,
  PERSONAL,
  pageQuery,
  personalPage,
  problemPage,
  wantsJson,
} from '../pages.ts';
import type { Choices, Subscriber, Subscription } from '../subscriber.ts';
import { subscriptionOf } from '../subscription.ts';
import { preferencesUrl } from '../token.ts';
import { type ConfirmationLink, confirmAll, stateOfLink } from './confirm.ts';

type LinkAsk = Ask<PageQuery>;

const route = routeFor<SignupPorts>();

const answer = z.object({
  state: z.enum(['confirmed', 'already-confirmed', 'left']),
  message: z.string(),
  preferencesUrl: z.string().optional(),
});

export const confirmRoutes = [
  route({
    method: 'GET',
    path: '/confirm/{token}',
    access: 'public',
    summary: 'The page behind the link of a confirmation mail. It changes nothing; its button confirms',
    query: pageQuery,
    answers: { 200: 'The page', 404: 'The link does not work, or no longer', 409: 'A newer mail took its place' },
    work: (ports, ask) => showQuestion(ports, ask),
  }),
  route({
    method: 'POST',
    path: '/confirm/{token}',
    access: 'public',
    summary: 'Confirm a subscription. An empty body is enough; a second time changes nothing',
    query: pageQuery,
    // What is in the body does not matter, so any browser, form or program will do.
    accepts: {
      '': z.unknown(),
      'application/json': z.unknown(),
      'application/x-www-form-urlencoded': z.unknown(),
      'multipart/form-data': z.unknown(),
    },
    mostBytes: 20_000,
    answers: {
      200: { is: 'What the subscription is now', schema: answer },
      404: 'The link does not work, or no longer',
      409: 'A newer mail took its place',
    },
    work: (ports, ask) => takeConfirmation(ports, ask),
  }),
];

const showQuestion = async (ports: SignupPorts, ask: LinkAsk): Promise<Answer> => {
  const link = await linkOf(ports, ask);
  const [first] = link?.questions ?? [];
  if (!link || !first) return deadLink(ports.house, ask);
  const subscriber = await ports.subscribers.byId(link.subscriber);
  const open = link.questions.flatMap((question) => {
    const state = stateOfLink(subscriber, question);
    return state.is === 'open' ? [{ newsletter: question.newsletter, choices: state.asked.choices }] : [];
  });
  if (open.length > 0) {
    const language = languageOf(ports.house, ask, open[0]?.choices.languages[0]);
    return personalPage(ports.house, ask, 'confirm', { language, ...wordsOf(ports, open, language) });
  }
  const state = stateOfLink(subscriber, first);
  switch (state.is) {
    case 'used':
    case 'left':
      return done(ports, ask, state.is === 'used' ? 'already-confirmed' : 'left', [state.subscription]);
    case 'replaced':
      return replaced(ports, ask, state.subscription);
    case 'open':
    case 'unknown':
      return deadLink(ports.house, ask);
    default:
      return unreachable(state);
  }
};

const takeConfirmation = async (ports: SignupPorts, ask: LinkAsk): Promise<Answer> => {
  const link = await linkOf(ports, ask);
  const [first] = link?.questions ?? [];
  if (!link || !first) return deadLink(ports.house, ask);
  const outcome = await change(ports.subscribers, link.subscriber, (before) => {
    const asked = link.questions.flatMap((one) => stateOfLink(before, one)).find(({ is }) => is === 'open');
    const reader = asked?.is === 'open' ? asked.asked.choices.languages[0] : undefined;
    const circumstances = circumstancesOf(ask, languageOf(ports.house, ask, reader), ports.now());
    const outcome = confirmAll(before, link.questions, circumstances);
    const fresh = outcome.confirmed.filter((id) => subscriptionOf(before, id)?.state !== 'active');
    return { ...outcome, subscriber: fresh.reduce((one, id) => welcomed(ports, id, one), outcome.subscriber) };
  });
  const subscription = outcome && subscriptionOf(outcome.subscriber, first.newsletter);
  if (!outcome || !subscription) return deadLink(ports.house, ask);
  switch (outcome.is) {
    case 'confirmed': {
      const { subscriber } = link;
      if (lettersDue(outcome.subscriber, ports.now()).length > 0) await rung(ports, subscriber);
      const confirmed = outcome.subscriber.subscriptions.filter((one) => outcome.confirmed.includes(one.newsletter));
      const newsletter = confirmed[0]?.newsletter ?? first.newsletter;
      const token = await ports.links.make({ purpose: 'preferences', subscriber, newsletter });
      return done(ports, ask, 'confirmed', confirmed, preferencesUrl(ports.house.siteUrl, token));
    }
    case 'used':
      return done(ports, ask, 'already-confirmed', [subscription]);
    case 'left':
      return done(ports, ask, 'left', [subscription]);
    case 'replaced':
      return replaced(ports, ask, subscription);
    case 'unknown':
      return deadLink(ports.house, ask);
    default:
      return unreachable(outcome.is);
  }
};

/** Where the newsletter says so, a mail brings whoever is new the latest edition, rather than nothing until the next one. */
const welcomed = ({ house, now }: SignupPorts, newsletter: string, subscriber: Subscriber): Subscriber => {
  if (!house.newsroom.newsletters.find(({ id }) => id === newsletter)?.welcome) return subscriber;
  const language = subscriptionOf(subscriber, newsletter)?.languages[0] ?? 'en';
  return withLetter(subscriber, { kind: 'welcome', newsletter, language }, now());
};

interface QuestionsLink {
  readonly subscriber: string;
  /** What its mail asked for, and nothing else. */
  readonly questions: readonly ConfirmationLink[];
}

const linkOf = async ({ links }: SignupPorts, ask: LinkAsk): Promise<QuestionsLink | undefined> => {
  const token = await links.read('confirm', ask.params['token'] ?? '');
  if (token.is === 'bad' || token.claim.round === undefined) return undefined;
  const { subscriber, newsletter, round, also = [] } = token.claim;
  return { subscriber, questions: [{ newsletter, round }, ...also] };
};

/** `preferences` is given out once, with the first click: a link that is used says only what is. */
const done = (
  ports: SignupPorts,
  ask: LinkAsk,
  state: z.infer<typeof answer>['state'],
  subscriptions: readonly Subscription[],
  preferences?: string,
): Answer => {
  const language = languageOf(ports.house, ask, subscriptions[0]?.languages[0]);
  const shown = subscriptions.map((one) => ({ newsletter: one.newsletter, choices: one }));
  const words = wordsOf(ports, shown, language);
  if (!wantsJson(ask)) {
    return personalPage(ports.house, ask, 'confirm-done', { language, state, preferences, ...words });
  }
  const message = ports.house.templates.say(language, `subscribe.done.${state}`, { newsletter: words.newsletter });
  return json(200, { state, message, ...(preferences !== undefined && { preferencesUrl: preferences }) }, PERSONAL);
};

const replaced = ({ house }: SignupPorts, ask: LinkAsk, subscription: Subscription): Answer => {
  const language = languageOf(house, ask, subscription.languages[0]);
  if (!wantsJson(ask)) return problemPage(house, ask, language, 'replaced', 409);
  return problem(409, house.templates.say(language, 'subscribe.problem.replaced'), { headers: PERSONAL });
};

interface Shown {
  readonly newsletter: string;
  readonly choices: Choices;
}

const wordsOf = ({ house }: SignupPorts, shown: readonly Shown[], language: string) => {
  const questions = shown.map(({ newsletter, choices }) => ({
    newsletter: newsletterLabel(house.newsroom, newsletter, language),
    summary: choicesInWords(house, choices, language),
  }));
  const names = questions.map(({ newsletter }) => newsletter);
  return { newsletter: listIn(language, names), questions };
};
