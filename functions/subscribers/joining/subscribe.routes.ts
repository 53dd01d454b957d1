import * as z from 'zod';
import { parseAddress } from '../../border/address.ts';
import { labelIn, type Newsletter, type Newsroom } from '../../shared/config.ts';
import { InvalidInput } from '../../shared/errors.ts';
import { type Answer, html, json, problem } from '../../shared/http/answer.ts';
import { originOf } from '../../shared/http/network.ts';
import { type Ask, routeFor } from '../../shared/http/route.ts';
import { type House, renderPage } from '../../shared/page/house.ts';
import { choicesForm } from '../choicesShown.ts';
import type { SignupPorts } from '../door.ts';
import {
  circumstancesOf,
  languageOf,
  type PageQuery,
  pageQuery,
  personalPage,
  problemPage,
  wantsJson,
} from '../pages.ts';
import type { Choices } from '../subscriber.ts';
import { snippetOf } from './embed.ts';
import { enrol } from './enrol.ts';
import { invitedTo } from './invitation.ts';
import { choicesFrom, type Fields, fields, firstOf, newsletterOf, usualChoices, wishFields, wishOf } from './wish.ts';

type FormAsk = Ask<PageQuery, Fields>;

const route = routeFor<SignupPorts>();

/** Given once, with commas, or several times. */
const several = z
  .union([z.string(), z.array(z.string())])
  .transform((given) => [given].flat().flatMap((one) => one.split(',')))
  .optional()
  .catch(undefined);

const invitation = pageQuery.extend({
  ...{ languages: several, topics: several },
  cadence: z.string().optional().catch(undefined),
});

const program = z.strictObject({
  email: z.string().max(1000),
  newsletter: z.string().max(100).optional(),
  ...wishFields,
});

export const subscribeRoutes = [
  route({
    method: 'GET',
    path: '/subscribe',
    access: 'public',
    summary: 'The page for signing up',
    description:
      'An invitation may fill the form in: `?newsletter=`, `languages=`, `topics=`, `cadence=`, each of several values given more than once or with commas. What is not offered is left out. It changes nothing.',
    query: invitation,
    answers: { 200: 'The page, in the language of `?lang=`' },
    work: ({ house }, ask) => {
      const language = languageOf(house, ask);
      const asked = house.newsroom.newsletters.find((one) => one.id === ask.query.newsletter);
      const newsletter = asked ?? newsletterOf(house.newsroom, undefined);
      return formPage(house, ask, { newsletter, choices: invitedTo(house, newsletter, ask.query, language), language });
    },
  }),
  route({
    method: 'POST',
    path: '/subscribe',
    access: 'public',
    summary: 'Sign up for a newsletter',
    description:
      'Sends a mail that asks for confirmation, in the first of the chosen languages. The answer is the same whether or not the address is known here. Without choices: the first newsletter, its usual language, all topics, weekly.',
    query: pageQuery,
    accepts: { 'application/json': program, 'application/x-www-form-urlencoded': fields },
    mostBytes: 20_000,
    answers: {
      202: { is: 'Taken. What follows is in the mail.', schema: z.object({ message: z.string() }) },
      400: 'The address or a choice is not valid; the sentence names the field',
      429: 'Too many sign-ups from this network within an hour',
    },
    work: (ports, ask) => takeSignUp(ports, ask),
  }),
];

/** Hidden from people; of a name that no browser fills in by itself, or a reader would be lost without a word. */
const TRAP = 'reference';

const takeSignUp = async (ports: SignupPorts, ask: FormAsk): Promise<Answer> => {
  const { house } = ports;
  const language = languageOf(house, ask);
  const read = readSignUp(house, ask.body, language);
  if (read.is === 'wrong') {
    if (wantsJson(ask)) throw read.error;
    return formPage(house, ask, { ...read, language, sent: ask.body }, 400);
  }
  // The field that people do not see was filled in: a program that fills in everything. It learns nothing from it.
  if (firstOf(ask.body, TRAP)) return taken(house, ask, language);
  const now = ports.now();
  const refused = await fromTooMany(ports, ask, language);
  if (refused) return refused;
  const circumstances = circumstancesOf(ask, language, now);
  await enrol(ports, read.address, { newsletter: read.newsletter.id, choices: read.choices, circumstances }, now);
  return taken(house, ask, language);
};

