import type { Attr, Element } from '@xmldom/xmldom';
import { elementsIn } from './tree.ts';

/**
 * Writes the tree as text, one element a line. xmldom's own serializer has no way to write `&` and `<` in titles as
 * hexadecimal references, the one spelling that every reader shows as it was meant (RSS Advisory Board, Best Practices
 * Profile, “title”).
 *
 * `last`: elements that were printed before stand last in this one. Forty-nine of fifty items are the same from one
 * document to the next.
 */
export const printDocument = (
  root: Element,
  comment: string,
  last: { in: Element; printed: readonly string[] },
): string => {
  const out = ['<?xml version="1.0" encoding="utf-8"?>\n'];
  writeElement(out, root, 0, last);
  out.push(`\n<!-- ${comment} -->\n`);
  return out.join('');
};

/** An element as it stands at this depth of its document, whose root declares the prefixes. */
export const printElement = (element: Element, depth: number): string => {
  const out: string[] = [];
  writeElement(out, element, depth);
  return out.join('');
};

type Last = Parameters<typeof printDocument>[2];

const writeElement = (out: string[], element: Element, depth: number, last?: Last): void => {
  const { nodeName } = element;
  out.push(`<${nodeName}`, ...[...element.attributes].map(attribute));
  const children = elementsIn(element);
  const printed = last?.in === element ? last.printed : [];
  if (!element.firstChild && printed.length === 0) {
    out.push('/>');
    return;
  }
  out.push('>');
  // Where there are elements, white space between them is only the layout that the generator gave it.
  if (children.length + printed.length === 0) writeTexts(out, element);
  const line = `\n${'  '.repeat(depth + 1)}`;
  for (const child of children) {
    out.push(line);
    writeElement(out, child, depth + 1, last);
  }
  for (const text of printed) out.push(line, text);
  if (children.length + printed.length > 0) out.push(`\n${'  '.repeat(depth)}`);
  out.push(`</${nodeName}>`);
};

const writeTexts = (out: string[], element: Element): void => {
  for (let node = element.firstChild; node; node = node.nextSibling) {
    const text = node.nodeValue ?? '';
    out.push(node.nodeType === node.CDATA_SECTION_NODE ? `<![CDATA[${text}]]>` : escapedText(text, element.nodeName));
  }
};

const TEXT_SIGNS: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const TITLE_SIGNS: Readonly<Record<string, string>> = { '&': '&#x26;', '<': '&#x3C;', '>': '&#x3E;' };

const escapedText = (text: string, elementName: string): string => {
  const signs = elementName === 'title' ? TITLE_SIGNS : TEXT_SIGNS;
  return text.replace(/[&<>]/g, (sign) => signs[sign] ?? sign);
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
