import { childOf, childrenOf, textIn, type XmlElement } from '../../../../border/xml.ts';
import {
  absolute,
  dateIn,
  type ForeignDocument,
  type FoundDocument,
  type FoundItem,
  gathered,
  lineOfHtml,
  type RefusedDocument,
  type RefusedItem,
  summaryOf,
} from '../found.ts';
import { authorsOf, imageOf } from './media.ts';
import { withoutSignature } from './signature.ts';

/** RSS 0.9x and 2.0 have their items in the channel, RSS 0.90 and 1.0 beside it. */
export const readRss = (root: XmlElement, document: ForeignDocument): FoundDocument | RefusedDocument => {
  const channel = childOf(root, 'channel');
  if (!channel) return { is: 'refused', because: 'it has no channel' };
  const items = [...childrenOf(channel, 'item'), ...childrenOf(root, 'item')];
  const site = absolute(textIn(channel, 'link'), document.url) ?? document.url;
  const ttl = Number(textIn(channel, 'ttl') ?? 0);
  return gathered(
    items.map((item) => itemOf(item, site, document)),
    ttl > 0 && Number.isFinite(ttl) ? ttl * 60 : null,
  );
};

const itemOf = (item: XmlElement, site: string, document: ForeignDocument): FoundItem | RefusedItem => {
  const guid = textIn(item, 'guid') ?? item.attributes['rdf:about']?.trim() ?? null;
  const url = linkOf(item, site);
  const title = lineOfHtml(textIn(item, 'title', 'dc:title', 'media:title') ?? '');
  if (title === '') return { item: (url ?? guid ?? '').slice(0, 200), because: 'it has no title' };
  const content = textIn(item, 'content:encoded', 'xhtml:body', 'atom:content');
  const description = textIn(item, 'description', 'atom:summary', 'dc:description');
  const base = absolute(item.attributes['xml:base'], site) ?? url ?? site;
  return {
    guid: guid || null,
    url,
    title,
    summary: content === undefined ? null : summaryOf(withoutSignature(description ?? '', url)),
    html: withoutSignature(content ?? description ?? '', url),
    base,
    publishedAt: dateIn(
      textIn(item, 'pubDate', 'dc:date', 'dcterms:issued', 'dcterms:created', 'atom:published'),
      document,
    ),
    modifiedAt: dateIn(textIn(item, 'dcterms:modified', 'atom:updated'), document),
    authors: authorsOf(item),
    categories: [
      ...childrenOf(item, 'category'),
      ...childrenOf(item, 'dc:subject'),
      ...childrenOf(item, 'media:category'),
    ]
      .map(({ text }) => lineOfHtml(text))
      .filter(Boolean),
    image: imageOf(item, base),
    language: null,
    story: null,
    rights: textIn(item, 'dc:rights', 'media:copyright') ?? null,
  };
};

const linkOf = (item: XmlElement, site: string): string | null => {
  const guid = childOf(item, 'guid');
  const alternate = childrenOf(item, 'atom:link').find(
    ({ attributes }) => (attributes['rel'] ?? 'alternate') === 'alternate',
  );
  const isPermaLink = guid && (guid.attributes['isPermaLink'] ?? 'true').toLowerCase() !== 'false';
  return (
    absolute(textIn(item, 'link'), site) ??
    absolute(alternate?.attributes['href'], site) ??
    (isPermaLink && /^https?:\/\//i.test(guid.text.trim()) ? absolute(guid.text, site) : null) ??
    (/^https?:\/\//i.test(item.attributes['rdf:about'] ?? '') ? absolute(item.attributes['rdf:about'], site) : null)
  );
};
