import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { sha256 } from '../../functions/shared/hash.ts';
import { openBrowser } from '../support/browser.ts';
import { aDigest, builtTemplates, frameOf } from './aDigest.ts';
import { difficult, english, french } from './issues.ts';

/**
 * How mails look in Chromium. `npm run pictures:mail` renews the pictures that are kept for people to look at, and beside
 * them the marks of the mails they show: Chromium draws otherwise on another machine, but a mail is the same everywhere.
 */
const KEPT = fileURLToPath(new URL('../../docs/pictures/mail/', import.meta.url));
let browser: Browser;
let pictures: string;
let built: Awaited<ReturnType<typeof builtTemplates>>;

beforeAll(async () => {
  built = await builtTemplates();
  pictures = process.env['PICTURES'] ?? (await mkdtemp(join(tmpdir(), 'courant-mail-pictures-')));
  await mkdir(pictures, { recursive: true });
  browser = await openBrowser();
});

afterAll(async () => {
  if (process.env['PICTURES']) {
    const marks = viewings.map(([name, html, viewing]) => [fileOf(name), markOf(html(), viewing)]);
    await writeFile(join(pictures, 'marks.json'), `${JSON.stringify(Object.fromEntries(marks), null, 2)}\n`);
  }
  await browser.close();
  await rm(built.directory, { recursive: true });
  console.log(`Pictures of the mails: ${pictures}`);
});

interface Viewing {
  readonly width: number;
  readonly dark?: boolean;
  readonly images?: boolean;
  /** How much larger its letters are than the mail says. */
  readonly letters?: number;
}

const enlarged = (html: string, by: number): string =>
  html.replace(/(font(?:-size)?:[^;"]*?)(\d+)px/g, (_, before, size) => `${before}${Number(size) * by}px`);

const view = async (html: string, { width, dark = false, images = true, letters = 1 }: Viewing): Promise<Page> => {
  const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme: dark ? 'dark' : 'light' });
  await page.route('**/*', async (route) => {
    const { pathname } = new URL(route.request().url());
    const picture = images ? await readFile(join(built.directory, 'site', pathname)).catch(() => undefined) : undefined;
    await (picture ? route.fulfill({ body: picture, contentType: 'image/png' }) : route.abort());
  });
  await page.setContent(letters === 1 ? html : enlarged(html, letters), { waitUntil: 'load' });
  return page;
};

const digest = (): string => aDigest(built.templates, english).html;

const confirmation = (): string =>
  built.templates.render('email/confirmation', {
    ...frameOf('fr'),
    newsletter: { id: 'city-news', label: french.label },
    questions: [{ label: french.label, topics: [], cadence: 'weekly' }],
    confirmUrl: `https://news.confluence.example/confirm/${'x'.repeat(120)}`,
  });

const viewings: [string, () => string, Viewing][] = [
  ['digest, difficult', () => aDigest(built.templates, difficult).html, { width: 600 }],
  ['digest, difficult, dark, 375 px', () => aDigest(built.templates, difficult).html, { width: 375, dark: true }],
  [
    'digest, difficult, 320 px, images off',
    () => aDigest(built.templates, difficult).html,
    { width: 320, images: false },
  ],
  ['digest, 600 px', digest, { width: 600 }],
  ['digest, 375 px', digest, { width: 375 }],
  ['digest, 320 px', digest, { width: 320 }],
  ['digest that counts clicks, 375 px', () => aDigest(built.templates, english, { clicks: true }).html, { width: 375 }],
  ['digest, dark', digest, { width: 600, dark: true }],
  ['digest, images off', digest, { width: 375, images: false }],
  ['digest, dark, 375 px', digest, { width: 375, dark: true }],
  ['digest, right to left', () => aDigest(built.templates, english, { direction: 'rtl' }).html, { width: 600 }],
  ['digest, large text', digest, { width: 375, letters: 1.6 }],
  ['confirmation, 600 px', confirmation, { width: 600 }],
  ['confirmation, 320 px, dark', confirmation, { width: 320, dark: true }],
];

const fileOf = (name: string): string => `${name.replace(/[ ,]+/g, '-')}.jpg`;

const markOf = (html: string, viewing: Viewing): string => sha256(JSON.stringify([html, viewing])).slice(0, 16);

const marksSchema = z.record(z.string(), z.string());

it.skipIf(process.env['PICTURES'])(
  'the pictures that are kept show mails as they are: else npm run pictures:mail',
  async () => {
    const marks = marksSchema.parse(JSON.parse(await readFile(join(KEPT, 'marks.json'), 'utf8')));
    expect(
      Object.fromEntries(viewings.map(([name, html, viewing]) => [fileOf(name), markOf(html(), viewing)])),
    ).toEqual(marks);
    expect((await readdir(KEPT)).filter((file) => file !== 'marks.json').sort()).toEqual(Object.keys(marks).sort());
  },
);

it.each(viewings)('%s: fits its window, and everybody can read it', async (name, html, viewing) => {
  const page = await view(html(), viewing);
  const path = join(pictures, fileOf(name));
  await page.screenshot({ path, type: 'jpeg', quality: 55, fullPage: true });
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(viewing.width);
  await page.evaluate(axe.source);
  const violations = await page.evaluate(
    `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa'] }).then(({ violations }) =>
      violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 120)).join(' | ')))`,
  );
  expect(violations).toEqual([]);
  await page.close();
});

it('with images off, the newsroom’s name and the picture’s words are there', async () => {
  const page = await view(digest(), { width: 375, images: false });
  await expect(page.getByAltText('Confluence').isVisible()).resolves.toBe(true);
  await expect(page.getByAltText(english.lead.image?.alt ?? '').isVisible()).resolves.toBe(true);
  await page.close();
});
