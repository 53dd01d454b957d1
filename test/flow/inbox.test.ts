import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Courant, startCourant } from '../support/courant.ts';

let courant: Courant;
let data: string;

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'courant-inbox-'));
  courant = await startCourant({ DATA_DIR: data });
}, 60_000);

afterAll(async () => {
  await courant.remove();
  await rm(data, { recursive: true, force: true });
}, 30_000);

test('files that are laid into the folder are in the feed, and come back with a report', async () => {
  await mkdir(join(data, 'inbox/fr'), { recursive: true });
  await writeFile(join(data, 'inbox/fr/bac.md'), '# Le bac est de retour\n\nDès lundi, il traverse de nouveau.\n');
  await writeFile(join(data, 'inbox/budget.xlsx'), 'PK');

  const day = (await courant.now()).slice(0, 10);
  const taken = join(data, 'inbox-taken', day, 'fr/bac.md.report.json');
  const refused = join(data, 'inbox-refused', day, 'budget.xlsx.report.json');
  await expect.poll(() => existsSync(taken) && existsSync(refused), { timeout: 40_000, interval: 200 }).toBe(true);

  expect(JSON.parse(await readFile(taken, 'utf8'))).toMatchObject({ is: 'taken', articles: [{ is: 'new', seq: 1 }] });
  expect(JSON.parse(await readFile(refused, 'utf8'))).toMatchObject({ is: 'refused' });
  expect(existsSync(join(data, 'inbox/fr/bac.md'))).toBe(false);
  await expect
    .poll(async () => (await courant.fetch('/feeds/fr/all.rss')).text(), { timeout: 20_000, interval: 200 })
    .toContain('Le bac est de retour');
}, 90_000);
