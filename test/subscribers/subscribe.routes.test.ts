import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sha256 } from '../../functions/shared/hash.ts';
import type { House } from '../../functions/shared/page/house.ts';
import { HOUR_MS } from '../../functions/shared/time.ts';
import { choicesForm } from '../../functions/subscribers/choicesShown.ts';
import { CONSENT_WORDING } from '../../functions/subscribers/joining/consent.ts';
import { type MemoryTable, memoryTable, type Operation } from '../support/memoryTable.ts';
import { aRoom, openHouseForTests } from './aRoom.ts';

let house: House & { close(): Promise<void> };
beforeAll(async () => {
  house = await openHouseForTests();
});
afterAll(() => house.close());

describe('signing up by JSON', () => {
  test('is answered 202 with a message, and asks by mail', async () => {
    const room = await aRoom(house);
    const answer = await room.postJson('/subscribe', { email: 'ana@example.org' });
    expect(answer.status).toBe(202);
    expect(JSON.parse(answer.body)).toEqual({ message: expect.stringContaining('mail is on its way') });
    await room.hearBells();
    expect(room.sent.map(({ to }) => to)).toEqual(['ana@example.org']);
  });

  test('without choices means the first newsletter, the first language, all topics, weekly', async () => {
    const room = await aRoom(house);
    await room.join('ana@example.org');
    expect((await room.subscribers.byAddress('ana@example.org'))?.subscriptions).toMatchObject([
      { newsletter: 'delta-post', state: 'active', languages: ['en'], topics: [], cadence: 'weekly' },
    ]);
  });

  test('the page’s language is the reader’s, unless he chooses; the order of languages is kept, doubles are not', async () => {
    const room = await aRoom(house);
    await room.postJson('/subscribe?lang=es', { email: 'ana@example.org' });
    await room.postJson('/subscribe?lang=es', { email: 'ben@example.org', languages: ['fr', 'en', 'fr'] });
    const languages = async (address: string) =>
      (await room.subscribers.byAddress(address))?.subscriptions[0]?.languages;
    expect(await languages('ana@example.org')).toEqual(['es']);
    expect(await languages('ben@example.org')).toEqual(['fr', 'en']);
  });

  test('a newsletter without a weekly edition comes as often as it does', async () => {
    const room = await aRoom(house);
    await room.postJson('/subscribe?lang=es', { email: 'ana@example.org', newsletter: 'ferries' });
    expect((await room.subscribers.byAddress('ana@example.org'))?.subscriptions).toMatchObject([
      { newsletter: 'ferries', languages: ['en'], cadence: 'daily' },
    ]);
  });

  test.each([
    ['email', {}],
    ['email', { email: 'no address' }],
    ['email', { email: 'Ana <ana@example.org>' }],
    ['email', { email: 'ana@example.org\r\nBcc: all@example.org' }],
    ['email', { email: 5 }],
    ['newsletter', { email: 'ana@example.org', newsletter: 'nothing' }],
    ['languages', { email: 'ana@example.org', languages: ['de'] }],
    ['languages', { email: 'ana@example.org', languages: [] }],
    ['languages', { email: 'ana@example.org', newsletter: 'ferries', languages: ['es'] }],
    ['topics', { email: 'ana@example.org', topics: ['cooking'] }],
    ['topics', { email: 'ana@example.org', topics: ['__proto__'] }],
    ['cadence', { email: 'ana@example.org', cadence: 'hourly' }],
    ['cadence', { email: 'ana@example.org', newsletter: 'ferries', cadence: 'weekly' }],
    ['timeZone', { email: 'ana@example.org', timeZone: 'Mars/Olympus' }],
    ['admin', { email: 'ana@example.org', admin: true }],
  ])('a wrong %s is named, and nothing is kept or sent: %j', async (field, body) => {
    const room = await aRoom(house);
    const answer = await room.postJson('/subscribe', body);
    expect(answer.status).toBe(400);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(JSON.parse(answer.body)).toMatchObject({ status: 400, field, detail: expect.stringMatching(/\.$/) });
    await room.sweep();
    expect([room.sent, await room.subscribers.byAddress('ana@example.org')]).toEqual([[], undefined]);
  });

  test('a body that is none, or too long, is refused', async () => {
    const room = await aRoom(house);
    const json = { 'content-type': 'application/json' };
    expect((await room.ask('POST', '/subscribe', { headers: json, body: '{' })).status).toBe(400);
    expect((await room.ask('POST', '/subscribe', { headers: json, body: `"${'x'.repeat(30_000)}"` })).status).toBe(413);
    expect(
      (await room.ask('POST', '/subscribe', { headers: { 'content-type': 'text/xml' }, body: '<a/>' })).status,
    ).toBe(415);
  });
});

