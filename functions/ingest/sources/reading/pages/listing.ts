import { Parser } from 'htmlparser2';
import { textOfBytes } from '../../../../border/charset.ts';
import { absolute, type ForeignDocument, type RefusedDocument } from '../found.ts';

export interface FoundListing {
  readonly is: 'listing';
  /** Addresses that may be articles, in the order of the page. */
  readonly links: readonly string[];
}

/** A page that lists articles, and what the addresses of its articles begin with, where somebody has said it. */
export interface Listing {
  readonly document: ForeignDocument;
  readonly linksBegin: string | undefined;
}

const MOST_LINKS = 100;

/** Around the list stand menus; a link in one is no news. */
const AROUND: ReadonlySet<string> = new Set(['nav', 'header', 'footer', 'aside', 'form']);

/**
 * Which links of a page may lead to articles: those that begin as somebody has said, else those of the same site that
 * stand outside its menus, lead deeper than its sections do, and are no files. Whether one is an article, its page says.
 */
export const readListing = ({ document, linksBegin }: Listing): FoundListing | RefusedDocument => {
  const html = textOfBytes(document.bytes, document.contentType);
  const hrefs = hrefsIn(html);
  if (hrefs.length === 0) return { is: 'refused', because: 'there is no link on the page' };
  const links = hrefs.flatMap(({ href, base }) => {
    const url = absolute(href, absolute(base, document.url) ?? document.url);
    return url !== null && mayBeArticle(url, document.url, linksBegin) ? [url.replace(/#.*$/, '')] : [];
  });
  return { is: 'listing', links: [...new Set(links)].slice(0, MOST_LINKS) };
};

const hrefsIn = (html: string): { href: string; base: string | undefined }[] => {
  const found: { href: string; base: string | undefined }[] = [];
  let base: string | undefined;
  let around = 0;
  // A page's own `header` holds menus; that of a teaser, within `article`, its headline.
  let articles = 0;
  const parser = new Parser({
    onopentag(tag, { href }) {
      if (tag === 'article') articles += 1;
      if (AROUND.has(tag)) around += 1;
      if (tag === 'base') base ??= href;
      if (tag === 'a' && href && (around === 0 || articles > 0)) found.push({ href, base });
    },
    onclosetag(tag) {
      if (tag === 'article') articles -= 1;
      if (AROUND.has(tag)) around -= 1;
    },
  });
  parser.end(html);
  return found;
};

const FILES = /\.(?:pdf|jpe?g|png|gif|webp|svg|zip|docx?|xlsx?|pptx?|mp[34]|ics|xml|rss|json)$/i;

const mayBeArticle = (url: string, listing: string, linksBegin: string | undefined): boolean => {
  if (linksBegin !== undefined) return url.startsWith(linksBegin) && url.length > linksBegin.length;
  const [to, from] = [new URL(url), new URL(listing)];
  const path = to.pathname.replace(/\/+$/, '');
  if (to.host !== from.host || FILES.test(path) || path === from.pathname.replace(/\/+$/, '')) return false;
  // An article's name has several words, or a number; a section's is one word.
  return (
    /[-_]\p{L}|\d/u.test(decodeSafely(path.split('/').at(-1) ?? '')) ||
    to.searchParams.has('id') ||
    to.searchParams.has('p')
  );
};

const decodeSafely = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    // A broken percent sign is no reason to lose the link.
    return text;
  }
};
