import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { House } from '../../functions/shared/page/house.ts';
import { DAY_MS, HOUR_MS } from '../../functions/shared/time.ts';
import { readTokenKeys } from '../../functions/shared/tokenKeys.ts';
import { makeOver } from '../../functions/subscribers/leaving/over.ts';
import { suppress } from '../../functions/subscribers/suppress.ts';
import { NOBODY, preferencesUrl, TEST_TOKEN, unsubscribeUrl } from '../../functions/subscribers/token.ts';
import type { MemoryTable } from '../support/memoryTable.ts';
import { memoryTable } from '../support/memoryTable.ts';
import { aRoom, openHouseForTests, type Room } from './aRoom.ts';

let house: House & { close(): Promise<void> };
beforeAll(async () => {
  house = await openHouseForTests();
});
afterAll(() => house.close());

const ANA = 'ana@example.org';

const subscriptionOf = async (room: Room, address = ANA) =>
  (await room.subscribers.byAddress(address))?.subscriptions[0];

const asked = async (room: Room, wish: object = {}): Promise<string> => {
  await room.postJson('/subscribe', { email: ANA, ...wish });
  await room.hearBells();
  return (await room.lastMail()).link;
};

const JSON_WANTED = { headers: { accept: 'application/json' } };

describe('confirming', () => {
  test('the page shows what was chosen and has one button; the button confirms; the next edition is promised', async () => {
    const room = await aRoom(house);
    const link = await asked(room, { topics: ['climate'], cadence: 'daily', languages: ['fr', 'en'] });
    const page = await room.get(link);
    expect(page.status).toBe(200);
    for (const words of ['Climat', 'Chaque jour', 'Français et English', 'Oui, je m’abonne'])
      expect(page.body).toContain(words);
    expect(page.body.match(/<button/g)).toHaveLength(1);
    expect((await subscriptionOf(room))?.state).toBe('pending');

    const done = await room.press(link);
    expect(done.status).toBe(200);
    expect(done.body).toContain('Votre abonnement est confirmé');
    expect((await subscriptionOf(room))?.state).toBe('active');
    expect(await room.subscribers.audience('delta-post', 'daily', { limit: 10 })).toHaveLength(1);
  });

  test('the first click leads on to the preferences; a used link says kindly that all is done, and gives no more', async () => {
    const room = await aRoom(house);
    const link = await asked(room);
    const [, preferences = ''] = /href="(https:[^"]+\/preferences\/[^"]+)"/.exec((await room.press(link)).body) ?? [];
    expect((await room.get(preferences)).status).toBe(200);
    const before = await room.subscribers.byAddress(ANA);
    for (const again of [await room.get(link), await room.press(link)]) {
      expect(again.status).toBe(200);
      expect(again.body).toContain('You are subscribed already');
      expect(again.body).not.toContain('/preferences/');
      expect(again.body).not.toContain('<button');
    }
    expect(await room.subscribers.byAddress(ANA)).toEqual(before);
  });

  test('works without a body, with a form’s, and as JSON', async () => {
    for (const request of [
      {},
      { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'a=b' },
      { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: '' },
      { headers: { 'content-type': 'application/json' }, body: '{}' },
    ]) {
      const room = await aRoom(house);
      expect((await room.ask('POST', await asked(room), request)).status).toBe(200);
      expect((await subscriptionOf(room))?.state).toBe('active');
    }
    const room = await aRoom(house);
    const link = await asked(room);
    const first = await room.ask('POST', link, JSON_WANTED);
    expect(JSON.parse(first.body)).toMatchObject({
      state: 'confirmed',
      preferencesUrl: expect.stringContaining('/preferences/'),
    });
    const second = await room.ask('POST', link, JSON_WANTED);
    expect(JSON.parse(second.body)).toEqual({ state: 'already-confirmed', message: expect.any(String) });
  });

  test('ends after 72 hours', async () => {
    const room = await aRoom(house);
    const link = await asked(room);
    room.wait(72 * HOUR_MS - 1);
    expect((await room.get(link)).status).toBe(200);
    room.wait(1);
    expect((await room.get(link)).status).toBe(404);
    expect((await room.press(link)).status).toBe(404);
    expect((await subscriptionOf(room))?.state).toBe('pending');
  });

  test('a link whose question was replaced says so and confirms nothing', async () => {
    const room = await aRoom(house);
    const old = await asked(room);
    room.wait(DAY_MS);
    const fresh = await asked(room, { cadence: 'daily' });
    for (const answer of [await room.get(old), await room.press(old)]) {
      expect(answer.status).toBe(409);
      expect(answer.body).toContain('replaced by a newer one');
    }
    expect((await room.ask('POST', old, JSON_WANTED)).headers['content-type']).toBe('application/problem+json');
    await room.press(fresh);
    expect(await subscriptionOf(room)).toMatchObject({ state: 'active', cadence: 'daily' });
  });

  test('who has left since is not brought back', async () => {
    const room = await aRoom(house);
    const link = await room.join(ANA);
    await room.press(await room.linkFor('unsubscribe', ANA));
    const answer = await room.press(link);
    expect([answer.status, answer.body.includes('You have left')]).toEqual([200, true]);
    expect((await subscriptionOf(room))?.state).toBe('left');
  });
});

