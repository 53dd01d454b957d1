import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { opmlOf } from '../../functions/feeds/opml.ts';
import { aFeedHouse, aNewsroom } from '../feeds/aBuilder.ts';
import { isProgram } from './debian.ts';
import '../feeds/quiet.ts';

/** Our documents against schemas, by validators that are not ours: jing and xmllint, where they are installed. */

const here = mkdtempSync(join(tmpdir(), 'courant-schemas-'));
afterAll(() => rmSync(here, { recursive: true, force: true }));

const schema = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const file = (name: string, text: string): string => {
  const path = join(here, name);
  writeFileSync(path, text);
  return path;
};
/** Faults as jing prints them; it names the place and what is wrong. */
const faultsOf = (name: string, document: string): string => {
  const { status, stdout } = spawnSync('jing', ['-c', schema(name), document], { encoding: 'utf8', timeout: 60_000 });
  return status === 0 ? '' : stdout || `jing ended with ${status}`;
};

const hostile = {
  title: 'Signs: < > & " \' ]]> <b>x</b> &amp; &#x3C; مرحبا 🚲',
  summary: 'One & two <three>',
  html: '<p>]]&gt; &amp; &lt;script&gt; 🚲</p>',
  authors: [{ name: 'Tom O’Brien & Sons', email: 'tom@example.org' }, { name: 'Ana <Prat>' }],
};

/** A feed with all that ours can hold: translations, revisions, retractions, an archive. */
const documents = async (): Promise<Record<string, string>> => {
  const { wire, rebuild, bytes } = aFeedHouse();
  for (let i = 0; i < 60; i++) {
    const at = new Date(Date.parse('2026-05-01') + i * 3_600_000).toISOString();
    wire.publish({ topics: ['mobility'], ...(i % 10 === 0 && hostile) }, { at });
  }
  wire.publish({ ...hostile, story: 'bridge', topics: ['climate'] });
  wire.publish({ language: 'fr', story: 'bridge', topics: ['climate'] });
  wire.revise(wire.publish({ topics: ['mobility'] }).article.id, { ...hostile });
  wire.retract(wire.publish({ topics: ['mobility'] }).article.id, 'The figure & its <source> were wrong.');
  await rebuild();
  return bytes();
};

describe('our documents hold to what others say of them', () => {
  test.skipIf(!isProgram('jing'))(
    'Atom, current and archived, to RFC 4287 and 6721, by jing',
    { timeout: 120_000 },
    async () => {
      const atoms = Object.entries(await documents()).filter(([key]) => key.endsWith('.atom'));
      const checked = ['en/all.atom', 'en/all/archive/1.atom', 'en/climate.atom', 'fr/all.atom', 'fr/mobility.atom'];
      for (const name of checked) {
        const [, text = ''] = atoms.find(([key]) => key === `feeds/${name}`) ?? [];
        expect([name, faultsOf('atom.rnc', file('feed.atom', text))]).toEqual([name, '']);
      }
    },
  );

  test.skipIf(!isProgram('jing'))('OPML to OPML 2.0, by jing', { timeout: 60_000 }, () => {
    expect(faultsOf('opml.rnc', file('feeds.opml', opmlOf(aNewsroom(), 'https://news.example')))).toBe('');
  });

  test.skipIf(!isProgram('jing'))('and jing finds what is wrong', { timeout: 60_000 }, async () => {
    const { 'feeds/fr/all.atom': good = '' } = await documents();
    for (const [what, bad] of [
      ['an entry without a date', good.replace(/<updated>[^<]*<\/updated>(?=\s*<summary)/, '')],
      ['a relative id', good.replace(/<id>tag:[^<]*</, '<id>all<')],
      ['a date that is none', good.replace(/<updated>[^<]*</, '<updated>yesterday<')],
    ] as const) {
      expect(bad).not.toBe(good);
      expect([what, faultsOf('atom.rnc', file('bad.atom', bad))]).toEqual([what, expect.stringContaining('error')]);
    }
  });

  test.skipIf(!isProgram('xmllint'))('all XML is well-formed, by xmllint', { timeout: 60_000 }, async () => {
    const names = Object.entries(await documents())
      .filter(([key]) => !key.endsWith('.json'))
      .map(([key, text]) => file(key.replaceAll('/', '-'), text));
    expect(names.length).toBeGreaterThan(10);
    // Ends with an error, and its text, at the first that is not.
    execFileSync('xmllint', ['--noout', '--nonet', ...names], { stdio: 'pipe' });
  });
});
