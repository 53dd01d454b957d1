import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import mjml2html from 'mjml';

const SOURCE = fileURLToPath(new URL('../templates/', import.meta.url));

/**
 * Builds `TEMPLATES_DIR`: `site/` and `locales/` as they are, `email/` with every MJML file compiled to HTML with its
 * Liquid in place. Runs once at the start of a local run and once for a deployment; MJML never runs for a reader.
 */
export const buildTemplates = async (outDir: string): Promise<void> => {
  await rm(outDir, { recursive: true, force: true });
  await mkdir(join(outDir, 'email'), { recursive: true });
  await Promise.all([
    cp(join(SOURCE, 'site'), join(outDir, 'site'), { recursive: true }),
    cp(join(SOURCE, 'locales'), join(outDir, 'locales'), { recursive: true }),
    buildMails(join(SOURCE, 'email'), join(outDir, 'email')),
  ]);
};

const buildMails = async (from: string, to: string): Promise<void> => {
  const parts = await readParts(join(from, 'parts'));
  for (const file of await readdir(from)) {
    if (file.endsWith('.txt')) await cp(join(from, file), join(to, file));
    if (!file.endsWith('.mjml')) continue;
    const compiled = await compileMail(withParts(await readFile(join(from, file), 'utf8'), parts));
    for (const [name, html] of cutPieces(file.replace('.mjml', ''), compiled)) {
      await writeFile(join(to, `${name}.liquid`), html);
    }
  }
};

const readParts = async (directory: string): Promise<Map<string, string>> => {
  const files = await readdir(directory);
  const read = async (file: string) =>
    [file.replace('.mjml', ''), await readFile(join(directory, file), 'utf8')] as const;
  return new Map(await Promise.all(files.map(read)));
};

/** What mails share. MJML's own includes read files, so they stay off (CVE-2025-67898). */
const withParts = (source: string, parts: ReadonlyMap<string, string>): string =>
  source.replace(/<!-- part: (\w+) -->/g, (_, name: string) => {
    const part = parts.get(name);
    if (part === undefined) throw new Error(`There is no templates/email/parts/${name}.mjml.`);
    return part;
  });

/** MJML with Liquid in it, to HTML with Liquid in it. Throws what strict validation finds. */
export const compileMail = async (source: string): Promise<string> => {
  const colours = standIns(source);
  const { html } = await mjml2html(colours.source, { validationLevel: 'strict', ignoreIncludes: true, fonts: {} });
  return bothDirections(inItsLanguage(closeUp(colours.restore(html))));
};

/** MJML wants a colour where a colour goes, so Liquid that gives one travels through it as a colour nobody uses. */
const standIns = (source: string): { source: string; restore: (html: string) => string } => {
  const expressions: string[] = [];
  const replaced = source.replace(/\{\{ newsroom\.look\.(?!logo)\w+ \}\}/g, (expression) => {
    if (!expressions.includes(expression)) expressions.push(expression);
    return `#c01a${String(expressions.indexOf(expression)).padStart(2, '0')}`;
  });
  return {
    source: replaced,
    restore: (html) => html.replace(/#c01a(\d\d)/g, (_, i: string) => expressions[Number(i)] ?? ''),
  };
};

/** Space at line breaks goes; what is on one line stays as it is written. */
const closeUp = (html: string): string =>
  html
    .replace(/>\s*\n\s*</g, '><')
    .replace(/\s*\n\s*/g, ' ')
    .replace(/" +>/g, '">')
    .replace(/<(\w+) {2,}/g, '<$1 ')
    .replace(/<style[^>]*>[^<]*<\/style>/g, (css) => css.replace(/\s*([{}:;,>])\s*/g, '$1').replaceAll(';}', '}'));

/**
 * What may be in another language than the rest of its mail says which (WCAG 2.2, 3.1.2). MJML has no attribute for it, so
 * the section is written with `css-class="… own-language"`, which becomes `lang` and `dir`.
 */
const inItsLanguage = (html: string): string =>
  html
    .replaceAll(' own-language-outlook', '')
    .replaceAll(' own-language"', '" lang="{{ language }}" dir="{{ direction }}"');

/** MJML writes from left to right; where it says so, the mail says what its language asks for. */
const bothDirections = (html: string): string => {
  const start = "{% if direction == 'rtl' %}right{% else %}left{% endif %}";
  return html
    .replaceAll('direction:ltr', 'direction:{{ direction }}')
    .replaceAll('text-align:left', `text-align:${start}`)
    .replaceAll('align="left"', `align="${start}"`);
};

/**
 * A mail that is joined from pieces is written as one document, so that MJML fits them into one another. Between
 * `<!-- pieces -->` and `<!-- end of pieces -->` each becomes a template of its own, and the rest, with a hole where
 * they were, the shell.
 */
const cutPieces = (name: string, html: string): [name: string, html: string][] => {
  const [head, pieces, ...rest] = html.split(/<!-- (?:end of )?pieces -->/);
  const tail = rest[0];
  if (head === undefined || pieces === undefined || tail === undefined) return [[name, html]];
  const cut = [...pieces.matchAll(/<!-- piece: ([\w-]+) -->(.*?)<!-- end -->/gs)];
  return [
    [`${name}-shell`, `${head}%%CONTENT%%${tail}`],
    ...cut.map(([, piece = '', body = '']): [string, string] => [piece, `${body.trim()}\n`]),
  ];
};