describe('preferences', () => {
  test('the page has what is chosen now; saving says what has changed', async () => {
    const room = await aRoom(house);
    await room.join(ANA, { languages: ['fr', 'en'], topics: ['climate'], cadence: 'weekly' });
    const link = await room.linkFor('preferences', ANA);
    const page = await room.get(link);
    expect(page.body).toContain(ANA);
    expect(page.body).toMatch(/<option value="fr"[^>]* selected/);
    expect(page.body).toMatch(/value="climate" checked/);
    expect(page.body).not.toMatch(/value="mobility" checked/);
    expect(page.body).toMatch(/value="weekly" checked/);

    room.wait(DAY_MS);
    const saved = await room.postForm(link, [
      ['languages', 'en'],
      ['cadence', 'daily'],
    ]);
    expect(saved.status).toBe(200);
    expect(saved.body).toContain('role="status"');
    expect(await subscriptionOf(room)).toMatchObject({
      languages: ['en'],
      topics: [],
      cadence: 'daily',
      history: [{ cadence: 'weekly', until: room.now() }],
    });
    const daily = await room.subscribers.audience('delta-post', 'daily', { limit: 9 });
    const weekly = await room.subscribers.audience('delta-post', 'weekly', { limit: 9 });
    expect([daily.length, weekly.length]).toEqual([1, 0]);
  });

  test('says each change in the language of the page', async () => {
    const room = await aRoom(house);
    await room.join(ANA, { topics: ['climate'] });
    const link = await room.linkFor('preferences', ANA);
    const saved = await room.postForm(`${link}?lang=fr`, [
      ['languages', 'en'],
      ['cadence', 'daily'],
    ]);
    expect(saved.body).toContain('<s>Climat</s> → <b>tous les thèmes</b>');
    expect(saved.body).toContain('<s>Chaque semaine</s> → <b>Chaque jour</b>');
    expect(saved.body).not.toContain('Langues: <s>');
    const same = await room.postForm(`${link}?lang=es`, [
      ['languages', 'en'],
      ['cadence', 'daily'],
    ]);
    expect(same.body).toContain('No ha cambiado nada.');
  });

  test('as JSON, what is not named stays', async () => {
    const room = await aRoom(house);
    await room.join(ANA, { topics: ['climate'], cadence: 'weekly' });
    const link = await room.linkFor('preferences', ANA);
    const answer = await room.postJson(link, { cadence: 'monthly' });
    expect([answer.status, JSON.parse(answer.body)]).toEqual([
      200,
      {
        state: 'changed',
        changed: ['cadence'],
        languages: ['en'],
        topics: ['climate'],
        cadence: 'monthly',
        timeZone: 'Europe/Brussels',
      },
    ]);
    expect(JSON.parse((await room.postJson(link, {})).body)).toMatchObject({ state: 'unchanged', changed: [] });
  });

  test('what the newsletter does not offer is refused, and nothing changes', async () => {
    const room = await aRoom(house);
    await room.join(ANA);
    const link = await room.linkFor('preferences', ANA);
    const before = await room.subscribers.byAddress(ANA);
    const answer = await room.postJson(link, { languages: ['de'] });
    expect([answer.status, JSON.parse(answer.body).field]).toEqual([400, 'languages']);
    expect((await room.postJson(link, { email: 'other@example.org' })).status).toBe(400);
    const page = await room.postForm(link, [
      ['languages', 'en'],
      ['cadence', 'hourly'],
    ]);
    expect(page.status).toBe(400);
    expect(page.body).toContain('The newsletter does not come this often.');
    expect(await room.subscribers.byAddress(ANA)).toEqual(before);
  });

  test('who has left can come back here; the page says how things stand', async () => {
    const room = await aRoom(house);
    await room.join(ANA);
    await room.press(await room.linkFor('unsubscribe', ANA));
    const link = await room.linkFor('preferences', ANA);
    expect((await room.get(link)).body).toContain('You have left this newsletter.');
    const back = await room.postForm(link, [
      ['languages', 'en'],
      ['cadence', 'weekly'],
    ]);
    expect(back.body).toContain('Welcome back.');
    expect((await subscriptionOf(room))?.state).toBe('active');
  });

  test('a suppressed reader is told, and nothing can be changed', async () => {
    const room = await aRoom(house);
    await room.join(ANA);
    const id = (await room.subscribers.byAddress(ANA))?.id ?? '';
    await suppress(room, id, 'complaint', { at: room.now(), sentAt: room.now() });
    const link = await room.linkFor('preferences', ANA);
    const page = await room.get(link);
    expect(page.body).toContain('Mails to this address came back');
    expect(page.body).not.toContain('<button');
    expect(JSON.parse((await room.postJson(link, { cadence: 'daily' })).body)).toMatchObject({
      state: 'suppressed',
      changed: [],
    });
    expect((await subscriptionOf(room))?.cadence).toBe('weekly');
  });

  test('lead to leaving by a link of its own', async () => {
    const room = await aRoom(house);
    await room.join(ANA);
    const { body } = await room.get(await room.linkFor('preferences', ANA));
    const [, leave = ''] = /href="(https:[^"]+\/unsubscribe\/[^"]+)"/.exec(body) ?? [];
    expect((await room.press(leave)).status).toBe(200);
    expect((await subscriptionOf(room))?.state).toBe('left');
  });
});

