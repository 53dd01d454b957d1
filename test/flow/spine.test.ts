import { readFile } from 'node:fs/promises';
import { parseFeed } from 'feedsmith';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Courant, eventually, jsonOf, startCourant } from '../support/courant.ts';

let courant: Courant;
beforeAll(async () => {
  courant = await startCourant();
});
afterAll(() => courant.remove());

const anArticle = (over: Record<string, unknown> = {}) => ({
  language: 'en',
  title: 'Night ferries return to the upper river',
  summary: 'Three towns share the cost of boats until two in the morning.',
  body: {
    html: '<p>Three towns share the cost of boats until two in the morning.</p><p>The first leaves on Friday.</p>',
  },
  topics: ['Mobility'],
  ...over,
});

const feedText = async (path: string): Promise<string> => (await courant.fetch(path)).text();

const inFeed = (path: string, title: string) =>
  eventually(async () => ((await feedText(path)).includes(title) ? true : undefined), `“${title}” in ${path}`);

const signUp = async (email: string, choices: Record<string, unknown> = {}): Promise<void> => {
  const response = await courant.fetch('/subscribe', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, ...choices }),
  });
  expect(response.status).toBe(202);
  const [mail] = await courant.waitForMails(email, 1);
  const [link = ''] = mail?.links('/confirm/') ?? [];
  expect((await fetch(link)).status).toBe(200);
  expect((await fetch(link, { method: 'POST' })).status).toBe(200);
};

describe('an article', () => {
  test('goes in once and comes out of three feeds with an ETag', async () => {
    const posted = await courant.api('POST', '/api/v1/articles', anArticle());
    expect(posted.status).toBe(201);
    expect(posted.json).toMatchObject({ seq: 1, revision: 1, state: 'published' });
    for (const path of ['/feeds/en/all.rss', '/feeds/en/mobility.atom', '/feeds/en/all.json']) {
      await inFeed(path, 'Night ferries return');
      const feed = await courant.fetch(path);
      const etag = feed.headers.get('etag') ?? '';
      expect(etag).not.toBe('');
      const again = await courant.fetch(path, { headers: { 'if-none-match': etag } });
      expect(again.status).toBe(304);
      const parsed = parseFeed(await feed.text());
      expect(parsed.feed).toBeDefined();
    }
    expect(await feedText('/feeds/en/climate.rss')).not.toContain('Night ferries return');
    const page = await fetch(String(posted.json['url']));
    expect(await page.text()).toContain('Three towns share the cost of boats until two in the morning.');
  });

  test('posted again is unchanged, and changed is the next revision', async () => {
    const again = await courant.api(
      'POST',
      '/api/v1/articles',
      anArticle({ externalId: 'ferry-1', title: 'Ferry plans' }),
    );
    expect(again.status).toBe(201);
    const same = await courant.api(
      'POST',
      '/api/v1/articles',
      anArticle({ externalId: 'ferry-1', title: 'Ferry plans' }),
    );
    expect(same).toMatchObject({ status: 200, json: { unchanged: true, id: again.json['id'], revision: 1 } });
    const changed = await courant.api(
      'POST',
      '/api/v1/articles',
      anArticle({ externalId: 'ferry-1', title: 'Ferry plans agreed' }),
    );
    expect(changed).toMatchObject({ status: 200, json: { id: again.json['id'], revision: 2 } });
    await inFeed('/feeds/en/mobility.rss', 'Ferry plans agreed');
    expect((await feedText('/feeds/en/mobility.rss')).match(/Ferry plans/g)).toHaveLength(1);
  });

  test('that is retracted leaves its feeds, and its page says so', async () => {
    const posted = await courant.api(
      'POST',
      '/api/v1/articles',
      anArticle({ title: 'A figure that was wrong', externalId: 'wrong' }),
    );
    await inFeed('/feeds/en/all.rss', 'A figure that was wrong');
    const gone = await courant.api(
      'DELETE',
      `/api/v1/articles/${posted.json['id']}?reason=The%20figure%20was%20wrong.`,
    );
    expect(gone.status).toBe(200);
    await eventually(
      async () => ((await feedText('/feeds/en/all.rss')).includes('A figure that was wrong') ? undefined : true),
      'retraction',
    );
    expect((await fetch(String(posted.json['url']))).status).toBe(410);
    expect(
      (await courant.api('POST', '/api/v1/articles', anArticle({ title: 'Once more', externalId: 'wrong' }))).status,
    ).toBe(409);
  });

  test('exported from a newsroom’s site as Markdown arrives whole', async () => {
    const page = await readFile(new URL('../ingest/pages/river-cooperation.md', import.meta.url));
    const send = () =>
      courant.fetch('/api/v1/articles', {
        method: 'POST',
        headers: { authorization: `Bearer ${courant.key}`, 'content-type': 'text/markdown' },
        body: page,
      });
    const first = await send();
    expect(first.status).toBe(201);
    expect((await jsonOf(first))['state']).toBe('published');
    const second = await send();
    expect(second.status).toBe(200);
    expect((await jsonOf(second))['unchanged']).toBe(true);
  });
});

