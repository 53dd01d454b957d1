import { DOMParser, type Document, type Element, type Node, onErrorStopParsing } from '@xmldom/xmldom';
import { RSL_NAMESPACE } from '../rsl.ts';

const XMLNS = 'http://www.w3.org/2000/xmlns/';

/** The prefixes that our documents use. */
export const NAMESPACES = {
  atom: 'http://www.w3.org/2005/Atom',
  at: 'http://purl.org/atompub/tombstones/1.0',
  content: 'http://purl.org/rss/1.0/modules/content/',
  // The address that readers know it by; the module's page has moved since.
  creativeCommons: 'http://backend.userland.com/creativeCommonsRssModule',
  dc: 'http://purl.org/dc/elements/1.1/',
  dcterms: 'http://purl.org/dc/terms/',
  fh: 'http://purl.org/syndication/history/1.0',
  media: 'http://search.yahoo.com/mrss/',
  rsl: RSL_NAMESPACE,
  xml: 'http://www.w3.org/XML/1998/namespace',
} as const;

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** Throws at anything that is not well-formed. */
export const parseXml = (text: string): Document =>
  new DOMParser({ onError: onErrorStopParsing }).parseFromString(text, 'application/xml');

export const rootOf = (document: Document): Element => {
  if (!document.documentElement) throw new Error('The document has no root.');
  return document.documentElement;
};

export const declare = (root: Element, ...prefixes: (keyof typeof NAMESPACES)[]): void => {
  for (const prefix of prefixes) root.setAttributeNS(XMLNS, `xmlns:${prefix}`, NAMESPACES[prefix]);
};

/** The first child element of this name. */
export const need = (parent: Element, name: string): Element => {
  const [found] = elementsIn(parent, name);
  if (!found) throw new Error(`There is no ${name} in ${parent.nodeName}.`);
  return found;
};

export const elementsIn = (parent: Element, name?: string): Element[] => {
  const found: Element[] = [];
  for (let node = parent.firstChild; node; node = node.nextSibling) {
    if (isElement(node) && (name === undefined || node.nodeName === name)) found.push(node);
  }
  return found;
};

const isElement = (node: Node): node is Element => node.nodeType === node.ELEMENT_NODE;

/** Appends an element, in its prefix's namespace or else in its parent's. */
export const append = (parent: Element, name: string, attributes: Attributes = {}, text?: string): Element => {
  const document = documentOf(parent);
  const made = document.createElementNS(namespaceOf(name) ?? parent.namespaceURI, name);
  setAttributes(made, attributes);
  if (text !== undefined) made.appendChild(document.createTextNode(text));
  parent.appendChild(made);
  return made;
};

export const setAttributes = (element: Element, attributes: Attributes): void => {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) element.setAttributeNS(namespaceOf(name) ?? null, name, String(value));
  }
};

export const setText = (element: Element, text: string): void => {
  clear(element);
  element.appendChild(documentOf(element).createTextNode(text));
};

/** A text as CDATA, which leaves its markup readable; as many sections as it takes, since none may hold `]]>`. */
export const setCdata = (element: Element, text: string): void => {
  clear(element);
  const document = documentOf(element);
  for (const part of text.split(/(?<=\]\])(?=>)/)) element.appendChild(document.createCDATASection(part));
};

const clear = (element: Element): void => {
  while (element.firstChild) element.removeChild(element.firstChild);
};

const documentOf = (element: Element): Document => {
  if (!element.ownerDocument) throw new Error('The element has no document.');
  return element.ownerDocument;
};

const namespaceOf = (name: string): string | undefined => {
  const prefix = /^(\w+):/.exec(name)?.[1];
  return prefix !== undefined && prefix in NAMESPACES ? NAMESPACES[prefix as keyof typeof NAMESPACES] : undefined;
};
