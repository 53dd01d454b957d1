import { isAlias, parseDocument, visit } from 'yaml';
import { InvalidInput } from '../shared/errors.ts';

const MOST_CHARACTERS = 8000;

/**
 * Takes the front matter off a text: a line `---`, a YAML mapping, a line `---`. `data` is `null` where there is none
 * (a text may begin with a rule). Only plain data is read: YAML's core schema, so dates stay text; no aliases, no
 * tags, no second language after the fence. Throws `InvalidInput` for what is no YAML.
 */
export const splitFrontMatter = (text: string): { data: unknown; body: string } => {
  const fenced = fencedOf(text);
  if (!fenced) return { data: null, body: text };
  const data = readYaml(fenced.yaml);
  const isMapping = typeof data === 'object' && data !== null && !Array.isArray(data);
  return isMapping ? { data, body: fenced.body } : { data: null, body: text };
};

const fencedOf = (text: string): { yaml: string; body: string } | undefined => {
  const lines = text.slice(0, MOST_CHARACTERS + 100).split('\n');
  if (lines[0]?.trimEnd() !== '---') return undefined;
  const end = lines.findIndex((line, i) => i > 0 && /^(?:---|\.\.\.)\s*$/.test(line));
  if (end < 0) return undefined;
  const taken = lines.slice(0, end + 1).join('\n').length;
  return { yaml: lines.slice(1, end).join('\n').replaceAll('\r', ''), body: text.slice(taken + 1) };
};

const readYaml = (yaml: string): unknown => {
  const document = parseDocument(yaml, { schema: 'core', uniqueKeys: true, logLevel: 'silent' });
  if (document.errors.length > 0) throw invalid('it is not YAML');
  if (document.warnings.length > 0) throw invalid('it uses YAML tags');
  visit(document, (_, node) => {
    if (isAlias(node)) throw invalid('it uses YAML aliases');
  });
  return document.toJS({ maxAliasCount: 0 });
};

const invalid = (why: string): InvalidInput =>
  new InvalidInput(`The front matter cannot be read: ${why}.`, { field: 'front matter' });
