import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cloneWith } from '../support/clone.ts';
import { type Courant, eventually, startCourant } from '../support/courant.ts';

const ours = (config: string): string =>
  config
    .replaceAll("'Confluence'", "'Harbour Post'")
    .replace("accent: '#0b5c7a'", "accent: '#7a1f0b'")
    .replace(/\n {4}\{ id: 'es', label: 'Español' \},/, '')
    .replace("languages: ['en', 'fr', 'es']", "languages: ['en', 'fr']")
    .replace(/\n {4}\{\n {6}id: 'culture',[\s\S]*?\n {4}\},/, '')
    .replace("en: 'Mobility'", "en: 'Getting around'")
    .replaceAll('news@confluence.example', 'post@harbour.example');

let copy: string;
let courant: Courant;
beforeAll(async () => {
  copy = await cloneWith(ours);
  courant = await startCourant({ COURANT_SAMPLES: 'all' }, copy);
});
afterAll(async () => {
  await courant.remove();
  await rm(copy, { recursive: true, force: true });
});

const text = async (path: string): Promise<string> => (await courant.fetch(path)).text();

describe('a newsroom.config.ts of one’s own', () => {
  test('changes every page: name, colours, languages, topics', async () => {
    const page = await text('/en');
    expect(page).toContain('Harbour Post');
    expect(page).toContain('Getting around');
    expect(page).not.toContain('Confluence –');
    expect(page).not.toContain('/es"');
    const stylesheet = /href="(\/assets\/site\.css[^"]*)"/.exec(page)?.[1] ?? '';
    expect(await text(stylesheet)).toContain('#7a1f0b');
    expect((await courant.fetch('/es')).status).toBe(404);
    expect((await courant.fetch('/en/topics/culture')).status).not.toBe(200);
  });

  test('changes every feed', async () => {
    await eventually(
      async () => ((await text('/feeds/en/mobility.rss')).includes('<item>') ? true : undefined),
      'feed',
    );
    expect(await text('/feeds/en/mobility.rss')).toContain('Getting around');
    expect(await text('/feeds/en/all.json')).toContain('Harbour Post');
    expect((await courant.fetch('/feeds/es/all.rss')).status).toBe(404);
  });

  test('changes every mail', async () => {
    await courant.fetch('/subscribe', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'reader@example.org' }),
    });
    const [mail] = await courant.waitForMails('reader@example.org', 1);
    expect(mail?.header('from')).toBe('Harbour Post <post@harbour.example>');
    expect(mail?.html).toContain('#7a1f0b');
    expect(mail?.html).not.toContain('#0b5c7a');
  });

  test('changed once more, and the next start shows it everywhere, over the same articles', async () => {
    const path = join(copy, 'newsroom.config.ts');
    await writeFile(path, (await readFile(path, 'utf8')).replaceAll("'Harbour Post'", "'The Lock Keeper'"));
    await courant.stop();
    await courant.restart();
    expect(await text('/en')).toContain('The Lock Keeper');
    await eventually(
      async () => ((await text('/feeds/en/all.rss')).includes('The Lock Keeper') ? true : undefined),
      'renamed feed',
    );
    expect(await text('/feeds/en/all.rss')).toContain('<item>');
  });
});
