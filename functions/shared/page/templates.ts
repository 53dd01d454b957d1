import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Liquid, type LiquidOptions } from 'liquidjs';
import { environment } from '../environment.ts';
import { type Messages, readMessages } from './messages.ts';

/**
 * Renders the files below `templates/`. Content is data, never template source; every `{{ }}` is escaped for HTML
 * unless the template itself says `| raw`, which only text that was sanitised on its way in may meet.
 */
export interface Templates {
  /** `name` is a file below `templates/` without its ending, as `site/article`. `data` holds `language`. */
  render(name: string, data: TemplateData): string;
  /** Renders `{name}.txt`, where nothing is escaped: the text part of a mail. */
  renderText(name: string, data: TemplateData): string;
  /** The text of a message in this language, for what is not HTML (a mail's subject, say). */
  say(language: string, key: string, values?: Readonly<Record<string, unknown>>): string;
  /** A file below `templates/` as it is. */
  file(path: string): Promise<Uint8Array>;
}

export type TemplateData = Readonly<Record<string, unknown>> & { readonly language: string };

/** `TEMPLATES_DIR` holds what `infra/templates.ts` built: `site/`, `email/` (MJML compiled to HTML), `locales/`. */
export const openTemplates = async (): Promise<Templates> => {
  const root = environment('TEMPLATES_DIR');
  const messages = await readMessages(join(root, 'locales'));
  const pages = engine({ root, extname: '.liquid', outputEscape: 'escape' }, messages);
  const texts = engine({ root, extname: '.txt' }, messages);
  return {
    render: (name, data) => pages.renderFileSync(name, data),
    renderText: (name, data) => texts.renderFileSync(name, data),
    say: (language, key, values = {}) => messages.say(language, key, values),
    file: async (path) => new Uint8Array(await readFile(join(root, path))),
  };
};

const engine = (options: LiquidOptions, messages: Messages): Liquid => {
  const liquid = new Liquid({
    ...options,
    cache: true,
    strictFilters: true,
    strictVariables: false,
    ownPropertyOnly: true,
  });
  // {{ 'article.by' | t: names: authors }}; plural forms by `count`.
  liquid.registerFilter('t', function (key: unknown, ...args: unknown[]) {
    return messages.say(languageOf(this.context), String(key), valuesOf(args));
  });
  // {{ article.publishedAt | day }}: a date as the reader's language writes it, in the newsroom's time zone.
  liquid.registerFilter('day', function (moment: unknown, style: unknown = 'long') {
    const timeZone = String(this.context.getSync(['timeZone']) ?? 'UTC');
    return dayIn(languageOf(this.context), timeZone, String(moment), style === 'short' ? 'medium' : 'long');
  });
  // <h3{{ article.title | dir }}>: says so where a text runs the other way than what is around it.
  liquid.registerFilter('dir', {
    raw: true,
    handler(text: unknown) {
      const runs = directionOf(String(text));
      return runs === undefined || runs === this.context.getSync(['direction']) ? '' : ` dir="${runs}"`;
    },
  });
  // {{ until | moment }}: a day and its time.
  liquid.registerFilter('moment', function (moment: unknown) {
    const timeZone = String(this.context.getSync(['timeZone']) ?? 'UTC');
    return momentIn(languageOf(this.context), timeZone, String(moment));
  });
  return liquid;
};

/** How this language writes days and hours. English of no country is the world's, `23 November 2026`, `08:00`; `en-US` says otherwise. */
export const localeOf = (language: string): string => (language === 'en' ? 'en-GB' : language);

/** A day as this language writes it. */
export const dayIn = (language: string, timeZone: string, moment: string, dateStyle: 'medium' | 'long'): string =>
  new Intl.DateTimeFormat(localeOf(language), { dateStyle, timeZone }).format(new Date(moment));

/** `23 November 2026 at 08:00 CET`, as this language writes it: readers are elsewhere. */
const momentIn = (language: string, timeZone: string, moment: string): string =>
  new Intl.DateTimeFormat(localeOf(language), {
    ...{ day: 'numeric', month: 'long', year: 'numeric' },
    ...{ hour: '2-digit', minute: '2-digit', timeZoneName: 'short' },
    timeZone,
  }).format(new Date(moment));

/** A language as people name it in another: `French`, `français`. Where nobody has a name for it, its `label`. */
export const languageName = (language: string, of: string, label: string = of): string =>
  new Intl.DisplayNames(language, { type: 'language', fallback: 'none' }).of(of) ?? label;

const TO_THE_LEFT =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}\p{Script=Hanifi_Rohingya}]/gu;

/**
 * Which way most of a text's letters run; `undefined` without letters. `dir="auto"` asks the first letter alone, and an
 * Arabic headline may well begin with the name of a firm.
 */
const directionOf = (text: string): 'ltr' | 'rtl' | undefined => {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  if (letters === 0) return undefined;
  return (text.match(TO_THE_LEFT)?.length ?? 0) * 2 > letters ? 'rtl' : 'ltr';
};

const languageOf = (context: { getSync(path: string[]): unknown }): string => String(context.getSync(['language']));

/** Liquid hands named arguments over as pairs. */
const valuesOf = (args: unknown[]): Record<string, unknown> =>
  Object.fromEntries(args.flatMap((arg) => (Array.isArray(arg) ? [[String(arg[0]), arg[1]]] : [])));
