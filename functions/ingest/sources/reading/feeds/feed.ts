import { textOfBytes } from '../../../../border/charset.ts';
import { readXml } from '../../../../border/xml.ts';
import type { ForeignDocument, FoundDocument, RefusedDocument } from '../found.ts';
import { readAtom } from './atom.ts';
import { readJsonFeed } from './jsonFeed.ts';
import { NAMESPACES } from './namespaces.ts';
import { readRss } from './rss.ts';

/**
 * Any feed: RSS 0.9x, 1.0 and 2.0 with the modules that newsrooms use, Atom 0.3 and 1.0, JSON Feed 1.0 and 1.1. What
 * kind it is says its root, not its media type.
 */
export const readFeed = (document: ForeignDocument): FoundDocument | RefusedDocument => {
  const text = textOfBytes(document.bytes, document.contentType);
  const start = text
    .slice(0, 1000)
    .replace(/^\ufeff/, '')
    .trimStart();
  if (start.startsWith('{')) return readJsonFeed(text, document);
  if (/^(?:<!--[\s\S]*?-->\s*)?<(?:!doctype html|html)\b/i.test(start)) {
    return { is: 'refused', because: 'it is a web page and no feed; perhaps it asks for a login' };
  }
  const reading = readXml(text, NAMESPACES);
  if (reading.is === 'refused') return reading;
  const { root } = reading;
  switch (root.name) {
    case 'rss':
    case 'rdf:RDF':
      return readRss(root, document);
    case 'atom:feed':
      return readAtom(root, document);
    default:
      return { is: 'refused', because: `its root element is “${root.name.slice(0, 40)}”, which is none of a feed’s` };
  }
};
