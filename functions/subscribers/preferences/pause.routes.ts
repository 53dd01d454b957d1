import * as z from 'zod';
import { InvalidInput } from '../../shared/errors.ts';
import { type Answer, json } from '../../shared/http/answer.ts';
import { type Ask, routeFor } from '../../shared/http/route.ts';
import type { Instant } from '../../shared/time.ts';
import { change } from '../change.ts';
import type { SignupPorts } from '../door.ts';
import { circumstancesOf, deadLink, languageOf, type PageQuery, PERSONAL, pageQuery, wantsJson } from '../pages.ts';
import { choicesOf, differences } from '../subscriber.ts';
import { startOfDay } from './day.ts';
import { type Membership, membershipIn, membershipOf } from './membership.ts';
import { mayPauseUntil, pause, pausedUntil } from './pause.ts';
import { preferencesPage } from './preferencesPage.ts';
import { undoChange } from './undo.ts';

const route = routeFor<SignupPorts>();

const pauseAsked = z.object({ until: z.string().max(40).nullish(), resume: z.string().max(10).optional() });
type PauseAsked = z.infer<typeof pauseAsked>;

export const pauseRoutes = [
  route({
    method: 'POST',
    path: '/preferences/{token}/pause',
    access: 'public',
    summary: 'Pause a subscription until a day, or end a pause',
    description:
      'No edition is sent until then; the first one after it takes up where the last one before it ended, with at most thirty articles. `{ "until": "2027-01-31" }`, a day in the newsletter’s time zone, at most a year away; `null` ends the pause.',
    query: pageQuery,
    accepts: { 'application/json': pauseAsked, 'application/x-www-form-urlencoded': pauseAsked },
    mostBytes: 20_000,
    answers: {
      200: {
        is: 'What holds now',
        schema: z.object({ state: z.enum(['paused', 'resumed', 'unchanged']), pausedUntil: z.string().nullable() }),
      },
      400: 'The day is missing, past, or more than a year away',
      404: 'The link does not work',
    },
    work: (ports, ask) => takePause(ports, ask),
  }),
  route({
    method: 'POST',
    path: '/preferences/{token}/undo',
    access: 'public',
    summary: 'Take the last change back, within a day',
    query: pageQuery,
    accepts: { '': z.unknown(), 'application/json': z.unknown(), 'application/x-www-form-urlencoded': z.unknown() },
    mostBytes: 20_000,
    answers: {
      200: {
        is: 'What holds now; `unchanged`: there was nothing to take back',
        schema: z.object({ state: z.enum(['undone', 'unchanged']), pausedUntil: z.string().nullable() }),
      },
      404: 'The link does not work',
    },
    work: (ports, ask) => takeUndo(ports, ask),
  }),
];

const takePause = async (ports: SignupPorts, ask: Ask<PageQuery, PauseAsked>): Promise<Answer> => {
  const membership = await membershipOf(ports, ask);
  if (!membership) return deadLink(ports.house, ask);
  let until: Instant | null;
  try {
    until = untilOf(ask.body, membership, ports.now());
  } catch (error) {
    // A program is told by a problem document; a person gets the page back, unchanged.
    if (!(error instanceof InvalidInput) || wantsJson(ask)) throw error;
    return preferencesPage(ports, ask, membership, { wrong: 'until', status: 400 });
  }
  const outcome = await change(ports.subscribers, membership.subscriber.id, (one) =>
    pause(one, membership.newsletter.id, until, circumstances(ports, ask, membership)),
  );
  const now = outcome && membershipIn([membership.newsletter], outcome.subscriber, membership.newsletter.id);
  if (!outcome || !now || outcome.is === 'unknown') return deadLink(ports.house, ask);
  return done(ports, ask, now, outcome.is === 'unchanged' ? { outcome: 'unchanged' } : { did: outcome.is });
};

const untilOf = ({ until, resume }: PauseAsked, { newsletter }: Membership, now: Instant): Instant | null => {
  if (resume !== undefined || until === null) return null;
  const day = startOfDay(until ?? '', newsletter.timeZone);
  if (day === undefined || !mayPauseUntil(day, now))
    throw new InvalidInput('The field “until” must be a day such as 2027-01-31, after today and within a year.', {
      field: 'until',
    });
  return day;
};

const takeUndo = async (ports: SignupPorts, ask: Ask<PageQuery>): Promise<Answer> => {
  const membership = await membershipOf(ports, ask);
  if (!membership) return deadLink(ports.house, ask);
  const { newsletter, subscription } = membership;
  const outcome = await change(ports.subscribers, membership.subscriber.id, (one) =>
    undoChange(one, newsletter.id, circumstances(ports, ask, membership)),
  );
  const now = outcome && membershipIn([newsletter], outcome.subscriber, newsletter.id);
  if (!outcome || !now || outcome.is === 'unknown') return deadLink(ports.house, ask);
  if (outcome.is === 'unchanged') return done(ports, ask, now, { outcome: 'unchanged' });
  const what = differences(subscription, now.subscription);
  return done(ports, ask, now, { did: 'undone', before: subscription, what });
};

const circumstances = (ports: SignupPorts, ask: Ask<PageQuery>, { subscription }: Membership) =>
  circumstancesOf(ask, languageOf(ports.house, ask, subscription.languages[0]), ports.now());

const done = (
  ports: SignupPorts,
  ask: Ask<PageQuery>,
  now: Membership,
  shown: Parameters<typeof preferencesPage>[3] & object,
): Answer | Promise<Answer> => {
  if (!wantsJson(ask)) return preferencesPage(ports, ask, now, shown);
  const until = pausedUntil(now.subscription, ports.now());
  return json(200, { state: shown.did ?? shown.outcome, pausedUntil: until, ...choicesOf(now.subscription) }, PERSONAL);
};
