import { simpleParser } from 'mailparser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addMs, DAY_MS, HOUR_MS } from '../../functions/shared/time.ts';
import { dynamoNetworkLimit } from '../../functions/subscribers/joining/networkLimit.dynamo.ts';
import { memoryTable } from '../support/memoryTable.ts';
import { aRoom, openHouseForTests } from './aRoom.ts';
import { START } from './aSubscriber.ts';

let house: Awaited<ReturnType<typeof openHouseForTests>>;
beforeAll(async () => {
  house = await openHouseForTests();
});
afterAll(() => house.close());

const ANA = 'ana@example.org';
const linksIn = (html: string): string[] =>
  [...html.matchAll(/(?:href|action|src)="([^"]+)"/g)].map(([, link = '']) => link.replaceAll('&amp;', '&'));
/** The same link whatever language it names, so that a walk ends. */
const bare = (link: string): string => link.replace(house.siteUrl, '').replace(/[?&]lang=\w+/, '');
const isOurs = (link: string): boolean => /^\/(subscribe|confirm|preferences|unsubscribe)/.test(bare(link));

describe('a scanner that follows every link of every mail and page', () => {
  test('changes nothing, however deep it goes', async () => {
    const table = memoryTable();
    const room = await aRoom({ ...house, newsroom: withWelcome(house.newsroom) }, { table });
    // Ana is a reader with every kind of mail on its way or opened; Ben was only asked.
    await room.join(ANA);
    await room.hearBells();
    const settings = await room.linkFor('preferences', ANA);
    await room.postJson('/preferences', { email: ANA });
    await room.postJson(`${settings}/address`, { email: 'ana@new.example' });
    await room.postJson('/subscribe', { email: 'ben@example.org' });
    await room.hearBells();
    const purposes = room.sent.map(({ tags }) => tags['purpose']).sort();
    expect(purposes).toEqual(['address', 'confirmation', 'confirmation', 'link']);

    const waiting = [await room.linkFor('unsubscribe', ANA)];
    for (const { raw } of room.sent) {
      const { html } = await simpleParser(Buffer.from(raw));
      waiting.push(...linksIn(typeof html === 'string' ? html : ''));
    }
    const before = JSON.stringify(table.items());
    const seen = new Set<string>();
    for (let link = waiting.shift(); link !== undefined; link = waiting.shift()) {
      if (!isOurs(link) || seen.has(bare(link))) continue;
      seen.add(bare(link));
      for (const method of ['GET', 'HEAD']) {
        const { status, body } = await room.ask(method, link.replace(house.siteUrl, ''), {
          headers: { accept: '*/*' },
        });
        expect([405, 200]).toContain(status);
        waiting.push(...linksIn(body));
      }
    }
    expect(seen.size).toBeGreaterThan(12);
    expect([...seen].some((link) => link.endsWith('/erase'))).toBe(true);
    expect(JSON.stringify(table.items())).toBe(before);
    expect(room.bell.rung).toEqual([]);
  });
});

const withWelcome = (newsroom: typeof house.newsroom): typeof house.newsroom => ({
  ...newsroom,
  newsletters: newsroom.newsletters.map((one) => ({ ...one, welcome: true })),
});

describe('somebody with a list of 10,000 strangers', () => {
  test('from one network gets sixty mails an hour out of us, and none of them twice', async () => {
    const room = await aRoom(house);
    const email = (i: number): string => `stranger${i}@example.org`;
    for (let i = 0; i < 10_000; i++) {
      if (i % 2000 === 0) room.wait(HOUR_MS);
      await room.postJson('/subscribe', { email: email(i % 3000) }, { sourceIp: `198.51.100.${i % 256}` });
    }
    await room.sweep();
    const to = room.sent.map((mail) => mail.to);
    expect(to.length).toBeLessThanOrEqual(5 * 60);
    expect(new Set(to).size).toBe(to.length);
  });

  test('and thousands of networks is stopped for all of them together, until the next hour', async () => {
    const limit = dynamoNetworkLimit(memoryTable(), { ofNetwork: 60, inPart: 50 });
    let admitted = 0;
    for (let i = 0; i < 3000; i++) if (await limit.admits(`10.${i >> 8}.${i & 255}.0/24`, START)) admitted++;
    expect(admitted).toBeLessThanOrEqual(16 * 50);
    expect(admitted).toBeGreaterThan(16 * 50 * 0.9);
    expect(await limit.admits('10.0.0.0/24', addMs(START, HOUR_MS))).toBe(true);
  });

  test('day after day sends three mails to each of them, whatever form it fills in', async () => {
    const room = await aRoom(house);
    const list = Array.from({ length: 20 }, (_, i) => `stranger${i}@example.org`);
    await room.join(ANA);
    const settings = await room.linkFor('preferences', ANA);
    for (let day = 0; day < 20; day++) {
      for (const email of list) {
        await room.postJson('/subscribe', { email, cadence: day % 2 ? 'daily' : 'monthly' });
        await room.postJson('/preferences', { email });
        await room.postJson(`${settings}/address`, { email });
      }
      await room.sweep();
      room.wait(DAY_MS);
    }
    for (const email of list) expect(room.sent.filter(({ to }) => to === email).length).toBeLessThanOrEqual(3);
  });
});

