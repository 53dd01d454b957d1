import { SaxesParser } from 'saxes';
import { HTML_ENTITIES } from './xml/entities.ts';

/** An element of a foreign document. Names of known namespaces have one prefix each, whichever the document chose. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Its own text, references and CDATA resolved. */
  readonly text: string;
  /** What stands between its tags, as it was written: for markup that is not escaped (XHTML in Atom). */
  readonly source: string;
}

export type XmlReading =
  | { readonly is: 'xml'; readonly root: XmlElement }
  /** `because` ends a sentence. */
  | { readonly is: 'refused'; readonly because: string };

/** Deeper than any document that says something. */
const MOST_DEPTH = 100;

/**
 * Reads foreign XML strictly: what is not well-formed is no document, so a login page, a cut-off answer or an empty
 * body is never taken for news. Entities of one's own and internal subsets are refused before anything is parsed
 * (XXE, "billion laughs"). Three mistakes that many feeds make are forgiven, since they can only mean one thing:
 * control characters, HTML's names for characters (`&nbsp;`), and an `&` that is nothing but itself.
 * `namespaces`: URI → our prefix; an unknown namespace keeps the document's prefix.
 */
export const readXml = (text: string, namespaces: ReadonlyMap<string, string>): XmlReading => {
  const sound = text.replace(UNWANTED, '');
  if (sound.trim() === '') return refused('it is empty');
  if (/<!ENTITY/i.test(sound) || /<!DOCTYPE[^>[]{0,2000}\[/i.test(sound))
    return refused('it declares entities of its own');
  const reading = parsed(sound, namespaces);
  if (reading.is === 'xml') return reading;
  const mended = withSingleAmpersands(sound);
  const again = mended === sound ? reading : parsed(mended, namespaces);
  return again.is === 'xml' ? again : reading;
};

const refused = (because: string): XmlReading => ({ is: 'refused', because });

/** What XML 1.0 section 2.2 does not allow in a document. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for.
const UNWANTED = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|^\ufeff/g;

class TooDeep extends Error {}

interface Open {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: XmlElement[];
  readonly start: number;
  text: string;
}

const parsed = (text: string, namespaces: ReadonlyMap<string, string>): XmlReading => {
  const prefixes = Object.fromEntries([...namespaces].map(([uri, prefix]) => [prefix, uri]));
  const parser = new SaxesParser({ xmlns: true, additionalNamespaces: prefixes });
  Object.assign(parser.ENTITIES, HTML_ENTITIES);
  const nameOf = ({ uri, prefix, local }: { uri: string; prefix: string; local: string }): string => {
    const ours = namespaces.get(uri) ?? prefix;
    return ours === '' ? local : `${ours}:${local}`;
  };
  const open: Open[] = [];
  let root: XmlElement | undefined;
  const addText = (more: string): void => {
    const top = open.at(-1);
    if (top) top.text += more;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('opentag', (tag) => {
    if (open.length >= MOST_DEPTH) throw new TooDeep();
    const attributes = Object.fromEntries(Object.values(tag.attributes).map((one) => [nameOf(one), one.value]));
    open.push({ name: nameOf(tag), attributes, children: [], start: parser.position, text: '' });
  });
  parser.on('closetag', () => {
    const closed = open.pop();
    if (!closed) return;
    const { start, ...element } = closed;
    const end = parser.position;
    const whole = {
      ...element,
      get source() {
        return text.slice(start, end).replace(/<\/[^<>]*>$/, '');
      },
    };
    const parent = open.at(-1);
    if (parent) parent.children.push(whole);
    else root = whole;
  });
  try {
    parser.write(text).close();
  } catch (error) {
    // saxes throws at the first thing that is not well-formed, and that is the finding.
    if (error instanceof TooDeep) return refused(`it is nested more than ${MOST_DEPTH} deep`);
    return refused(`it stops being XML at line ${parser.line}`);
  }
  return root ? { is: 'xml', root } : refused('it is empty');
};

/** `AT&T` → `AT&amp;T`, outside CDATA, where an ampersand is one. */
const withSingleAmpersands = (text: string): string =>
  text
    .split(/(<!\[CDATA\[[\s\S]*?\]\]>)/)
    .map((part, i) => (i % 2 === 1 ? part : part.replace(/&(?!#?\w{1,32};)/g, '&amp;')))
    .join('');

export const childrenOf = ({ children }: XmlElement, name: string): XmlElement[] =>
  children.filter((child) => child.name === name);

export const childOf = ({ children }: XmlElement, name: string): XmlElement | undefined =>
  children.find((child) => child.name === name);

/** The trimmed text of the first child of this name that has any; `undefined` where there is none. */
export const textIn = (parent: XmlElement, ...names: string[]): string | undefined => {
  for (const name of names) {
    const found = childrenOf(parent, name).find(({ text }) => text.trim() !== '');
    if (found) return found.text.trim();
  }
  return undefined;
};
