import { CONTENT_TYPES } from '../addresses.ts';
import { OPML_CONTENT_TYPE } from '../opml.ts';
import { lintAtom } from './atom.ts';
import { lintJson } from './json.ts';
import { lintOpml } from './opml.ts';
import { readXml } from './readXml.ts';
import { lintRss } from './rss.ts';
import { broken, type Finding } from './rules.ts';

const MOST_BYTES = 250_000;

/** What is wrong with a feed, or with a list of feeds. */
export const lint = (bytes: Uint8Array): Finding[] => {
  const text = textIn(bytes);
  if (text === undefined) return broken('document', { 'not-utf-8': true });
  const findings = /^\s*[[{]/.test(text) ? lintJson(text) : lintXml(text);
  return [...broken('document', { 'too-big': bytes.length > MOST_BYTES }), ...findings];
};

const textIn = (bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // The bytes are no UTF-8, and that is the finding.
    return undefined;
  }
};

const lintXml = (text: string): Finding[] => {
  const root = readXml(text);
  if ('badLine' in root) return broken(`line ${root.badLine}`, { 'not-well-formed': true });
  switch (root.name) {
    case 'rss':
      return lintRss(root);
    case 'atom:feed':
      return lintAtom(root);
    case 'opml':
      return lintOpml(root);
    default:
      return broken(`line ${root.line}, ${root.name}`, { 'unknown-format': true });
  }
};

const TYPES: readonly string[] = [...Object.values(CONTENT_TYPES), OPML_CONTENT_TYPE];

/** What is wrong with the answer that brought it. */
export const lintHeaders = (headers: Headers): Finding[] => {
  const type = (headers.get('content-type') ?? '').toLowerCase().replace(/\s*;\s*/, '; ');
  return broken('headers', {
    'content-type': !TYPES.includes(type),
    'no-etag': !headers.has('etag'),
    'no-self-header': type !== OPML_CONTENT_TYPE && !/;\s*rel="?self\b/.test(headers.get('link') ?? ''),
    'no-max-age': !/\bmax-age=\d+/.test(headers.get('cache-control') ?? ''),
  });
};
