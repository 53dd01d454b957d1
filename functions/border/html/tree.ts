import { Parser } from 'htmlparser2';
import { InvalidInput } from '../../shared/errors.ts';
import { soundText } from '../characters.ts';
import { isBlock, isDropped, isHidden } from './vocabulary.ts';

export type Node = string | Element;

export interface Element {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Node[];
  /** Whether anything below it stands on lines of its own. */
  hasBlock: boolean;
}

/** Deeper than any text that a person wrote; the parser's work grows with the square of the depth. */
const MOST_DEPTH = 200;

/** More than any article has; a megabyte of nothing but tags would take seconds. */
const MOST_ELEMENTS = 50_000;

/**
 * What foreign HTML says, as a tree: without comments, scripts, forms, embedded things and what is hidden from
 * readers. Throws `InvalidInput` for markup nested deeper than 200, and for more than 50,000 elements.
 */
export const treeOf = (html: string): Node[] => {
  const root: Element = { tag: '', attributes: {}, children: [], hasBlock: false };
  const open: Element[] = [root];
  // Elements are followed even inside one that is dropped, so that its end is found.
  let dropped = 0;
  let elements = 0;
  const parser = new Parser({
    onopentag(tag, attributes) {
      if (open.length + dropped > MOST_DEPTH) throw tooDeep();
      if (++elements > MOST_ELEMENTS) throw tooMany();
      if (dropped > 0 || isDropped(tag) || isHidden(tag, attributes)) {
        dropped++;
        return;
      }
      const element: Element = { tag, attributes, children: [], hasBlock: false };
      open.at(-1)?.children.push(element);
      open.push(element);
    },
    ontext(text) {
      if (dropped === 0) addText(open.at(-1) ?? root, text);
    },
    onclosetag() {
      if (dropped > 0) {
        dropped--;
        return;
      }
      const closed = open.length > 1 ? open.pop() : undefined;
      const parent = open.at(-1);
      if (closed && parent && (closed.hasBlock || isBlock(closed.tag))) parent.hasBlock = true;
    },
  });
  parser.end(html);
  return soundly(root.children);
};

const addText = (parent: Element, text: string): void => {
  const last = parent.children.at(-1);
  // The parser hands out a text in pieces, cut at its entities.
  if (typeof last === 'string') parent.children[parent.children.length - 1] = last + text;
  else parent.children.push(text);
};

/** In place: what has a hundred thousand children cannot be handed over as arguments. */
const soundly = (nodes: Node[]): Node[] => {
  for (const [i, node] of nodes.entries()) {
    if (typeof node === 'string') nodes[i] = soundText(node);
    else soundly(node.children);
  }
  return nodes;
};

const tooDeep = (): InvalidInput =>
  new InvalidInput(`The text’s HTML is nested more than ${MOST_DEPTH} deep.`, { field: 'body' });

const tooMany = (): InvalidInput =>
  new InvalidInput('The text’s HTML has more than 50,000 elements.', { field: 'body' });