describe('a link', () => {
  test('opens only what it was made for, for whom, and as long as it holds', async () => {
    const room = await aRoom(house);
    await room.join(ANA);
    await room.join('ben@example.org');
    const settings = await room.linkFor('preferences', ANA);
    const leaving = await room.linkFor('unsubscribe', ANA);
    await room.postJson(`${settings}/address`, { email: 'ana@new.example' });
    await room.hearBells();
    const moving = new URL((await room.lastMail()).link).pathname;
    const [p, u, a] = [settings, leaving, moving].map((path) => path.split('/')[2] ?? '');
    const ben = (await room.subscribers.byAddress('ben@example.org'))?.id ?? '';
    const anaId = (await room.subscribers.byAddress(ANA))?.id ?? '';
    const before = JSON.stringify([await room.subscribers.byId(anaId), await room.subscribers.byId(ben)]);
    const bad = [
      // Another purpose.
      ...[`/preferences/${u}`, `/preferences/${a}`, `/preferences/${u}/erase`, `/preferences/${u}/pause`],
      ...[`/preferences/${u}/address`, `/preferences/${a}/erase`, `/preferences/${p}/new-address`],
      ...[`/preferences/${u}/undo`, `/unsubscribe/${p}`, `/unsubscribe/${a}`, `/confirm/${p}`, `/confirm/${a}`],
      // Another person, another key, cut off, changed.
      `/preferences/${p?.replace(anaId, ben)}/erase`,
      `/preferences/${p?.replace(/^1\.\d+/, '1.0002')}/erase`,
      `/preferences/${p?.replace(/^1\./, '2.')}/erase`,
      ...[1, 5, 44, 100].map((n) => `/preferences/${p?.slice(0, -n)}/erase`),
      `/preferences/${p}x/erase`,
      `/preferences/${p?.replace(/.$/, (c) => (c === 'A' ? 'B' : 'A'))}/erase`,
    ];
    for (const path of bad) {
      const form: [string, string][] = [
        ['email', 'eve@example.org'],
        ['until', '2026-06-01'],
      ];
      expect([path, (await room.postForm(path, form)).status]).toEqual([path, 404]);
    }
    expect(JSON.stringify([await room.subscribers.byId(anaId), await room.subscribers.byId(ben)])).toBe(before);
    room.wait(3 * DAY_MS);
    expect((await room.press(moving)).status).toBe(404);
    expect((await room.get(settings)).status).toBe(200);
  });
});

describe('an invitation', () => {
  test('fills in the form, leaves out what is not offered, and changes nothing', async () => {
    const table = memoryTable();
    const room = await aRoom(house, { table });
    const before = JSON.stringify(table.items());
    const { status, body } = await room.get(
      '/subscribe?lang=en&newsletter=delta-post&languages=fr,en&topics=climate&topics=gossip&cadence=monthly&email=eve@example.org',
    );
    expect(status).toBe(200);
    expect(body).toMatch(/<option value="fr"[^>]* selected/);
    expect(body).toMatch(/value="climate" checked/);
    expect(body).toMatch(/value="monthly" checked/);
    expect(body).not.toMatch(/gossip|eve@example/);
    expect((await room.get('/subscribe?cadence=hourly&languages=xx')).status).toBe(200);
    expect(JSON.stringify(table.items())).toBe(before);
  });

  test('comes as a form that any site can paste: its fields are those of the page', async () => {
    const room = await aRoom(house);
    const { body } = await room.get('/subscribe?lang=fr&languages=fr&topics=climate&cadence=daily');
    const shown = /<pre[^>]*><code>([\s\S]*?)<\/code>/.exec(body)?.[1] ?? '';
    const snippet = shown
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&#34;', '"')
      .replaceAll('&amp;', '&');
    expect(snippet).toMatch(/^<form method="post" action="https:\/\/delta\.example\/subscribe\?lang=fr">/);
    expect(snippet).not.toMatch(/script|style/);
    const fields = [...snippet.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)].map(
      ([, name = '', value = '']): [string, string] => [name, value],
    );
    const from = {
      headers: { origin: 'https://elsewhere.example', 'content-type': 'application/x-www-form-urlencoded' },
    };
    const answer = await room.postForm('/subscribe?lang=fr', [...fields, ['email', ANA]], from);
    expect(answer.status).toBe(202);
    expect((await room.subscribers.byAddress(ANA))?.subscriptions).toMatchObject([
      { languages: ['fr'], topics: ['climate'], cadence: 'daily' },
    ]);
  });
});

test('for a new reader a welcome is rung where the newsletter says so, until it is sent; not for a change', async () => {
  const room = await aRoom({ ...house, newsroom: withWelcome(house.newsroom) });
  await room.join(ANA, { languages: ['es'] });
  await room.sweep();
  await room.sweep();
  const subscriber = (await room.subscribers.byAddress(ANA))?.id ?? '';
  expect(room.welcomes.rung).toEqual([{ subscriber }, { subscriber }, { subscriber }]);
  expect(room.sent).toHaveLength(1);

  const before = await room.subscribers.byId(subscriber);
  if (before) await room.subscribers.save(before, { ...before, letters: [] });
  room.wait(DAY_MS);
  await room.join(ANA, { languages: ['fr'] });
  await room.sweep();
  expect(room.welcomes.rung).toHaveLength(3);
});

test('no welcome is rung where the newsletter has none', async () => {
  const room = await aRoom(house);
  await room.join(ANA);
  await room.sweep();
  expect(room.welcomes.rung).toEqual([]);
});
