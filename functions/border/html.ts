import sanitizeHtml from 'sanitize-html';
import { allHtml, type Block, blocksIn } from './html/blocks.ts';
import { articlePart } from './html/part.ts';
import { type Node, treeOf } from './html/tree.ts';
import { ALLOWED_ATTRIBUTES, ALLOWED_TAGS, DROPPED_TAGS } from './html/vocabulary.ts';
import { escaped } from './html/write.ts';
import { plainOf } from './plain.ts';

export { type Block, htmlOf } from './html/blocks.ts';
export { escaped } from './html/write.ts';

/**
 * Foreign HTML as an article's text: only paragraphs, headings below the article's own, lists, figures, tables and
 * plain inline markup; absolute addresses; nothing that runs, counts or hides. What it says is kept, word for word.
 * Idempotent. Throws `InvalidInput` for markup nested deeper than any text is, or of more elements than any has.
 */
export const cleanHtml = (html: string, baseUrl: string): string => {
  let written = rewritten(html, baseUrl);
  let clean = gate(written);
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const again = rewritten(clean, baseUrl);
    // The gate says the same of the same text, so it need not be asked twice.
    const next = again === written ? clean : gate(again);
    if (next === clean) return clean;
    written = again;
    clean = next;
  }
  // Markup that reads differently each time is made to trick somebody. Its words may stay.
  return plainOf(clean)
    .split('\n\n')
    .filter(Boolean)
    .map((paragraph) => `<p>${escaped(paragraph)}</p>`)
    .join('');
};

/** One more than honest markup needs. */
const MOST_PASSES = 3;

const rewritten = (html: string, baseUrl: string): string => allHtml(blocksIn(lowered(treeOf(html)), baseUrl));

/**
 * The text as a sequence of blocks, cleaned one by one. Headings keep their levels, `h1` included, since these say
 * what is a headline.
 */
export const blocksOf = (html: string, baseUrl: string): Block[] => blocksIn(treeOf(html), baseUrl);

/** The same for a whole page of a site: only what is the article in it. */
export const blocksOfPage = (html: string, baseUrl: string): Block[] => blocksIn(articlePart(treeOf(html)), baseUrl);

/**
 * The gate: whatever the rest of this room does, nothing passes that is not on the list (sanitize-html reads and
 * writes on its own).
 */
const gate = (html: string): string =>
  sanitizeHtml(html, {
    allowedTags: [...ALLOWED_TAGS],
    allowedAttributes: Object.fromEntries(Object.entries(ALLOWED_ATTRIBUTES).map(([tag, names]) => [tag, [...names]])),
    allowedSchemes: ['http', 'https', 'mailto', 'tel'],
    allowedSchemesByTag: { img: ['http', 'https'] },
    allowProtocolRelative: false,
    nonTextTags: [...DROPPED_TAGS],
    selfClosing: ['br', 'hr', 'img'],
    // No `style` passes, so none is read; what would read it is in no bundle (infra/aws/leftOut.ts).
    parseStyleAttributes: false,
  });

/** The article's title is the page's one `h1`: where the text has one of its own, all its headings step down. */
const lowered = (nodes: readonly Node[]): readonly Node[] => (hasH1(nodes) ? nodes.map(stepDown) : nodes);

const hasH1 = (nodes: readonly Node[]): boolean =>
  nodes.some((node) => typeof node !== 'string' && (node.tag === 'h1' || hasH1(node.children)));

const stepDown = (node: Node): Node => {
  if (typeof node === 'string') return node;
  const level = /^h([1-6])$/.exec(node.tag)?.[1];
  const tag = level === undefined ? node.tag : `h${Math.min(6, Number(level) + 1)}`;
  return { ...node, tag, children: node.children.map(stepDown) };
};