describe('leaving', () => {
  test('the page names the address and the newsletter and has one button, which acts at once', async () => {
    const room = await aRoom(house);
    await room.join(ANA, { languages: ['es'] });
    const link = await room.linkFor('unsubscribe', ANA);
    const page = await room.get(link);
    expect(page.body).toContain('¿Darse de baja de Delta &lt;i&gt;Post&lt;/i&gt; (es)?');
    // Whoever was forwarded the mail learns whose subscription it is, and no more.
    expect(page.body).toContain('a…@e….org');
    expect(page.body).not.toContain(ANA);
    expect(page.body.match(/<button/g)).toHaveLength(1);
    expect((await subscriptionOf(room))?.state).toBe('active');
    expect((await room.press(link)).body).toContain('Se ha dado de baja');
    expect((await subscriptionOf(room))?.state).toBe('left');
    expect(await room.subscribers.audience('delta-post', 'weekly', { limit: 9 })).toEqual([]);
  });

  // RFC 8058 section 3.1.
  test.each([
    ['a form', 'application/x-www-form-urlencoded', 'List-Unsubscribe=One-Click'],
    [
      'multipart',
      'multipart/form-data; boundary=b',
      '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n',
    ],
    ['plain text', 'text/plain', 'List-Unsubscribe=One-Click'],
    ['nothing', undefined, undefined],
    ['a body without a type', undefined, 'List-Unsubscribe=One-Click'],
    ['JSON', 'application/json', '{}'],
  ])('a mailbox provider’s one click acts at once, sent as %s, without cookie or redirect', async (_, type, body) => {
    const room = await aRoom(house);
    await room.join(ANA);
    const link = await room.linkFor('unsubscribe', ANA);
    const request = { ...(type && { headers: { 'content-type': type } }), ...(body !== undefined && { body }) };
    const first = await room.ask('POST', link, request);
    expect([first.status, first.headers['location'], first.headers['set-cookie']]).toEqual([200, undefined, undefined]);
    expect((await subscriptionOf(room))?.state).toBe('left');
    const before = await room.subscribers.byAddress(ANA);
    expect((await room.ask('POST', link, request)).status).toBe(200);
    expect(await room.subscribers.byAddress(ANA)).toEqual(before);
  });

  test('JSON is answered by JSON', async () => {
    const room = await aRoom(house);
    await room.join(ANA);
    const link = await room.linkFor('unsubscribe', ANA);
    expect(JSON.parse((await room.postJson(link, {})).body)).toMatchObject({ state: 'left' });
    expect(JSON.parse((await room.postJson(link, { undo: true })).body)).toMatchObject({ state: 'active' });
  });

  test('a slip can be taken back for a day by the same link', async () => {
    const room = await aRoom(house);
    await room.join(ANA);
    const link = await room.linkFor('unsubscribe', ANA);
    expect((await room.press(link)).body).toContain('That was a mistake, keep me subscribed');
    const back = await room.postForm(link, [['undo', '1']]);
    expect(back.body).toContain('All is as it was');
    expect((await subscriptionOf(room))?.state).toBe('active');
    expect(await room.subscribers.audience('delta-post', 'weekly', { limit: 9 })).toHaveLength(1);

    await room.press(link);
    room.wait(DAY_MS);
    expect((await room.get(link)).body).not.toContain('<button');
    await room.postForm(link, [['undo', '1']]);
    expect((await subscriptionOf(room))?.state).toBe('left');
  });

  test('by the link in an edition counts for that edition: once, until it is taken back, and whoever pressed', async () => {
    const room = await aRoom(house);
    await room.join(ANA);
    const over = { edition: 'delta-post-weekly-20260501T080000Z', language: 'en' };
    const link = `${await room.linkFor('unsubscribe', ANA)}?over=${makeOver(await readTokenKeys(room.keys, 'links'), over)}`;
    const counted = async () => {
      await room.count();
      return room.growth.leavings(over.edition);
    };
    const oneClick = {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'List-Unsubscribe=One-Click',
    };
    for (let i = 0; i < 3; i++) expect((await room.ask('POST', link, oneClick)).status).toBe(200);
    expect(await counted()).toEqual({ en: 1 });
    // The page's own button goes where the mail's link went.
    const [, undo = ''] = /action="([^"]+)"/.exec((await room.get(link)).body) ?? [];
    await room.postForm(undo.replaceAll('&amp;', '&'), [['undo', '1']]);
    expect(await counted()).toEqual({ en: 0 });
    const [, leave = ''] = /action="([^"]+)"/.exec((await room.get(link)).body) ?? [];
    await room.press(leave.replaceAll('&amp;', '&'));
    expect(await counted()).toEqual({ en: 1 });
    expect(JSON.stringify(await room.subscribers.byAddress(ANA))).not.toContain(over.edition);
  });

  test.each([
    ['forged', (mark: string) => `${mark.slice(0, -1)}${mark.endsWith('A') ? 'B' : 'A'}`],
    ['of another edition', (mark: string) => mark.replace('20260501', '20260508')],
    ['cut off', (mark: string) => mark.slice(0, 20)],
    ['something else', () => '%00%ff'],
    ['empty', () => ''],
  ])('is as good where the edition’s mark is %s, and counts for none', async (_, spoilt) => {
    const room = await aRoom(house);
    await room.join(ANA);
    const over = { edition: 'delta-post-weekly-20260501T080000Z', language: 'en' };
    const mark = makeOver(await readTokenKeys(room.keys, 'links'), over);
    const link = `${await room.linkFor('unsubscribe', ANA)}?over=${spoilt(mark)}`;
    expect((await room.press(link)).status).toBe(200);
    expect((await subscriptionOf(room))?.state).toBe('left');
    await room.count();
    expect(await room.growth.leavings(over.edition)).toEqual({});
    expect(await room.growth.leavings('delta-post-weekly-20260508T080000Z')).toEqual({});
  });

  test('ends one newsletter, not the other', async () => {
    const room = await aRoom(house);
    await room.join(ANA);
    await room.join(ANA, { newsletter: 'ferries' });
    await room.press(await room.linkFor('unsubscribe', ANA, 'ferries'));
    expect((await room.subscribers.byAddress(ANA))?.subscriptions.map(({ state }) => state)).toEqual([
      'active',
      'left',
    ]);
  });

  test('works for ever, through every rotation of the keys, and for a newsletter that is given up', async () => {
    const room = await aRoom(house);
    await room.join(ANA);
    const link = await room.linkFor('unsubscribe', ANA);
    await room.keys.put({ pk: 'TOKENS#links', sk: '0002', secret: Buffer.alloc(32, 2).toString('base64') });
    const later = await aRoom(
      { ...house, newsroom: { ...house.newsroom, newsletters: house.newsroom.newsletters.slice(1) } },
      room,
    );
    later.wait(20 * 365 * DAY_MS);
    expect((await later.get(link)).status).toBe(200);
    expect((await later.press(link)).status).toBe(200);
    expect((await subscriptionOf(room))?.state).toBe('left');
  });

  test('whoever is not known any more is told that nothing comes', async () => {
    const room = await aRoom(house);
    const token = await room.links.make({
      purpose: 'unsubscribe',
      subscriber: 'f'.repeat(32),
      newsletter: 'delta-post',
    });
    expect((await room.press(`/unsubscribe/${token}`)).status).toBe(200);
  });
});

