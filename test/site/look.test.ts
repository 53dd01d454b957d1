import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { newEdition } from '../../functions/digest/ledger/edition.ts';
import { openBrowser } from '../support/browser.ts';
import { aSite } from './aSite.ts';
import { aPicture, aStory } from './aStory.ts';

let server: Server;
let url: string;
let browser: Browser;
let axe: string;

beforeAll(async () => {
  server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  const site = await aSite({ siteUrl: url, articles: stories(url), editions: [sent] });
  server.on('request', async (request, response) => {
    const { status, headers, bytes } = await site.get(request.url ?? '/', { accept: request.headers.accept ?? '*/*' });
    response.writeHead(status, headers).end(bytes);
  });
  browser = await openBrowser();
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
});
afterAll(async () => {
  await browser.close();
  server.close();
});

const sent = {
  ...newEdition({
    newsletter: 'delta-post',
    cadence: 'weekly',
    slot: '2026-05-11T06:00:00.000Z',
    now: '2026-05-11T06:00:00.000Z',
  }),
  ...{ state: 'complete' as const, after: 0, upTo: 9, startedAt: '2026-05-11T06:00:00.000Z' },
};

/** Enough for every part of a front page, with words and tables wider than a telephone. */
const stories = (siteUrl: string) => {
  const image = aPicture({ url: `${siteUrl}/assets/samples/ferry.png`, credit: 'Delta' });
  const wide = `<table><thead><tr>${'<th>Ridership</th>'.repeat(9)}</tr></thead><tbody><tr>${'<td>1,234,567</td>'.repeat(9)}</tr></tbody></table>`;
  const html = `<p>Text with a <a href="https://city.example/">link</a>.</p><h2>Costs</h2><ul><li>One</li></ul><blockquote><p>Yes.</p><p>— Ana</p></blockquote>${wide}<p>${'Donaudampfschifffahrtsgesellschaft'.repeat(4)}</p>`;
  return [
    aStory('ferry', { seq: 9, image, html, story: 's', section: 'News', topics: ['mobility', 'climate'], revision: 2 }),
    aStory('bac', { seq: 8, language: 'fr', story: 's' }),
    ...['a', 'b', 'c', 'd'].map((name, i) => aStory(name, { seq: i + 1, image })),
    aStory('wide', { seq: 8, title: 'Donaudampfschifffahrtsgesellschaft'.repeat(3) }),
    ...['e', 'f'].map((name, i) => aStory(name, { seq: i + 5, topics: ['climate'], ...(i === 0 && { image }) })),
    aStory('gone', { seq: 7, state: 'retracted', reason: 'Wrong.' }),
  ];
};

const PAGES = [
  '/en',
  '/en/articles/ferry',
  '/en/articles/gone',
  '/en/topics/mobility',
  '/fr/feeds',
  '/en/feeds/mobility',
  '/en/editions',
  `/en/editions/${sent.id}`,
  '/docs',
  '/en/nowhere',
];

const violations = z.array(z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })) }));

const faultsOf = async (page: Page): Promise<string[]> => {
  await page.evaluate(axe);
  const found = violations.parse(await page.evaluate('axe.run().then(({ violations }) => violations)'));
  return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
};

const widthsOf = async (page: Page) =>
  z
    .object({ content: z.number(), window: z.number() })
    .parse(
      await page.evaluate(
        '({ content: document.documentElement.scrollWidth, window: document.documentElement.clientWidth })',
      ),
    );

describe.each([
  [320, 'light'],
  [320, 'dark'],
  [1280, 'light'],
  [1280, 'dark'],
] as const)('%i points wide and %s', (width, colorScheme) => {
  test.each(PAGES)('%s can be read by everybody, and never scrolls sideways', async (path) => {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme, bypassCSP: true });
    await page.goto(url + path);
    const { content, window } = await widthsOf(page);
    expect(content).toBeLessThanOrEqual(window);
    expect(await faultsOf(page)).toEqual([]);
    await page.close();
  });
});

test('a page gives a browser no reason to complain', async () => {
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('requestfailed', (request) => complaints.push(request.url()));
  page.on('response', (response) => {
    if (response.status() >= 400) complaints.push(response.url());
  });
  await page.goto(`${url}/en/articles/ferry`, { waitUntil: 'networkidle' });
  expect(complaints).toEqual([]);
  await page.close();
});

test('the first thing the keyboard reaches leads past the menus', async () => {
  const page = await browser.newPage();
  await page.goto(`${url}/en`);
  await page.keyboard.press('Tab');
  expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
  await page.keyboard.press('Enter');
  expect(await page.evaluate('document.activeElement.id')).toBe('main');
  await page.close();
});

test('on paper there is the article and none of the menus', async () => {
  const page = await browser.newPage();
  await page.emulateMedia({ media: 'print' });
  await page.goto(`${url}/en/articles/ferry`);
  expect(await page.locator('.prose').isVisible()).toBe(true);
  for (const menu of ['.sections', '.languages', '.invitation'])
    expect(await page.locator(menu).isVisible()).toBe(false);
  await page.close();
});