/** What the table is asked during one sign-up: kinds of calls, not their keys. */
const watchedTable = (): { table: MemoryTable; calls: string[] } => {
  const calls: string[] = [];
  const table = memoryTable(({ is, key }: Operation) => {
    calls.push(`${is} ${key.pk.split('#')[0]}`);
  });
  return { table, calls };
};

describe('whoever asks learns nothing about an address', () => {
  test('the same answer and the same work for new, waiting, active, left and suppressed ones', async () => {
    const { table, calls } = watchedTable();
    const room = await aRoom(house, { table });
    await room.postJson('/subscribe', { email: 'waiting@example.org' });
    await room.hearBells();
    for (const email of ['active@example.org', 'left@example.org', 'suppressed@example.org']) await room.join(email);
    await room.press(await room.linkFor('unsubscribe', 'left@example.org'));
    const gone = await room.subscribers.byAddress('suppressed@example.org');
    if (!gone) throw new Error('There is no such subscriber.');
    await room.subscribers.save(gone, { ...gone, suppressed: { because: 'bounce', at: room.now() } });

    const seen = [];
    for (const name of ['new', 'waiting', 'active', 'left', 'suppressed']) {
      calls.length = 0;
      room.bell.rung.length = 0;
      const { status, headers, body } = await room.postJson('/subscribe', { email: `${name}@example.org` });
      seen.push({ status, headers, body, calls: [...calls], rings: room.bell.rung.length });
    }
    expect(seen[0]?.calls.length).toBeGreaterThan(0);
    for (const other of seen) expect(other).toEqual(seen[0]);
  });

  test('to a suppressed address nothing is sent, to an active one with the same wish neither', async () => {
    const room = await aRoom(house);
    await room.join('active@example.org');
    await room.postJson('/subscribe', { email: 'active@example.org' });
    await room.sweep();
    expect(room.sent).toHaveLength(1);
  });

  test('an active reader who asks for something else gets a mail, and keeps what he has until he clicks', async () => {
    const room = await aRoom(house);
    await room.join('ana@example.org');
    await room.postJson('/subscribe', { email: 'ana@example.org', cadence: 'daily', topics: ['climate'] });
    await room.hearBells();
    const before = await room.subscribers.byAddress('ana@example.org');
    expect(before?.subscriptions[0]).toMatchObject({ state: 'active', cadence: 'weekly', topics: [] });
    await room.press((await room.lastMail()).link);
    const after = await room.subscribers.byAddress('ana@example.org');
    expect(after?.subscriptions[0]).toMatchObject({ state: 'active', cadence: 'daily', topics: ['climate'] });
    const record = after ? await room.subscribers.record(after) : [];
    expect(record.map(({ what }) => what)).toEqual(['joined', 'changed']);
  });

  test('capitals make no second reader', async () => {
    const room = await aRoom(house);
    await room.postJson('/subscribe', { email: 'Ana@Example.org' });
    await room.postJson('/subscribe', { email: 'ANA@example.ORG' });
    await room.sweep();
    expect(room.sent.map(({ to }) => to)).toEqual(['Ana@example.org']);
  });
});