test('the link for leaving of nobody works, and changes nothing: with it a newsroom tries its own', async () => {
  const table: MemoryTable = memoryTable();
  const room = await aRoom(house, { table });
  await room.join(ANA);
  const before = table.items();
  const token = await room.links.make({ purpose: 'unsubscribe', subscriber: NOBODY, newsletter: 'delta-post' });
  const pressed = await room.ask('POST', `/unsubscribe/${token}`, {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'List-Unsubscribe=One-Click',
  });
  expect(pressed.status).toBe(200);
  expect(table.items()).toEqual(before);
});

test('the links of a preview or a test mail lead to a page that says so, in each language, and change nothing', async () => {
  const room = await aRoom(house);
  for (const purpose of ['unsubscribe', 'preferences'] as const) {
    const path = purpose === 'unsubscribe' ? unsubscribeUrl('', TEST_TOKEN) : preferencesUrl('', TEST_TOKEN);
    for (const [language, words] of [
      ['en', 'This was a test'],
      ['fr', 'C’était un essai'],
      ['es', 'Era una prueba'],
    ]) {
      const page = await room.get(`${path}?lang=${language}`);
      expect([page.status, page.headers['cache-control'], page.body.includes(words ?? '')]).toEqual([
        200,
        'no-store',
        true,
      ]);
    }
  }
  expect((await room.press(unsubscribeUrl('', TEST_TOKEN))).body).toContain('This was a test');
  expect((await room.ask('POST', unsubscribeUrl('', TEST_TOKEN), JSON_WANTED)).status).toBe(404);
});