/** What asks for a mail is counted by network; the answer for one that has asked too often. */
export const fromTooMany = async (
  { house, networkLimit, now }: SignupPorts,
  ask: Ask<PageQuery>,
  language: string,
): Promise<Answer | undefined> => {
  const origin = originOf(ask);
  if (origin.is === 'this-machine') return undefined;
  const network = origin.is === 'network' ? origin.prefix : 'unknown';
  return (await networkLimit.admits(network, now())) ? undefined : tooMany(house, ask, language);
};

type Read =
  | { readonly is: 'good'; readonly address: string; readonly newsletter: Newsletter; readonly choices: Choices }
  | { readonly is: 'wrong'; readonly error: InvalidInput; readonly newsletter: Newsletter; readonly choices: Choices };

const readSignUp = ({ newsroom }: House, sent: Fields, language: string): Read => {
  let newsletter = newsletterOf(newsroom, undefined);
  let choices = usualChoices(newsletter, language);
  try {
    newsletter = newsletterOf(newsroom, firstOf(sent, 'newsletter'));
    choices = usualChoices(newsletter, language);
    choices = choicesFrom(newsroom, newsletter, wishOf(sent), choices);
    const parsed = parseAddress(firstOf(sent, 'email') ?? '');
    if (parsed.is === 'refused')
      throw new InvalidInput(`The field “email” is not an address: ${parsed.because}.`, { field: 'email' });
    return { is: 'good', address: parsed.address, newsletter, choices };
  } catch (error) {
    // A program is told by a problem document; a person gets the form back with what was understood so far.
    if (error instanceof InvalidInput) return { is: 'wrong', error, newsletter, choices };
    throw error;
  }
};

interface FormPage {
  readonly newsletter: Newsletter;
  readonly choices: Choices;
  readonly language: string;
  readonly error?: InvalidInput;
  readonly sent?: Fields;
}

const formPage = (house: House, ask: Ask<PageQuery>, form: FormPage, status = 200): Answer => {
  const { newsroom } = house;
  const { newsletter, choices, language } = form;
  const description = labelIn(newsletter.description, language, newsroom);
  const page = renderPage(house, 'subscribe', {
    path: ask.path,
    canonical: house.siteUrl + pathOf(newsroom, newsletter, language),
    alternates: newsroom.languages.map(({ id }) => ({ language: id, path: pathOf(newsroom, newsletter, id) })),
    language,
    ...choicesForm(house, newsletter, choices, language),
    description,
    snippet: snippetOf(house, newsletter, choices, language),
    others: newsroom.newsletters
      .filter((one) => one.id !== newsletter.id)
      .map((one) => ({ id: one.id, label: labelIn(one.label, language, newsroom) })),
    email: form.sent ? (firstOf(form.sent, 'email') ?? '').slice(0, 254) : '',
    wrong: form.error?.field,
  });
  return html(status, page, { 'cache-control': form.sent ? 'no-store' : 'no-cache', vary: 'accept-language' });
};

/** The page of this newsletter in that language; the first newsletter's needs no name. */
const pathOf = (newsroom: Newsroom, { id }: Newsletter, language: string): string => {
  const named = id === newsroom.newsletters[0]?.id ? '' : `newsletter=${id}&`;
  return `/subscribe?${named}lang=${language}`;
};

const taken = (house: House, ask: FormAsk, language: string): Answer =>
  wantsJson(ask)
    ? json(202, { message: house.templates.say(language, 'subscribe.sent.message') }, { 'cache-control': 'no-store' })
    : personalPage(house, ask, 'subscribe-sent', { language }, 202);

const tooMany = (house: House, ask: Ask<PageQuery>, language: string): Answer => {
  const retry = { 'retry-after': '3600' };
  if (wantsJson(ask)) return problem(429, house.templates.say(language, 'subscribe.problem.many'), { headers: retry });
  const page = problemPage(house, ask, language, 'many', 429);
  return { ...page, headers: { ...page.headers, ...retry } };
};
