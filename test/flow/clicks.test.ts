import { rm } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { cloneWith } from '../support/clone.ts';
import { type Courant, eventually, startCourant } from '../support/courant.ts';

const counting = (config: string): string => config.replace('undoMinutes: 0,', 'undoMinutes: 0,\n      clicks: true,');

let copy: string;
let courant: Courant;
beforeAll(async () => {
  copy = await cloneWith(counting);
  courant = await startCourant({}, copy);
});
afterAll(async () => {
  await courant.remove();
  await rm(copy, { recursive: true, force: true });
});

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0';
const NAVIGATING = { accept: 'text/html', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };

interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

/** As a browser asks, with every header its own: `fetch` would add what it is. The edge says who the viewer is. */
const follow = (link: string, from: string, over: { method?: string; agent?: string } = {}): Promise<Answered> =>
  new Promise((resolve, reject) => {
    const { method = 'GET', agent = FIREFOX } = over;
    const headers = { ...NAVIGATING, 'user-agent': agent, 'cloudfront-viewer-address': `${from}:50000` };
    request(link, { method, headers }, (answer) => {
      answer.resume().once('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers }));
    })
      .once('error', reject)
      .end();
  });

const signUp = async (email: string): Promise<void> => {
  await courant.fetch('/subscribe', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email }),
  });
  const [mail] = await courant.waitForMails(email, 1);
  await fetch(mail?.links('/confirm/')[0] ?? '', { method: 'POST' });
};

const publish = (title: string): Promise<unknown> =>
  courant.api('POST', '/api/v1/articles', {
    ...{ language: 'en', title, topics: ['Mobility'] },
    body: { html: '<p>Three towns share the cost of boats until two in the morning.</p>' },
  });

const shown = z.object({
  statistics: z.object({
    clicks: z.object({
      people: z.int(),
      automated: z.int(),
      articles: z.array(z.object({ title: z.string(), people: z.int(), automated: z.int() })),
    }),
  }),
});

describe('a newsletter that counts clicks', () => {
  test('tells of an edition how often people, and how often programs, opened each article; a reader is never named', async () => {
    await signUp('reader@example.org');
    for (const title of ['Ferries', 'Trams', 'Silos']) await publish(title);
    const { json } = await courant.api('POST', '/api/v1/newsletters/city-news/editions', { cadence: 'weekly' });
    const [mail] = await courant.waitForMails('reader@example.org', 2);
    expect(mail?.text).toContain('We count how often each article is opened from this mail; nobody is followed.');
    const links = mail?.links('/go/') ?? [];
    expect(links).toHaveLength(3);
    const pages = await Promise.all(links.map((link) => follow(link, '192.0.2.1')));
    expect(pages.map(({ status }) => status)).toEqual([302, 302, 302]);
    const places = pages.map(({ headers }) => headers.location?.replace(courant.url, ''));
    expect(places.sort()).toEqual(['/en/articles/ferries', '/en/articles/silos', '/en/articles/trams']);
    const [first = '', second = ''] = links;
    expect(await follow(`${first}?to=https://evil.example/`, '198.51.100.7')).toEqual(
      expect.objectContaining({
        status: 302,
        headers: expect.objectContaining({ location: pages[0]?.headers.location }),
      }),
    );
    await follow(second, '203.0.113.5', { method: 'HEAD' });
    await follow(second, '203.0.113.6', { agent: 'curl/8.9.1' });
    expect((await follow(first.slice(0, -2) + (first.endsWith('xx') ? 'yy' : 'xx'), '203.0.113.5')).status).toBe(404);

    await courant.turnClock(new Date(Date.parse(await courant.now()) + 12 * 60_000).toISOString());
    const clicks = await eventually(async () => {
      const told = await courant.api('GET', `/api/v1/editions/${json['id']}`);
      const found = shown.parse(told.json).statistics.clicks;
      return found.people + found.automated > 0 ? found : undefined;
    }, 'clicks');
    // A person opened one; a scanner in a browser's dress opened all three at once, and two programs one.
    expect([clicks.people, clicks.automated]).toEqual([1, 5]);
    expect(clicks.articles.map(({ people, automated }) => [people, automated])).toEqual([
      [1, 1],
      [0, 3],
      [0, 1],
    ]);
  });
});
