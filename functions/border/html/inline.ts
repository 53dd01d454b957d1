import { collapsed, hasText } from '../characters.ts';
import type { Element, Node } from './tree.ts';
import { inlineName, isBlock } from './vocabulary.ts';
import { absoluteUrl, escaped, linkUrl, opening } from './write.ts';

/** A run of text and inline markup. */
export interface Run {
  readonly html: string;
  /** Whether it shows anything: some text or a picture. */
  readonly solid: boolean;
}

export interface Context {
  readonly baseUrl: string;
  /** Inline tags that are open around: none stands inside itself. */
  readonly within: ReadonlySet<string>;
  /** In `pre`, white space is text. */
  readonly spaced: boolean;
}

export const outside = (baseUrl: string): Context => ({ baseUrl, within: new Set(), spaced: false });

const NOTHING: Run = { html: '', solid: false };

export const joined = (runs: readonly Run[]): Run => ({
  html: runs.map((run) => run.html).join(''),
  solid: runs.some((run) => run.solid),
});

/** Everything as one run; where a block stood there is a space. */
export const runOf = (nodes: readonly Node[], context: Context): Run =>
  joined(nodes.map((node) => inlineOf(node, context)));

const inlineOf = (node: Node, context: Context): Run => {
  if (typeof node === 'string') {
    return { html: escaped(context.spaced ? node : collapsed(node)), solid: hasText(node) };
  }
  if (node.tag === 'br') return { html: '<br />', solid: false };
  if (node.tag === 'wbr') return NOTHING;
  if (node.tag === 'img') return pictureOf(node, context.baseUrl);
  if (node.tag === 'q')
    return { ...joined([{ html: '“', solid: false }, runOf(node.children, context), { html: '”', solid: false }]) };
  if (isBlock(node.tag)) return joined([SPACE, runOf(node.children, context), SPACE]);
  return markedOf(node, context);
};

const SPACE: Run = { html: ' ', solid: false };

const pictureOf = (image: Element, baseUrl: string): Run => {
  const source = absoluteUrl(image.attributes['src'], baseUrl, ['http:', 'https:']);
  if (source === undefined) return NOTHING;
  return { html: opening('img', image.attributes, baseUrl).replace(/>$/, ' />'), solid: true };
};

const markedOf = (element: Element, context: Context): Run => {
  const name = inlineName(element.tag);
  const kept =
    name !== undefined &&
    !context.within.has(name) &&
    (name !== 'a' || linkUrl(element.attributes['href'], context.baseUrl) !== undefined);
  if (!kept) return runOf(element.children, context);
  const inner = runOf(element.children, { ...context, within: new Set([...context.within, name]) });
  // An empty mark would be shown by some readers as a stray line, and a link around nothing cannot be read aloud.
  if (!inner.solid) return inner;
  return { html: `${opening(name, element.attributes, context.baseUrl)}${inner.html}</${name}>`, solid: true };
};

/** Without spaces and line breaks at its ends. */
export const trimmed = (html: string): string => {
  let from = 0;
  let to = html.length;
  for (let width = whiteAt(html, from); width > 0; width = whiteAt(html, from)) from += width;
  for (let width = whiteBefore(html, to, from); width > 0; width = whiteBefore(html, to, from)) to -= width;
  return html.slice(from, to);
};

const BREAK = '<br />';

const whiteAt = (html: string, at: number): number =>
  html[at] === ' ' ? 1 : html.startsWith(BREAK, at) ? BREAK.length : 0;

const whiteBefore = (html: string, at: number, from: number): number => {
  if (at <= from) return 0;
  if (html[at - 1] === ' ') return 1;
  return html.endsWith(BREAK, at) ? BREAK.length : 0;
};
