import { collapsed } from './characters.ts';
import { type Node, treeOf } from './html/tree.ts';
import { isBlock } from './html/vocabulary.ts';

/**
 * What an HTML text says, as plain text: an empty line between paragraphs, a line per line break, table row and list
 * item, no markup and no entities.
 */
export const plainOf = (html: string): string => {
  const parts: string[] = [];
  write(treeOf(html), parts);
  return parts
    .join('')
    .replace(/ +/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
};

const LINES = new Set(['li', 'tr', 'dt', 'dd']);

const write = (nodes: readonly Node[], parts: string[]): void => {
  for (const node of nodes) {
    if (typeof node === 'string') {
      parts.push(collapsed(node));
      continue;
    }
    const around = spaceAround(node.tag);
    parts.push(around);
    write(node.children, parts);
    parts.push(around);
  }
};

const spaceAround = (tag: string): string => {
  if (tag === 'br' || LINES.has(tag)) return '\n';
  if (tag === 'td' || tag === 'th') return ' ';
  return isBlock(tag) ? '\n\n' : '';
};
