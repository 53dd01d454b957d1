import * as z from 'zod';
import { parseAddress } from '../../border/address.ts';
import { InvalidInput } from '../../shared/errors.ts';
import { type Answer, html, json } from '../../shared/http/answer.ts';
import { type Ask, routeFor } from '../../shared/http/route.ts';
import { renderPage } from '../../shared/page/house.ts';
import type { Instant } from '../../shared/time.ts';
import type { SignupPorts } from '../door.ts';
import { rung } from '../joining/enrol.ts';
import { fromTooMany } from '../joining/subscribe.routes.ts';
import { languageOf, type PageQuery, pageQuery, personalPage, wantsJson } from '../pages.ts';
import { askForLink } from './lostLink.ts';

const route = routeFor<SignupPorts>();

const wanted = z.object({ email: z.string().max(1000) });

export const lostRoutes = [
  route({
    method: 'GET',
    path: '/preferences',
    access: 'public',
    summary: 'The page for whoever has lost the link to the settings',
    query: pageQuery,
    answers: { 200: 'The page' },
    work: (ports, ask) => form(ports, ask),
  }),
  route({
    method: 'POST',
    path: '/preferences',
    access: 'public',
    summary: 'Mail the link to the settings to its owner',
    description:
      'The answer is the same whether or not the address is known here. At most once a day, and three times until the reader clicks on something.',
    query: pageQuery,
    accepts: { 'application/json': wanted, 'application/x-www-form-urlencoded': wanted },
    mostBytes: 20_000,
    answers: {
      202: { is: 'Taken. What follows is in the mail.', schema: z.object({ message: z.string() }) },
      400: 'It is not an address',
      429: 'Too many from this network within an hour',
    },
    work: (ports, ask) => takeRequest(ports, ask),
  }),
];

const takeRequest = async (ports: SignupPorts, ask: Ask<PageQuery, z.infer<typeof wanted>>): Promise<Answer> => {
  const { house } = ports;
  const language = languageOf(house, ask);
  const parsed = parseAddress(ask.body.email);
  if (parsed.is === 'refused') {
    if (!wantsJson(ask)) return form(ports, ask, { email: ask.body.email.slice(0, 254), status: 400 });
    throw new InvalidInput(`The field “email” is not an address: ${parsed.because}.`, { field: 'email' });
  }
  const refused = await fromTooMany(ports, ask, language);
  if (refused) return refused;
  await rung(ports, await remember(ports, parsed.address, ports.now()));
  if (wantsJson(ask)) return json(202, { message: house.templates.say(language, 'reader.lost.sent') }, NO_STORE);
  return personalPage(house, ask, 'preferences-lost', { language, sent: true }, 202);
};

const NO_STORE = { 'cache-control': 'no-store' };
const MOST_TRIES = 10;

/** The same is read and written whether or not the address is known, as for a sign-up. */
const remember = async ({ subscribers }: SignupPorts, address: string, now: Instant): Promise<string> => {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const before = await subscribers.open(address, now);
    if ((await subscribers.save(before, askForLink(before, now))) === 'saved') return before.id;
  }
  throw new Error('A subscriber was changed by others ten times in a row.');
};

const form = (
  { house }: SignupPorts,
  ask: Ask<PageQuery>,
  wrong?: { readonly email: string; readonly status: number },
): Answer => {
  const language = languageOf(house, ask);
  const alternates = house.newsroom.languages.map(({ id }) => ({ language: id, path: `/preferences?lang=${id}` }));
  const page = renderPage(house, 'preferences-lost', {
    ...{ path: ask.path, alternates, language, email: wrong?.email ?? '', wrong: wrong !== undefined, sent: false },
    // Nobody looks for this page in a search engine.
    personal: true,
  });
  return html(wrong?.status ?? 200, page, {
    'cache-control': wrong ? 'no-store' : 'no-cache',
    vary: 'accept-language',
  });
};