describe('the form', () => {
  test.each([
    ['en', 'on Monday at 08:00 (Central European Time)'],
    ['fr', 'le lundi à 08:00 (heure d’Europe centrale)'],
    ['es', 'el lunes a las 8:00 (hora de Europa central)'],
  ])('says when the mails come, and whose time that is, in %s', async (language, when) => {
    const [newsletter] = house.newsroom.newsletters;
    if (!newsletter) throw new Error('There is no newsletter.');
    const choices = { languages: [language], topics: [], cadence: 'weekly', timeZone: 'UTC' } as const;
    const { cadenceChoices } = choicesForm(house, newsletter, choices, language);
    expect(cadenceChoices.find(({ id }) => id === 'weekly')?.when).toBe(when);
  });

  test('takes a sign-up and answers a page', async () => {
    const room = await aRoom(house);
    const answer = await room.postForm('/subscribe?lang=fr', [
      ['email', 'ana@example.org'],
      ['newsletter', 'delta-post'],
      ['languages', 'fr'],
      ['languages', 'en'],
      ['topics', 'climate'],
      ['topics', 'mobility'],
      ['cadence', 'daily'],
      ['reference', ''],
    ]);
    expect(answer.status).toBe(202);
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(answer.body).toContain('<html lang="fr"');
    expect(answer.body).toContain('Consultez votre boîte de réception');
    expect((await room.subscribers.byAddress('ana@example.org'))?.subscriptions).toMatchObject([
      { languages: ['fr', 'en'], topics: ['climate', 'mobility'], cadence: 'daily' },
    ]);
  });

  test('comes back with what was typed, escaped, where the address is wrong', async () => {
    const room = await aRoom(house);
    const answer = await room.postForm('/subscribe?lang=es', [
      ['email', '"><script>alert(1)</script>'],
      ['languages', 'es'],
      ['topics', 'climate'],
      ['cadence', 'monthly'],
    ]);
    expect(answer.status).toBe(400);
    expect(answer.body).toContain('Esta dirección de correo no parece correcta.');
    expect(answer.body).toContain('value="&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"');
    expect(answer.body).not.toContain('<script');
    expect(answer.body).toMatch(/value="climate" checked/);
    expect(answer.body).toMatch(/value="monthly" checked/);
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  test('a program that fills in what people do not see is thanked and forgotten', async () => {
    const room = await aRoom(house);
    const fields = [
      ['email', 'ana@example.org'],
      ['reference', 'Best casino'],
    ] as const;
    expect((await room.postForm('/subscribe', fields)).status).toBe(202);
    await room.sweep();
    expect([room.sent, await room.subscribers.byAddress('ana@example.org')]).toEqual([[], undefined]);
  });

  test('offers what the newsletter offers, in three languages, and escapes the newsroom’s own words', async () => {
    const room = await aRoom(house);
    const words = { en: 'Your e-mail address', fr: 'Votre adresse électronique', es: 'Su correo electrónico' };
    for (const [language, label] of Object.entries(words)) {
      const { status, body, headers } = await room.get(`/subscribe?lang=${language}`);
      expect(status).toBe(200);
      expect(body).toContain(`<html lang="${language}"`);
      expect(body).toContain(label);
      expect(body).toContain('Delta &amp; Sons &lt;b&gt;');
      expect(body).toContain('Delta &lt;i&gt;Post&lt;/i&gt;');
      expect(body).toMatch(new RegExp(`<option value="${language}"[^>]* selected`));
      expect(headers['content-security-policy']).toContain("default-src 'none'");
    }
  });

  test('says by whose clocks each cadence comes, as its language says it', async () => {
    const room = await aRoom(house);
    expect((await room.get('/subscribe?lang=en')).body).toContain('on Monday at 08:00 (Central European Time)');
    expect((await room.get('/subscribe?lang=fr')).body).toContain('08:00 (heure d’Europe centrale)');
    expect((await room.get('/subscribe?lang=es')).body).toContain('8:00 (hora de Europa central)');
  });

  test('a newsletter of its own has its own page, with its languages and cadences only', async () => {
    const room = await aRoom(house);
    const { body } = await room.get('/subscribe?newsletter=ferries&lang=en');
    expect(body).toContain('name="newsletter" value="ferries"');
    expect(body).not.toContain('value="es"');
    expect(body).not.toContain('value="weekly"');
    expect(body).toContain('/subscribe?newsletter=delta-post');
    // In another language it is still the page of this newsletter.
    expect(body).toContain('<a href="/subscribe?newsletter=ferries&amp;lang=fr" hreflang="fr"');
    expect(body).toContain('rel="canonical" href="https://delta.example/subscribe?newsletter=ferries&amp;lang=en"');
  });

  test('comes in the browser’s language where nobody asked for one; an unknown one does no harm', async () => {
    const room = await aRoom(house);
    const accepting = { 'accept-language': 'es-MX,es;q=0.9' };
    expect((await room.get('/subscribe', accepting)).body).toContain('<html lang="es"');
    expect((await room.get('/subscribe?lang=xx', accepting)).body).toContain('<html lang="es"');
    expect((await room.get('/subscribe?lang=en&lang=fr&utm_source=x', {})).status).toBe(200);
  });
});

describe('consent', () => {
  test('is kept with its wording, language, moment and network: of the question, and of the click', async () => {
    const room = await aRoom(house);
    const from = { sourceIp: '198.51.100.77' };
    await room.postJson('/subscribe?lang=fr', { email: 'ana@example.org' }, from);
    const asked = {
      at: room.now(),
      language: 'fr',
      wording: CONSENT_WORDING,
      network: '198.51.100.0/24',
      page: '/subscribe',
    };
    await room.hearBells();
    room.wait(HOUR_MS);
    await room.ask('POST', (await room.lastMail()).link, { sourceIp: '2001:db8:1:2ff::9' });
    const circumstances = { ...asked, at: room.now(), network: '2001:db8:1:200::/56', page: '/confirm' };
    expect((await room.subscribers.byAddress('ana@example.org'))?.consent).toMatchObject([
      { what: 'joined', newsletter: 'delta-post', circumstances, asked },
    ]);
  });

  test('a new wording needs a new version', () => {
    const wordings = ['en', 'fr', 'es'].map((language) =>
      house.templates.say(language, 'subscribe.consent', { newsroom: '…' }),
    );
    expect([CONSENT_WORDING, sha256(wordings.join('\n')).slice(0, 16)]).toEqual(['2026-11-24', '8a9d9fec647e4ba9']);
  });

  test('is asked for where people agree: at the form and at the button', async () => {
    const room = await aRoom(house);
    const wording = 'By subscribing you agree that Delta &amp; Sons &lt;b&gt; sends you this newsletter by e-mail.';
    expect((await room.get('/subscribe?lang=en')).body).toContain(wording);
    await room.postJson('/subscribe', { email: 'ana@example.org' });
    await room.hearBells();
    expect((await room.get((await room.lastMail()).link)).body).toContain(wording);
  });
});

describe('many from one network', () => {
  test('sixty an hour are taken from one network, the next are told when to come again', async () => {
    const room = await aRoom(house);
    const signUp = (i: number, sourceIp: string) =>
      room.postJson('/subscribe', { email: `reader${i}@example.org` }, { sourceIp });
    for (let i = 0; i < 60; i++) expect((await signUp(i, `198.51.100.${i}`)).status).toBe(202);
    const refused = await signUp(60, '198.51.100.200');
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '3600']);
    expect(await room.subscribers.byAddress('reader60@example.org')).toBeUndefined();
    const page = await room.postForm('/subscribe?lang=fr', [['email', 'reader60@example.org']], {
      sourceIp: '198.51.100.9',
    });
    expect([page.status, page.body.includes('Trop de demandes')]).toEqual([429, true]);
    expect((await signUp(61, '203.0.113.5')).status).toBe(202);
    room.wait(HOUR_MS);
    expect((await signUp(62, '198.51.100.1')).status).toBe(202);
  });

  test('behind CloudFront the viewer’s network counts, not CloudFront’s', async () => {
    const room = await aRoom(house);
    const signUp = (i: number, viewer: string) =>
      room.postJson(
        '/subscribe',
        { email: `reader${i}@example.org` },
        { sourceIp: '203.0.113.1', headers: { 'cloudfront-viewer-address': `${viewer}:50123` } },
      );
    for (let i = 0; i < 70; i++) expect((await signUp(i, `10.${i}.0.1`)).status).toBe(202);
  });

  test('on this machine there is no limit', async () => {
    const room = await aRoom(house);
    for (let i = 0; i < 200; i++) {
      expect((await room.postJson('/subscribe', { email: `reader${i}@example.org` })).status).toBe(202);
    }
  });

  test('leaving is never limited', async () => {
    const room = await aRoom(house);
    await room.join('ana@example.org');
    const link = await room.linkFor('unsubscribe', 'ana@example.org');
    for (let i = 0; i < 100; i++) expect((await room.ask('POST', link, { sourceIp: '198.51.100.1' })).status).toBe(200);
  });
});
