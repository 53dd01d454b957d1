import type { Attr, Document, Element, Node } from '@xmldom/xmldom';

/**
 * Writes the tree as text. xmldom's own serializer has no way to write `&` and `<` in titles as hexadecimal references,
 * the one spelling that every reader shows as it was meant (RSS Advisory Board, Best Practices Profile, “title”).
 */
export const print = (document: Document): string => {
  const out = ['<?xml version="1.0" encoding="utf-8"?>\n'];
  for (const node of document.childNodes) {
    if (node.nodeType === node.PROCESSING_INSTRUCTION_NODE || node.nodeType === node.TEXT_NODE) continue;
    write(out, node);
    out.push('\n');
  }
  return out.join('');
};

const write = (out: string[], node: Node): void => {
  if (isElement(node)) writeElement(out, node);
  else if (node.nodeType === node.TEXT_NODE) out.push(escapedText(node));
  else if (node.nodeType === node.CDATA_SECTION_NODE) out.push(`<![CDATA[${node.nodeValue}]]>`);
  else if (node.nodeType === node.COMMENT_NODE) out.push(`<!--${node.nodeValue}-->`);
  else throw new Error(`A ${node.nodeName} has no place in a feed.`);
};

const writeElement = (out: string[], element: Element): void => {
  out.push(`<${element.nodeName}`, ...[...element.attributes].map(attribute));
  if (!element.firstChild) {
    out.push('/>');
    return;
  }
  out.push('>');
  for (const child of element.childNodes) write(out, child);
  out.push(`</${element.nodeName}>`);
};

const isElement = (node: Node): node is Element => node.nodeType === node.ELEMENT_NODE;

const TEXT_SIGNS: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const TITLE_SIGNS: Readonly<Record<string, string>> = { '&': '&#x26;', '<': '&#x3C;', '>': '&#x3E;' };

const escapedText = (text: Node): string => {
  const signs = text.parentNode?.nodeName === 'title' ? TITLE_SIGNS : TEXT_SIGNS;
  return (text.nodeValue ?? '').replace(/[&<>]/g, (sign) => signs[sign] ?? sign);
};

const ATTRIBUTE_SIGNS: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
};

const attribute = ({ name, value }: Attr): string =>
  ` ${name}="${value.replace(/[&<"\t\n]/g, (sign) => ATTRIBUTE_SIGNS[sign] ?? sign)}"`;