describe('links in the wrong hands', () => {
  const everyLink = async (room: Room): Promise<Record<string, string>> => {
    const confirm = await room.join(ANA);
    return {
      confirm,
      preferences: await room.linkFor('preferences', ANA),
      unsubscribe: await room.linkFor('unsubscribe', ANA),
    };
  };

  test('a scanner that reads every link of every mail, with GET and HEAD, changes nothing', async () => {
    const table: MemoryTable = memoryTable();
    const room = await aRoom(house, { table });
    const links = Object.values(await everyLink(room));
    await room.postJson('/subscribe', { email: 'ben@example.org' });
    await room.hearBells();
    links.push((await room.lastMail()).link, '/subscribe');
    const before = table.items();
    for (const link of links) {
      for (const method of ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']) {
        for (const address of [link, `${link}${link.includes('?') ? '&' : '?'}undo=1&confirm=yes&lang=fr`])
          await room.ask(method, address, { headers: { accept: 'text/html' } });
      }
    }
    expect(table.items()).toEqual(before);
    expect((await room.ask('HEAD', links[0] ?? '')).body).toBe('');
  });

  test('every link does only what it was mailed for, and every bad one is answered alike', async () => {
    const room = await aRoom(house);
    const links = await everyLink(room);
    const before = await room.subscribers.byAddress(ANA);
    const tokens = Object.values(links).map((link) => link.split('/').at(-1) ?? '');
    const answers = new Set<string>();
    const bad = (path: string) =>
      tokens
        .map((token) => `/${path}/${token}`)
        .filter((one) => !Object.values(links).some((link) => link.endsWith(one)));
    const wrong = [...bad('confirm'), ...bad('preferences'), ...bad('unsubscribe')];
    wrong.push('/unsubscribe/x', `/unsubscribe/${'y'.repeat(3000)}`, `${links['unsubscribe']}x`, '/confirm/%00%ff');
    for (const path of wrong) {
      const page = await room.get(path);
      const pressed = await room.postForm(path, []);
      answers.add(page.body.replaceAll(path.replace(/^https:\/\/[^/]+/, ''), ''));
      expect([path, page.status, pressed.status]).toEqual([path, 404, 404]);
    }
    expect(await room.subscribers.byAddress(ANA)).toEqual(before);
    const problems = wrong.map((path) => room.postJson(path, {}));
    expect(new Set((await Promise.all(problems)).map(({ body }) => body)).size).toBe(1);
    expect(answers.size).toBe(1);
    expect([...answers][0]).toContain('This link does not work, or no longer.');
  });

  test('personal pages are kept by nobody, found by no search engine, and tell no other site where they are', async () => {
    const room = await aRoom(house);
    const { confirm, preferences, unsubscribe } = await everyLink(room);
    const answers = await Promise.all([
      ...[confirm, preferences, unsubscribe, '/confirm/none'].map((link) => room.get(link ?? '')),
      room.press(unsubscribe ?? ''),
      room.ask('POST', unsubscribe ?? '', JSON_WANTED),
    ]);
    for (const { headers } of answers) {
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-robots-tag': 'noindex',
      });
      expect(headers['etag']).toBeUndefined();
    }
  });

  test('pages are in the reader’s first language, or in the one asked for', async () => {
    const room = await aRoom(house);
    await room.join(ANA, { languages: ['es', 'en'] });
    for (const purpose of ['preferences', 'unsubscribe'] as const) {
      const link = await room.linkFor(purpose, ANA);
      expect((await room.get(link)).body).toContain('<html lang="es"');
      expect((await room.get(`${link}?lang=fr`)).body).toContain('<html lang="fr"');
      expect((await room.get(link, { 'accept-language': 'fr' })).body).toContain('<html lang="es"');
    }
  });

  test('no page has a script, a style of its own, or the newsroom’s words unescaped', async () => {
    const room = await aRoom(house);
    const pending = await asked(room);
    const links = Object.values(await everyLink(await aRoom(house)));
    const pages = [
      await room.get(pending),
      await room.press(pending),
      await room.get('/subscribe'),
      await room.get('/confirm/x'),
    ];
    for (const link of links) pages.push(await room.get(link));
    for (const { body } of pages) {
      expect(body).not.toMatch(/<script|<style|\sstyle=|\son\w+=|Sons <b>|<i>Post/);
      expect(body).toContain('Delta &amp; Sons');
    }
  });
});

