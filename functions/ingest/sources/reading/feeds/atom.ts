import { escaped } from '../../../../border/html.ts';
import { childOf, childrenOf, textIn, type XmlElement } from '../../../../border/xml.ts';
import {
  absolute,
  dateIn,
  type ForeignDocument,
  type FoundDocument,
  type FoundItem,
  gathered,
  lineOfHtml,
  type RefusedItem,
  summaryOf,
} from '../found.ts';
import { authorsOf, imageOf } from './media.ts';
import { withoutSignature } from './signature.ts';

/** Atom 1.0 (RFC 4287), and 0.3 where it was called otherwise. */
export const readAtom = (root: XmlElement, document: ForeignDocument): FoundDocument => {
  const base = absolute(root.attributes['xml:base'], document.url) ?? document.url;
  return gathered(
    childrenOf(root, 'atom:entry').map((entry) => itemOf(entry, root, base, document)),
    null,
  );
};

const itemOf = (
  entry: XmlElement,
  feed: XmlElement,
  feedBase: string,
  document: ForeignDocument,
): FoundItem | RefusedItem => {
  const entryBase = absolute(entry.attributes['xml:base'], feedBase) ?? feedBase;
  const guid = textIn(entry, 'atom:id') ?? null;
  const url = linkOf(entry, entryBase);
  const title = lineOfHtml(htmlIn(childOf(entry, 'atom:title')));
  if (title === '') return { item: (url ?? guid ?? '').slice(0, 200), because: 'it has no title' };
  const content = childOf(entry, 'atom:content');
  const inline = content && content.attributes['src'] === undefined && isText(content) ? htmlIn(content) : '';
  const summary = htmlIn(childOf(entry, 'atom:summary'));
  const source = childOf(entry, 'atom:source');
  const authors = [entry, ...(source ? [source] : []), feed].map(authorsOf).find((names) => names.length > 0) ?? [];
  return {
    guid,
    url,
    title,
    summary: inline === '' ? null : summaryOf(withoutSignature(summary, url)),
    html: withoutSignature(inline || summary, url),
    base:
      absolute(content?.attributes['xml:base'], entryBase) ??
      (entryBase === document.url ? (url ?? entryBase) : entryBase),
    publishedAt: dateIn(
      textIn(entry, 'atom:published', 'atom:issued', 'atom:created', 'atom:updated', 'atom:modified'),
      document,
    ),
    modifiedAt: dateIn(textIn(entry, 'atom:updated', 'atom:modified'), document),
    authors,
    categories: childrenOf(entry, 'atom:category')
      .map(({ attributes }) => lineOfHtml(attributes['label'] ?? attributes['term'] ?? ''))
      .filter(Boolean),
    image: imageOf(entry, entryBase),
    language: null,
    story: null,
    rights: lineOfHtml(htmlIn(childOf(entry, 'atom:rights'))) || null,
  };
};

const linkOf = (entry: XmlElement, base: string): string | null => {
  const links = childrenOf(entry, 'atom:link').filter(
    ({ attributes }) => (attributes['rel'] ?? 'alternate') === 'alternate',
  );
  const page = links.find(({ attributes }) => (attributes['type'] ?? 'text/html').includes('html')) ?? links[0];
  return absolute(page?.attributes['href'], base);
};

/** Other media types than text (RFC 4287 section 4.1.3.3) are not an article's words. */
const isText = ({ attributes }: XmlElement): boolean =>
  /^(?:text|html|xhtml|text\/(?:plain|html)|application\/xhtml\+xml)$/.test(attributes['type'] ?? 'text');

/** A text construct (RFC 4287 section 3.1) as HTML. Atom 0.3 said `mode="escaped"` where 1.0 says `type="html"`. */
const htmlIn = (construct: XmlElement | undefined): string => {
  if (!construct) return '';
  const type = construct.attributes['type'] ?? 'text';
  if (type === 'xhtml' || type === 'application/xhtml+xml') return withoutPrefixes(construct.source);
  const isPlain = (type === 'text' || type === 'text/plain') && construct.attributes['mode'] !== 'escaped';
  return isPlain ? escaped(construct.text.trim()) : construct.text.trim();
};

/** `<xhtml:p>` → `<p>`: what reads it next knows no namespaces. */
const withoutPrefixes = (markup: string): string => markup.replace(/(<\/?)[A-Za-z][\w.-]{0,30}:(?=[A-Za-z])/g, '$1');