describe('a reader', () => {
  test('signs up, confirms, gets the next digest in the chosen language and topics, and leaves with one click', async () => {
    await courant.api(
      'POST',
      '/api/v1/articles',
      anArticle({ language: 'fr', title: 'Les bacs de nuit reviennent', topics: ['mobility'], story: 's1' }),
    );
    await courant.api(
      'POST',
      '/api/v1/articles',
      anArticle({ language: 'fr', title: 'Le musée du fleuve rouvre', topics: ['culture'] }),
    );
    await signUp('lectrice@example.org', { languages: ['fr'], topics: ['mobility'] });

    const planned = await courant.api('POST', '/api/v1/newsletters/city-news/editions', { cadence: 'weekly' });
    expect(planned.status).toBe(201);
    const [digest] = await courant.waitForMails('lectrice@example.org', 2);
    expect(digest?.subject).toContain('Les bacs de nuit reviennent');
    expect(digest?.html).toContain('Les bacs de nuit reviennent');
    expect(digest?.text).toContain('Les bacs de nuit reviennent');
    expect(digest?.html).not.toContain('Le musée du fleuve rouvre');
    expect(digest?.html).not.toContain('Night ferries');
    expect(digest?.header('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');

    const edition = await eventually(async () => {
      const { json } = await courant.api('GET', `/api/v1/editions/${planned.json['id']}`);
      return json['state'] === 'complete' ? json : undefined;
    }, 'complete edition');
    expect(edition['deliveries']).toMatchObject({ audience: 1, sent: 1, unknown: 0 });
    // Its own link for leaving was tried: it answers, and the reader is still there.
    expect(edition['preflight']).toMatchObject({ state: 'warned', refusals: [] });

    const oneClick = /<(https?:[^>]+)>/.exec(digest?.header('list-unsubscribe') ?? '')?.[1] ?? '';
    const left = await fetch(oneClick, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'List-Unsubscribe=One-Click',
      redirect: 'manual',
    });
    expect(left.status).toBe(200);
    await courant.api(
      'POST',
      '/api/v1/articles',
      anArticle({ language: 'fr', title: 'Un ponton de plus', topics: ['mobility'] }),
    );
    const asked = await courant.api('POST', '/api/v1/newsletters/city-news/editions', { cadence: 'weekly' });
    await eventually(async () => {
      const { json } = await courant.api('GET', `/api/v1/editions/${asked.json['id']}`);
      return json['state'] === 'complete' ? true : undefined;
    }, 'end of the edition');
    expect(await courant.mailsTo('lectrice@example.org')).toHaveLength(2);
  });

  test('gets the weekly digest when its hour comes', async () => {
    await signUp('lector@example.org', { languages: ['es'] });
    await courant.api('POST', '/api/v1/articles', anArticle({ language: 'es', title: 'Vuelven los barcos nocturnos' }));
    await courant.turnClock(new Date(Date.parse(await courant.now()) + 8 * 86_400_000).toISOString());
    const [digest] = await courant.waitForMails('lector@example.org', 2);
    expect(digest?.subject).toContain('Vuelven los barcos nocturnos');
    await courant.turnClock(new Date(Date.parse(await courant.now()) + 8 * 86_400_000).toISOString());
    expect(await courant.mailsTo('lector@example.org')).toHaveLength(2);
  });
});

describe('a run', () => {
  test('says how it is', async () => {
    const health = await courant.fetch('/healthz');
    expect(health.status).toBe(200);
    expect(await jsonOf(health))['toMatchObject']({ state: 'ok', version: expect.stringMatching(/^\d+\.\d+\.\d+/) });
  });

  test('that is killed at once after an answer has lost nothing and sends nothing twice', async () => {
    await signUp('stable@example.org');
    const posted = await courant.api(
      'POST',
      '/api/v1/articles',
      anArticle({ title: 'Posted just before the lights went out' }),
    );
    expect(posted.status).toBe(201);
    await courant.kill();
    await courant.restart();
    await inFeed('/feeds/en/all.rss', 'Posted just before the lights went out');
    const read = await courant.api('GET', `/api/v1/articles/${posted.json['id']}`);
    expect(read.status).toBe(200);

    await courant.api('POST', '/api/v1/newsletters/city-news/editions', { cadence: 'weekly' });
    await courant.waitForMails('stable@example.org', 2);
    await courant.kill();
    await courant.restart();
    await courant.turnClock(new Date(Date.parse(await courant.now()) + 600_000).toISOString());
    const mails = await courant.mailsTo('stable@example.org');
    expect(mails.filter((mail) => mail.html.includes('Posted just before the lights went out'))).toHaveLength(1);
  });

  test('ends at Ctrl-C when everything in hand is done, and says so', async () => {
    expect(await courant.stop()).toBe(0);
    expect(courant.output()).toContain('Stopped. Everything is kept.');
    await courant.restart();
    await inFeed('/feeds/en/all.rss', 'Posted just before the lights went out');
  });
});