describe('the newsroom', () => {
  test('finds a subscriber by the exact address, and by id', async () => {
    const room = await aRoom(house);
    await room.join('Ana@example.org', { topics: ['climate'] });
    const found = await room.api('/api/v1/subscribers?email=ana%40EXAMPLE.org');
    const { items } = JSON.parse(found.body);
    expect(found.status).toBe(200);
    expect(items).toMatchObject([
      {
        email: 'Ana@example.org',
        suppressed: null,
        subscriptions: [{ newsletter: 'delta-post', state: 'active', topics: ['climate'], cadence: 'weekly' }],
        consent: [{ what: 'joined', newsletter: 'delta-post' }],
      },
    ]);
    const byId = await room.api(`/api/v1/subscribers/${items[0].id}`);
    expect(JSON.parse(byId.body)).toEqual(items[0]);
    expect(byId.headers['cache-control']).toBe('no-store');
    expect(byId.body).not.toContain('round');
  });

  test('is told plainly when there is nobody, or nothing to look for', async () => {
    const room = await aRoom(house);
    expect(JSON.parse((await room.api('/api/v1/subscribers?email=nobody%40example.org')).body)).toEqual({ items: [] });
    expect((await room.api(`/api/v1/subscribers/${'a'.repeat(32)}`)).status).toBe(404);
    expect((await room.api('/api/v1/subscribers/ADDRESS%23x')).status).toBe(404);
    const answers = new Map<string, number>();
    for (const query of ['?email=', '?email=x', '?state=gone']) {
      answers.set(query, (await room.api(`/api/v1/subscribers${query}`)).status);
    }
    expect([...answers]).toEqual([...answers.keys()].map((query) => [query, 400]));
  });

  test('and nobody else', async () => {
    const room = await aRoom(house);
    const paths = ['/api/v1/subscribers?email=ana%40example.org', `/api/v1/subscribers/${'a'.repeat(32)}`];
    for (const path of paths) {
      for (const headers of [{}, { authorization: 'Bearer wrong' }, { authorization: 'Basic eDp5' }])
        expect((await room.ask('GET', path, { headers })).status).toBe(401);
    }
  });
});

test('a page for people says what went wrong, also where an address is mistyped', async () => {
  const room = await aRoom(house);
  const missing = await room.get('/confirm');
  expect([missing.status, missing.body.includes('There is nothing at this address.')]).toEqual([404, true]);
  const tooLong = await room.postForm('/subscribe?lang=fr', [['email', 'x'.repeat(30_000)]]);
  expect([tooLong.status, tooLong.body.includes('La demande n’a pas été comprise.')]).toEqual([413, true]);
});
