import type { Element, Node } from './tree.ts';

interface Parts {
  readonly caption: (caption: Element) => string;
  readonly cell: (cell: Element) => string;
}

/** A table as caption, head and body of rows of cells; beside it what lay between the cells, as browsers have it. */
export const tableOf = (table: Element, parts: Parts): { rows: string; stray: Node[] } => {
  const stray: Node[] = [];
  const sections = only(SECTIONS, table, stray);
  const captions = sections.filter(({ tag }) => tag === 'caption');
  stray.push(...captions.slice(1));
  const rowsOf = (some: readonly Element[]): string =>
    some
      .flatMap((section) => (section.tag === 'tr' ? [section] : only(ROW, section, stray)))
      .map((row) => rowHtml(only(CELLS, row, stray).map(parts.cell)))
      .join('');
  const head = rowsOf(sections.filter(({ tag }) => tag === 'thead'));
  const body = rowsOf(sections.filter(({ tag }) => tag !== 'thead' && tag !== 'caption'));
  if (head === '' && body === '') return { rows: '', stray: [...captions.slice(0, 1), ...stray] };
  const caption = captions[0] ? parts.caption(captions[0]) : '';
  return { rows: `${caption}${wrapped('thead', head)}${wrapped('tbody', body)}`, stray };
};

const SECTIONS = new Set(['caption', 'thead', 'tbody', 'tfoot', 'tr']);
const ROW = new Set(['tr']);
const CELLS = new Set(['td', 'th']);

const only = (tags: ReadonlySet<string>, parent: Element, stray: Node[]): Element[] =>
  parent.children.flatMap((child) => {
    if (typeof child !== 'string' && tags.has(child.tag)) return [child];
    stray.push(child);
    return [];
  });

const rowHtml = (cells: readonly string[]): string => (cells.length > 0 ? `<tr>${cells.join('')}</tr>` : '');

const wrapped = (tag: string, rows: string): string => (rows === '' ? '' : `<${tag}>${rows}</${tag}>`);
