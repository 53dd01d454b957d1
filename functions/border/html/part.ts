import type { Element, Node } from './tree.ts';

/**
 * The part of a site's page that is the article: without the site's own header, menus and footer. It is the page's one
 * `article`, or its one `main` if only that holds the headline; the whole page where the markup does not say.
 */
export const articlePart = (page: readonly Node[]): readonly Node[] => {
  const parts = ['article', 'main'].flatMap((tag) => {
    const found = allOf(tag, page);
    return found.length === 1 ? found : [];
  });
  const part = parts.find(({ children }) => allOf('h1', children).length > 0) ?? parts[0];
  return part ? part.children : page;
};

/** Those inside another of the same name are left out: a comment may be an `article` within the article. */
const allOf = (tag: string, nodes: readonly Node[]): Element[] =>
  nodes.flatMap((node) => {
    if (typeof node === 'string') return [];
    return node.tag === tag ? [node] : allOf(tag, node.children);
  });
