import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const filesBelow = (directory: string, ending: RegExp): string[] =>
  readdirSync(new URL(directory, root), { recursive: true, encoding: 'utf8' })
    .filter((name) => ending.test(name))
    .map((name) => `${directory}${name}`);

type Tree = { [key: string]: string | Tree };
const tree: z.ZodType<Tree> = z.lazy(() => z.record(z.string(), z.union([z.string(), tree])));
const FORMS = new Set(['zero', 'one', 'two', 'few', 'many', 'other']);
/** The forms of a plural differ from language to language; what they are forms of does not. */
const isPlural = (node: Tree): boolean => Object.keys(node).every((key) => FORMS.has(key));
const keysOf = (node: Tree, path = ''): string[] =>
  Object.entries(node).flatMap(([key, value]) => {
    if (typeof value === 'string' || isPlural(value)) return [path + key];
    return keysOf(value, `${path}${key}.`);
  });
const messages = (language: string): Tree => tree.parse(JSON.parse(read(`templates/locales/${language}.json`)));
const textAt = (node: Tree | string | undefined, key: string): string =>
  String(
    key
      .split('.')
      .reduce<Tree | string | undefined>((at, part) => (typeof at === 'object' ? at[part] : undefined), node),
  );

const english = keysOf(messages('en'));

describe.each(['fr', 'es'])('the messages in %s', (language) => {
  test('are those there are in English', () => {
    expect(keysOf(messages(language)).sort()).toEqual([...english].sort());
  });

  test('fill in the same values', () => {
    const values = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).sort();
    for (const key of english) {
      expect([key, values(textAt(messages(language), key))]).toEqual([key, values(textAt(messages('en'), key))]);
    }
  });
});

test('every message that a template or the code asks for by name is there', () => {
  const inTemplates = filesBelow('templates/', /\.(liquid|txt|mjml)$/).flatMap((file) =>
    [...read(file).matchAll(/'([a-z]+\.[\w.-]+[\w-])'\s*\|\s*t\b/g)].map(([, key = '']) => key),
  );
  const inCode = filesBelow('functions/', /\.ts$/).flatMap((file) =>
    [...read(file).matchAll(/say\(\s*[\w.]+,\s*'([\w.-]+)'/g)].map(([, key = '']) => key),
  );
  expect(inTemplates.length).toBeGreaterThan(50);
  expect(inCode.length).toBeGreaterThan(3);
  expect([...inTemplates, ...inCode].filter((key) => !english.includes(key))).toEqual([]);
});
