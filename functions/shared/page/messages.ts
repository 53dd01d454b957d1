import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';

/** What pages and mails say, by language and key. */
export interface Messages {
  /**
   * The message `key` in this language, else in English. `{name}` is filled from `values`; where `values` has `count`,
   * the form `key.one`, `key.other` … that the language's plural rules ask for is taken.
   */
  say(language: string, key: string, values: Readonly<Record<string, unknown>>): string;
}

type Flat = ReadonlyMap<string, string>;

const FALLBACK = 'en';

/** `en.json`: nested objects of texts; the keys are the paths, `article.readMore`. */
export const readMessages = async (directory: string): Promise<Messages> => {
  const files = (await readdir(directory)).filter((name) => name.endsWith('.json'));
  const languages = new Map<string, Flat>();
  for (const file of files) {
    const raw: unknown = JSON.parse(await readFile(join(directory, file), 'utf8'));
    languages.set(file.replace(/\.json$/, ''), new Map(flatten(tree.parse(raw), '')));
  }
  return { say: (language, key, values) => fill(find(languages, language, key, values), values) };
};

type Tree = { [key: string]: string | Tree };
const tree: z.ZodType<Tree> = z.lazy(() => z.record(z.string(), z.union([z.string(), tree])));

const flatten = (node: Tree, path: string): [string, string][] =>
  Object.entries(node).flatMap(([key, value]) =>
    typeof value === 'string' ? [[path + key, value] as [string, string]] : flatten(value, `${path}${key}.`),
  );

const find = (
  languages: ReadonlyMap<string, Flat>,
  language: string,
  key: string,
  values: Readonly<Record<string, unknown>>,
): string => {
  const tried = [language, language.split('-')[0] ?? language, FALLBACK];
  for (const one of tried) {
    const messages = languages.get(one);
    const form = typeof values['count'] === 'number' ? new Intl.PluralRules(one).select(values['count']) : undefined;
    const message = messages?.get(form ? `${key}.${form}` : key) ?? (form && messages?.get(`${key}.other`));
    if (message !== undefined) return message;
  }
  throw new Error(`There is no message “${key}”.`);
};

const fill = (message: string, values: Readonly<Record<string, unknown>>): string =>
  message.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
