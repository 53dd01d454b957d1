import { SaxesParser } from 'saxes';
import { NAMESPACES } from '../render/tree.ts';

/** An element, with where it stands. Known namespaces have our prefixes, whichever the document chose. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  readonly line: number;
  /** Its own text, references and CDATA resolved. */
  text: string;
  /** What stands between its tags, as it was written. */
  source: string;
}

const PREFIXES = new Map<string, string>(Object.entries(NAMESPACES).map(([prefix, uri]) => [uri, prefix]));

/** The root, or the line at which the document stops being XML. */
export const readXml = (text: string): XmlElement | { readonly badLine: number } => {
  const parser = new SaxesParser({ xmlns: true });
  const open: { element: XmlElement; start: number }[] = [];
  let root: XmlElement | undefined;
  const addText = (more: string): void => {
    const top = open.at(-1);
    if (top) top.element.text += more;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('opentag', ({ uri, local, attributes }) => {
    const element: XmlElement = {
      name: nameOf(uri, local),
      attributes: Object.fromEntries(Object.values(attributes).map((one) => [nameOf(one.uri, one.local), one.value])),
      children: [],
      line: parser.line,
      text: '',
      source: '',
    };
    open.at(-1)?.element.children.push(element);
    root ??= element;
    open.push({ element, start: parser.position });
  });
  parser.on('closetag', () => {
    const closed = open.pop();
    if (closed) closed.element.source = text.slice(closed.start, parser.position).replace(/<\/[^<>]*>$/, '');
  });
  try {
    parser.write(text).close();
  } catch {
    // saxes throws at the first thing that is not well-formed, and that is the finding.
    return { badLine: parser.line };
  }
  return root ?? { badLine: 1 };
};

const nameOf = (uri: string, local: string): string => {
  const prefix = PREFIXES.get(uri);
  return prefix === undefined ? local : `${prefix}:${local}`;
};

export const childrenOf = ({ children }: XmlElement, name: string): XmlElement[] =>
  children.filter((child) => child.name === name);

/** The trimmed text of the first child of this name; empty where there is none. */
export const textOf = (parent: XmlElement, name: string): string => childrenOf(parent, name)[0]?.text.trim() ?? '';

export const placeOf = ({ line, name }: XmlElement): string => `line ${line}, ${name.replace('atom:', '')}`;
