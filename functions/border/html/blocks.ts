import { type Context, joined, outside, type Run, runOf, trimmed } from './inline.ts';
import { tableOf } from './table.ts';
import type { Element, Node } from './tree.ts';
import { isBlock, isHeading } from './vocabulary.ts';
import { opening } from './write.ts';

/** One thing that stands on lines of its own: a paragraph, a heading, a list, a table … */
export interface Block {
  readonly tag: string;
  /** The opening tag, as it is written. */
  readonly open: string;
  /** What stands between the opening and the closing tag. */
  readonly inner: string;
}

export const htmlOf = ({ tag, open, inner }: Block): string => (tag === 'hr' ? '<hr />' : `${open}${inner}</${tag}>`);

export const allHtml = (blocks: readonly Block[]): string => blocks.map(htmlOf).join('');

type Piece = Block | Run;

const isRun = (piece: Piece): piece is Run => 'solid' in piece;

/** A text as a sequence of blocks; what stands loose between them becomes paragraphs. */
export const blocksIn = (nodes: readonly Node[], baseUrl: string): Block[] =>
  gathered(piecesOf(nodes, outside(baseUrl))).map((piece) => (isRun(piece) ? paragraph(piece) : piece));

const paragraph = (run: Run): Block => ({ tag: 'p', open: '<p>', inner: trimmed(run.html) });

/** Neighbouring runs as one each, without those that show nothing. */
const gathered = (pieces: readonly Piece[]): Piece[] => {
  const out: Piece[] = [];
  let runs: Run[] = [];
  const flush = (): void => {
    const run = joined(runs);
    if (run.solid) out.push(run);
    runs = [];
  };
  for (const piece of pieces) {
    if (isRun(piece)) {
      runs.push(piece);
      continue;
    }
    flush();
    if (piece !== BOUNDARY) out.push(piece);
  }
  flush();
  return out;
};

/** Where a container begins or ends, so that the text on both sides is not one paragraph. */
const BOUNDARY: Block = { tag: '', open: '', inner: '' };

const piecesOf = (nodes: readonly Node[], context: Context): Piece[] =>
  nodes.flatMap((node): Piece[] => {
    if (typeof node === 'string' || !(node.hasBlock || isBlock(node.tag))) return [runOf([node], context)];
    const shape = shapeOf(node);
    // A container, or an inline tag around blocks: only what is in it counts.
    if (!shape) return [BOUNDARY, ...piecesOf(node.children, context), BOUNDARY];
    return shape(node, context);
  });

const shapeOf = ({ tag, hasBlock }: Element): Shape | undefined => {
  if (isHeading(tag)) return line(tag);
  // The parser ends a paragraph at most blocks, not at all of them.
  return tag === 'p' && hasBlock ? undefined : SHAPES.get(tag);
};

type Shape = (element: Element, context: Context) => Block[];

const shaped = (tag: string, element: Element, context: Context, inner: string): Block => ({
  tag,
  open: opening(tag, element.attributes, context.baseUrl),
  inner,
});

/** Blocks inside, with loose text left loose unless it stands beside paragraphs. */
const looseOf = (element: Element, context: Context): string => {
  const pieces = gathered(piecesOf(element.children, context));
  const beside = pieces.some((piece) => !isRun(piece) && piece.tag === 'p');
  return pieces
    .map((piece) => (!isRun(piece) ? htmlOf(piece) : beside ? htmlOf(paragraph(piece)) : trimmed(piece.html)))
    .join('');
};

const line =
  (tag: string): Shape =>
  (element, context) => {
    const run = runOf(element.children, context);
    return run.solid ? [shaped(tag, element, context, trimmed(run.html))] : [];
  };

const list: Shape = (element, context) => {
  const tag = element.tag === 'ol' ? 'ol' : 'ul';
  const items = element.children.flatMap((child) => itemOf(child, context));
  return items.length > 0 ? [shaped(tag, element, context, items.join(''))] : [];
};

const itemOf = (node: Node, context: Context): string[] => {
  const item: Element =
    typeof node !== 'string' && node.tag === 'li'
      ? node
      : { tag: 'li', attributes: {}, children: [node], hasBlock: typeof node !== 'string' };
  const inner = looseOf(item, context);
  return inner === '' ? [] : [htmlOf(shaped('li', item, context, inner))];
};

const SHAPES: ReadonlyMap<string, Shape> = new Map(
  Object.entries<Shape>({
    p: line('p'),

    hr: () => [{ tag: 'hr', open: '<hr />', inner: '' }],

    ul: list,
    ol: list,
    menu: list,

    blockquote: (element, context) => {
      const inner = allHtml(blocksIn(element.children, context.baseUrl));
      return inner === '' ? [] : [shaped('blockquote', element, context, inner)];
    },

    pre: (element, context) => {
      const run = runOf(element.children, { ...context, spaced: true });
      // A browser drops the first line end after the tag, so one that stays would be lost the next time.
      return run.solid ? [shaped('pre', element, context, run.html.replace(/^\n+/, ''))] : [];
    },

    figure: (element, context) => {
      const inner = looseOf(element, { ...context, within: new Set([...context.within, 'figure']) });
      return inner === '' ? [] : [shaped('figure', element, context, inner)];
    },

    figcaption: (element, context) => line(context.within.has('figure') ? 'figcaption' : 'p')(element, context),

    table: (element, context) => {
      const { rows, stray } = tableOf(element, {
        caption: (caption) => allHtml(line('caption')(caption, context)),
        cell: (cell) => htmlOf(shaped(cell.tag, cell, context, looseOf(cell, context))),
      });
      const before = blocksIn(stray, context.baseUrl);
      return rows === '' ? before : [...before, shaped('table', element, context, rows)];
    },
  }),
);
