import { type Answer, text } from '../../shared/http/answer.ts';

/** The namespace of a sitemap and of a list of them (sitemaps.org, version 0.9). */
export const SITEMAPS = 'http://www.sitemaps.org/schemas/sitemap/0.9';

/** Text inside XML, attributes too. What XML cannot hold at all was removed where it came in. */
export const xmlText = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

export const xmlAnswer = (root: string, cacheControl: string): Answer =>
  text(200, 'application/xml; charset=utf-8', `<?xml version="1.0" encoding="utf-8"?>\n${root}\n`, {
    'cache-control': cacheControl,
  });
