import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { addMs, DAY_MS } from '../../functions/shared/time.ts';
import { openBrowser } from '../support/browser.ts';
import { servePages } from './shownPages.ts';

let site: Awaited<ReturnType<typeof servePages>>;
let browser: Browser;
let axe: string;

beforeAll(async () => {
  [site, browser] = await Promise.all([servePages(), openBrowser()]);
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
});
afterAll(async () => {
  await browser.close();
  await site.close();
});

const violations = z.array(z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })) }));
const widths = z.object({ content: z.number(), window: z.number() });

const faultsOf = async (page: Page, rules = ''): Promise<string[]> => {
  const found = violations.parse(
    await page.evaluate(`axe.run({ resultTypes: ['violations'], ${rules} }).then(({ violations }) => violations)`),
  );
  return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
};

const tooWide = async (page: Page): Promise<string[]> => {
  const { content, window } = widths.parse(
    await page.evaluate('({ content: document.documentElement.scrollWidth, window: innerWidth })'),
  );
  return content > window ? [`is ${content} wide in ${window}`] : [];
};

/** One page after the other, each opened once: narrow and dark, then wide and light. */
const lookAt = async (page: Page, name: string): Promise<string[]> => {
  await page.setViewportSize({ width: 320, height: 800 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.goto(`${site.url}/shown/${name}`);
  await page.evaluate(axe);
  const narrow = [...(await tooWide(page)), ...(await faultsOf(page))];
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.emulateMedia({ colorScheme: 'light' });
  // What does not depend on width and colours was checked above.
  const wide = await faultsOf(page, "preload: false, runOnly: ['color-contrast', 'target-size']");
  return [...narrow, ...(await tooWide(page)), ...wide].map((fault) => `${name}: ${fault}`);
};

test('every page in every state can be read by everybody, narrow or wide, dark or light, and never scrolls sideways', {
  timeout: 180_000,
}, async () => {
  expect(site.names.length).toBeGreaterThan(15);
  const waiting = [...site.names];
  const faults: string[] = [];
  const looking = async (): Promise<void> => {
    const page = await browser.newPage({ bypassCSP: true });
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      faults.push(...(await lookAt(page, name)));
    }
    await page.close();
  };
  await Promise.all([looking(), looking()]);
  expect(faults).toEqual([]);
});

test('the language of the mails is not among the other languages, whichever is chosen', async () => {
  const page = await browser.newPage();
  await page.goto(`${site.url}/subscribe?lang=fr`);
  const shown = async () => page.locator('.choices--also label:visible').allInnerTexts();
  expect(await shown()).toEqual(['English', 'Español']);
  await page.locator('#language-first').selectOption('es');
  expect(await shown()).toEqual(['English', 'Français']);
  await page.close();
});

test('a reader signs up, confirms, changes, leaves and comes back without a script', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  const heading = () => page.locator('h1').textContent();
  const subscription = async () => (await site.room.subscribers.byAddress('zoe@readers.example'))?.subscriptions[0];

  await page.goto(`${site.url}/subscribe?lang=fr`);
  await page.getByLabel('Votre adresse électronique').fill('zoe@readers.example');
  await page.getByLabel('English').check();
  await page.getByLabel('Mobilité').check();
  await page.getByRole('button', { name: 'S’abonner' }).click();
  expect(await heading()).toBe('Consultez votre boîte de réception');

  await site.room.hearBells();
  await page.goto(site.url + new URL((await site.room.lastMail()).link).pathname);
  expect(await heading()).toBe('Confirmer votre abonnement à Nouvelles des villes');
  expect(await subscription()).toMatchObject({ state: 'pending' });
  await page.locator('main button').click();
  expect(await subscription()).toMatchObject({ state: 'active', languages: ['fr', 'en'], topics: ['mobility'] });

  const settings = await page.locator('main a[href*="/preferences/"]').getAttribute('href');
  await page.goto(site.url + new URL(settings ?? '').pathname);
  await page.getByLabel('Mobilité').uncheck();
  await page.locator('[name=cadence][value=daily]').check();
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  expect(await page.getByRole('status').locator('li').allTextContents()).toEqual([
    'Thèmes\u00a0: Mobilité → tous les thèmes',
    'Fréquence\u00a0: Chaque semaine → Chaque jour',
  ]);
  expect(await subscription()).toMatchObject({ languages: ['fr', 'en'], topics: [], cadence: 'daily' });

  const leaving = await page.locator('main a[href*="/unsubscribe/"]').getAttribute('href');
  await page.goto(site.url + new URL(leaving ?? '').pathname);
  expect(await subscription()).toMatchObject({ state: 'active' });
  await page.locator('main button').click();
  expect(await subscription()).toMatchObject({ state: 'left' });
  await page.locator('main button').click();
  expect(await subscription()).toMatchObject({ state: 'active', cadence: 'daily' });
  await context.close();
});

