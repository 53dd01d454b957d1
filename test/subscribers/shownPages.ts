import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { fileURLToPath } from 'node:url';
import { loadNewsroom } from '../../functions/shared/config.ts';
import type { House } from '../../functions/shared/page/house.ts';
import { stylesheetOf } from '../../functions/shared/page/stylesheet.ts';
import { addMs, DAY_MS } from '../../functions/shared/time.ts';
import { suppress } from '../../functions/subscribers/suppress.ts';
import { type Answered, aRoom, openHouseForTests, type Room } from './aRoom.ts';

const NEWSLETTER = 'city-news';
const PAGE = { accept: 'text/html' };

/** Every page of this room in every state it has, in the language asked for, as its readers get it. */
const everyPage = async (house: House, lang = 'en'): Promise<Record<string, Answered>> => {
  const room = await aRoom(house);
  const form = (path: string, ...fields: [string, string][]) => room.postForm(`${path}?lang=${lang}`, fields);
  const get = (path: string) => room.get(`${path}?lang=${lang}`);
  const press = (path: string) => room.ask('POST', `${path}?lang=${lang}`, { headers: PAGE });

  await room.postJson('/subscribe', { email: 'long.name.of.a.reader@a-rather-long-domain.example' });
  await room.hearBells();
  const { link } = await room.lastMail();
  const preferences = (address: string) => room.linkFor('preferences', address, NEWSLETTER);
  const unsubscribe = (address: string) => room.linkFor('unsubscribe', address, NEWSLETTER);

  const pages: Record<string, Answered> = {
    subscribe: await get('/subscribe'),
    'subscribe-wrong': await form('/subscribe', ['email', 'no <address>'], ['cadence', 'weekly']),
    sent: await form('/subscribe', ['email', 'ben@readers.example']),
    confirm: await get(link),
    'confirm-done': await press(link),
    'confirm-again': await press(link),
  };
  const ana = 'long.name.of.a.reader@a-rather-long-domain.example';
  const [settings, leaving] = [await preferences(ana), await unsubscribe(ana)];
  pages['preferences'] = await get(settings);
  pages['preferences-wrong'] = await form(settings, ['languages', 'xx']);
  pages['preferences-changed'] = await form(
    settings,
    ...(['fr', 'en'] as const).map((id): [string, string] => ['languages', id]),
    ...['climate', 'mobility', 'culture'].map((id): [string, string] => ['topics', id]),
    ['cadence', 'daily'],
  );
  pages['preferences-paused'] = await form(`${settings}/pause`, ['until', pauseDay(room)]);
  pages['preferences-no-day'] = await form(`${settings}/pause`, ['until', 'soon']);
  pages['preferences-undone'] = await press(`${settings}/undo`);
  pages['preferences-address-asked'] = await form(`${settings}/address`, ['email', 'new@readers.example']);
  await room.hearBells();
  const moving = new URL((await room.lastMail()).link).pathname;
  pages['preferences-address'] = await get(moving);
  pages['preferences-address-done'] = await press(moving);
  pages['preferences-erase'] = await get(`${settings}/erase`);
  pages['lost'] = await get('/preferences');
  pages['lost-wrong'] = await form('/preferences', ['email', 'nobody']);
  pages['lost-sent'] = await form('/preferences', ['email', 'ben@readers.example']);
  pages['unsubscribe'] = await get(leaving);
  pages['unsubscribe-less'] = await room.get(`${leaving}?less=1&lang=${lang}`);
  pages['unsubscribe-pause'] = await form(leaving, ['instead', 'pause']);
  pages['unsubscribe-done'] = await press(leaving);
  pages['confirm-left'] = await get(link);
  pages['preferences-left'] = await get(settings);
  pages['unsubscribe-undone'] = await form(leaving, ['undo', '1']);
  const found = await room.subscribers.byAddress('new@readers.example');
  await suppress(room, found?.id ?? '', 'bounce', { at: room.now(), sentAt: room.now() });
  pages['preferences-suppressed'] = await get(settings);
  pages['preferences-erased'] = await press(`${settings}/erase`);
  pages['problem'] = await get('/confirm/nothing');
  return pages;
};

const pauseDay = (room: Room): string => addMs(room.now(), 60 * DAY_MS).slice(0, 10);

/** The room behind a real port, with the stylesheet and pictures of its pages; `/shown/…` are pages made before. */
export const servePages = async (lang = 'en') => {
  const built = await openHouseForTests();
  const house: House = { ...built, newsroom: await loadNewsroom() };
  const pages = await everyPage(house, lang);
  const room = await aRoom(house);
  const server = createServer(async (request, response) => {
    const path = request.url ?? '/';
    if (path.startsWith('/assets/') || path === '/favicon.ico') {
      const [type, bytes] = await asset(house, path);
      response.writeHead(200, { 'content-type': type }).end(bytes);
      return;
    }
    const shown = pages[path.replace('/shown/', '')];
    const { status, headers, body } = shown ?? (await askedOf(room, request));
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    names: Object.keys(pages),
    room,
    async close() {
      server.close();
      await built.close();
    },
  };
};

const asset = async (house: House, path: string): Promise<[string, string | Buffer]> => {
  if (path.startsWith('/assets/site.css')) return ['text/css', stylesheetOf(house).css];
  const name = path === '/favicon.ico' ? 'favicon.png' : (path.split('/').at(-1) ?? '');
  const bytes = await readFile(fileURLToPath(new URL(`../../templates/site/assets/${name}`, import.meta.url)));
  return [name.endsWith('.svg') ? 'image/svg+xml' : 'image/png', bytes];
};

const askedOf = async (room: Room, request: IncomingMessage): Promise<Answered> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const headers = Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' && name !== 'host' ? [[name, value]] : [],
  );
  const body = chunks.length > 0 ? { body: Buffer.concat(chunks).toString('utf8') } : {};
  return room.ask(request.method ?? 'GET', request.url ?? '/', { headers: Object.fromEntries(headers), ...body });
};
