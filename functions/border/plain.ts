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

const write = (nodes: readonly Node[], parts: string[]): void => {
  for (const node of nodes) {
    if (typeof node === 'string') {
      parts.push(collapsed(node));
      continue;
    }
    const around = spaceAround(node.tag);
    parts.push(LINES.has(node.tag) ? '\n' : around);
    if (node.tag === 'br') continue;
    write(node.children, parts);
    parts.push(around);
  }
};

/** A line of its own begins with the line end of the one before, and ends with that of the next. */
const LINES = new Set(['br', 'li', 'tr', 'dt', 'dd']);

const spaceAround = (tag: string): string => {
  if (LINES.has(tag)) return '';
  if (tag === 'td' || tag === 'th') return ' ';
  return isBlock(tag) ? '\n\n' : '';
};