test('how often is said as each language says it', async () => {
  const page = await browser.newPage();
  const said = { en: 'on the 1st of the month', fr: 'le 1er du mois', es: 'el día 1 de cada mes' };
  for (const [language, words] of Object.entries(said)) {
    await page.goto(`${site.url}/subscribe?lang=${language}`);
    expect(await page.locator('label:has([value=monthly])').textContent()).toContain(words);
  }
  await page.close();
});

test('what was wrong is said, with what was written kept', async () => {
  const page = await browser.newPage();
  await page.goto(`${site.url}/shown/subscribe-wrong`);
  expect(await page.getByRole('alert').textContent()).toContain('e-mail address');
  expect(await page.locator('#email').inputValue()).toBe('no <address>');
  expect(await page.locator('#email').getAttribute('aria-invalid')).toBe('true');
  await page.close();
});

const LANGUAGES = {
  en: { subscribe: 'Subscribe', pause: 'Pause', undo: 'Undo', erase: 'Erase me' },
  fr: { subscribe: 'S’abonner', pause: 'Faire une pause', undo: 'Annuler', erase: 'Effacer mes données' },
  es: { subscribe: 'Suscribirse', pause: 'Hacer una pausa', undo: 'Deshacer', erase: 'Borrar mis datos' },
} as const;

describe.each(Object.entries(LANGUAGES))('a whole life in %s', (language, say) => {
  test('is lived with a keyboard alone, at 320 points, without a script', { timeout: 120_000 }, async () => {
    const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 320, height: 640 } });
    const page = await context.newPage();
    const address = `life-${language}@readers.example`;
    const reader = () => site.room.subscribers.byAddress(address);
    const goto = (link: string) => page.goto(`${site.url}${new URL(link, site.url).pathname}?lang=${language}`);
    /** Goes from control to control with Tab alone until it is there; what Tab does not reach nobody can use. */
    const tabTo = async (selector: string, name?: string): Promise<void> => {
      const there = page.locator(`main ${selector}:focus`).filter(name === undefined ? {} : { hasText: name });
      for (let presses = 0; presses < 80; presses++) {
        await page.keyboard.press('Tab');
        if ((await there.count()) > 0) return;
      }
      throw new Error(`Tab never came to ${selector} ${name ?? ''}.`);
    };
    const press = async (name?: string): Promise<void> => {
      await tabTo('button', name);
      await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
    };

    await goto('/subscribe');
    await tabTo('#email');
    await page.keyboard.type(address);
    await press(say.subscribe);
    await site.room.hearBells();
    await goto((await site.room.lastMail()).link);
    await press();
    expect((await reader())?.subscriptions[0]).toMatchObject({ state: 'active', languages: [language] });

    const settings = await site.room.linkFor('preferences', address, 'city-news');
    await goto(settings);
    await tabTo('[name=cadence]:checked');
    await page.keyboard.press('ArrowDown');
    await press();
    expect((await reader())?.subscriptions[0]?.cadence).toBe('monthly');
    await press(say.undo);
    expect((await reader())?.subscriptions[0]?.cadence).toBe('weekly');
    await tabTo('#until');
    await page.locator('#until').fill(addMs(site.room.now(), 60 * DAY_MS).slice(0, 10));
    await press(say.pause);
    expect((await reader())?.subscriptions[0]?.pauses).toHaveLength(1);
    await tabTo('#email');
    await page.keyboard.type(`new-${address}`);
    await press();
    await site.room.hearBells();
    await goto((await site.room.lastMail()).link);
    await press();
    expect(await reader().then((one) => one?.address ?? `new-${address}`)).toBe(`new-${address}`);

    await goto(await site.room.linkFor('unsubscribe', `new-${address}`, 'city-news'));
    await press();
    await press();
    await goto(settings);
    await tabTo('a', say.erase);
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
    await press(say.erase);
    expect((await site.room.subscribers.byAddress(`new-${address}`))?.address).toBe('');
    expect((await page.locator('html').getAttribute('lang')) ?? '').toBe(language);
    await context.close();
  });
});
