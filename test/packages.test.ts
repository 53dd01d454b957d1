import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';

/** What the lock file holds, checked without a network: `npm audit` needs a registry that answers it. */

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.looseObject({
      version: z.string().optional(),
      dev: z.boolean().optional(),
      license: z.string().optional(),
    }),
  ),
});
const lockText = readFileSync('package-lock.json', 'utf8');
const locked = Object.entries(lockSchema.parse(JSON.parse(lockText)).packages)
  .filter(([path]) => path !== '')
  .map(([path, { version = '', dev = false, license = '' }]) => ({
    path,
    name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
    version,
    dev,
    license,
  }));

/** The lowest versions without a known hole, by major version where an old one is still looked after. */
const SAFE: Readonly<Record<string, readonly string[]>> = {
  // Stored XSS through the default configuration, `xmp`, svg and textarea: GHSA-rpr9-rxv7-x643, GHSA-g8qq-57p8-ggw5.
  'sanitize-html': ['2.17.7'],
  // A template that reads files: CVE-2025-67898.
  mjml: ['4.18.1'],
  // Slow patterns: CVE-2026-2327.
  'markdown-it': ['14.1.1'],
  // Dropped OAuth scopes: CVE-2024-45037.
  'aws-cdk-lib': ['2.148.1'],
  // Entity tricks and injection: CVE-2026-25896, GHSA-8r6m-32jq-jx6q.
  'fast-xml-parser': ['5.10.1'],
  // Prototype pollution: CVE-2025-64718.
  'js-yaml': ['3.14.2', '4.1.1'],
  // Code run from templates: GHSA-8r5x-fm3f-whwj.
  handlebars: ['4.7.10'],
  // Header injection and address parsing: GHSA-c7w3-x93f-qmm8, GHSA-vvjj-xcjg-gr5g.
  nodemailer: ['10.0.5'],
  // Prototype pollution: CVE-2023-0842.
  xml2js: ['0.5.0'],
  // Decompression without an end: CVE-2026-22036, CVE-2026-84890.
  undici: ['7.29.1', '8.10.2'],
};

/** Locked below its safe version, and why that is no danger here. */
const EXPLAINED: Readonly<Record<string, string>> = {
  'node_modules/juice/node_modules/undici':
    'MJML’s inliner would fetch remote style sheets with it; our templates have none, and it runs at build time only.',
};

/** Runs code from front matter (CVE-2026-78847); takes 127.1 for a public address (CVE-2024-29415). */
const NEVER = ['gray-matter', 'ip'];

const isAtLeast = (version: string, least: string): boolean =>
  version.localeCompare(least, 'en', { numeric: true }) >= 0;

const isSafe = (version: string, least: readonly string[]): boolean => {
  const major = (text: string): number => Number(text.split('.')[0]);
  const same = least.find((one) => major(one) === major(version));
  return same ? isAtLeast(version, same) : least.every((one) => major(one) < major(version));
};

describe('the lock file', () => {
  test('fits any registry: it holds no addresses', () => {
    expect(lockText).not.toContain('"resolved"');
  });

  test('holds no version with a known hole', () => {
    const unsafe = locked.filter(
      ({ name, version, path }) => name in SAFE && !(path in EXPLAINED) && !isSafe(version, SAFE[name] ?? []),
    );
    expect(unsafe).toEqual([]);
  });

  test('holds none of the packages that are never taken', () => {
    expect(locked.filter(({ name }) => NEVER.includes(name))).toEqual([]);
  });

  test('every exception is still needed', () => {
    for (const path of Object.keys(EXPLAINED)) {
      const found = locked.find((one) => one.path === path);
      expect([path, found && isSafe(found.version, SAFE[found.name] ?? [])]).toEqual([path, false]);
    }
  });

  test('nothing that goes to Lambda has a licence that asks for more than a notice', () => {
    const free =
      /^\(?(MIT|MIT-0|ISC|0BSD|BSD-2-Clause|BSD-3-Clause|Unlicense|Apache-2\.0|BlueOak-1\.0\.0|PSF-2\.0|Python-2\.0)\b/;
    expect(locked.filter(({ dev, license }) => !dev && !free.test(license))).toEqual([]);
  });

  test('package.json names exact versions', () => {
    const manifest = z
      .object({
        dependencies: z.record(z.string(), z.string()),
        devDependencies: z.record(z.string(), z.string()),
      })
      .parse(JSON.parse(readFileSync('package.json', 'utf8')));
    const loose = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+$/.test(version),
    );
    expect(loose).toEqual([]);
  });
});

test('versions are compared as numbers, not as text', () => {
  expect(isSafe('2.17.10', ['2.17.7'])).toBe(true);
  expect(isSafe('2.17.6', ['2.17.7'])).toBe(false);
  expect(isSafe('6.29.1', ['7.29.1', '8.10.2'])).toBe(false);
  expect(isSafe('8.10.1', ['7.29.1', '8.10.2'])).toBe(false);
  expect(isSafe('9.0.0', ['7.29.1', '8.10.2'])).toBe(true);
});
