import { decodePart, encodePart } from '../../mail/mime.ts';
import type { LinkOver } from '../clicking/link.ts';
import { escaped } from './intro.ts';
import type { Block, Counted, Pieces } from './pieces.ts';

/** `null` where no clicks are counted. */
export const countedOf = (over: LinkOver | undefined, article: string, address: string): Counted | null =>
  over ? { link: over(article), address } : null;

/** What is counted in these pieces: where each link over us leads. */
export const leadsTo = ({ articles }: Pieces): ReadonlyMap<string, string> => {
  const counted = articles.flatMap((article) => [article, ...article.others].map((one) => one.counted));
  return new Map(counted.flatMap((one) => (one ? [[one.link, one.address] as const] : [])));
};

/** The same pieces with the articles' own addresses, for whoever only looks: no click of theirs counts. */
export const withoutCounting = (pieces: Pieces): Pieces => ({
  ...pieces,
  articles: pieces.articles.map((article) => ({
    ...article,
    lead: plain(article.lead, article.counted),
    block: plain(article.block, article.counted),
    counted: null,
    others: article.others.map((other) => ({ ...other, block: plain(other.block, other.counted), counted: null })),
  })),
});

/** The part in text has had them all along. */
const plain = (block: Block, counted: Counted | null): Block => {
  if (!counted) return block;
  const html = decodePart(block.html.toString('latin1')).replaceAll(counted.link, escaped(counted.address));
  return { ...block, html: encodePart(html) };
};
