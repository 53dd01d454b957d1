import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { type Courant, startCourant } from '../support/courant.ts';

/** Where the pictures go: `PICTURES=docs/pictures` renews those of the README. */
const pictures = async (): Promise<string> => {
  const directory = process.env['PICTURES'] ?? (await mkdtemp(join(tmpdir(), 'courant-pictures-')));
  await mkdir(directory, { recursive: true });
  return directory;
};

let courant: Courant;
let browser: Browser;
let directory: string;
beforeAll(async () => {
  directory = await pictures();
  [courant, browser] = await Promise.all([startCourant({ COURANT_SAMPLES: 'all' }), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await courant.remove();
});

const scrollsSideways = (page: Page): Promise<boolean> =>
  page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');

describe('in a browser', () => {
  test('the front page shows the news, and its links lead to articles', async () => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await page.goto(`${courant.url}/en`);
    expect(await page.locator('main a[href*="/en/articles/"]').count()).toBeGreaterThan(3);
    await page.screenshot({ path: join(directory, 'front-page.png') });
    await page.locator('main a[href*="/en/articles/"]').first().click();
    await page.waitForURL('**/en/articles/**');
    expect(await page.locator('h1').count()).toBe(1);
    expect(await page.locator('article p').count()).toBeGreaterThan(2);
    await page.close();
  });

  test('a reader signs up, confirms with one button, and reads the digest on a phone and on a desk', async () => {
    const page = await browser.newPage({ viewport: { width: 375, height: 800 } });
    await page.goto(`${courant.url}/subscribe?lang=en`);
    await page.locator('input[type=email]').fill('reader@example.org');
    await page.locator('form button[type=submit]').click();
    await page.waitForLoadState();
    const [confirmation] = await courant.waitForMails('reader@example.org', 1);

    await page.goto(confirmation?.links('/confirm/')[0] ?? '');
    await page.locator('main form button[type=submit]').click();
    await page.waitForLoadState();
    const planned = await courant.api('POST', '/api/v1/newsletters/city-news/editions', { cadence: 'weekly' });
    expect(planned.status).toBe(201);
    const [digest] = await courant.waitForMails('reader@example.org', 2);

    // A mail is a document of its own: the site's content policy has no say in it.
    await page.goto('about:blank');
    for (const width of [375, 600]) {
      await page.setViewportSize({ width, height: 900 });
      await page.setContent(digest?.html ?? '', { waitUntil: 'networkidle' });
      expect(await scrollsSideways(page)).toBe(false);
      expect(await page.locator('a[href*="/en/articles/"]').count()).toBeGreaterThan(2);
      await page.screenshot({ path: join(directory, width === 600 ? 'digest.png' : 'digest-phone.png') });
    }
    await page.close();
  });
});
