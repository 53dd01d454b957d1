import { Parser } from 'htmlparser2';
import { type NewsArticle, newsArticleIn } from './newsArticle.ts';

/** What a page says of itself in its head. Foreign: every value is checked where it is used. */
export interface PageFacts {
  /** By `property` or `name`, in small letters; the first counts, but for lists. */
  readonly meta: ReadonlyMap<string, readonly string[]>;
  readonly canonical: string | undefined;
  /** Addresses of the page in other languages and its own. */
  readonly alternates: readonly { readonly language: string; readonly href: string }[];
  readonly title: string;
  readonly article: NewsArticle | undefined;
}

const MOST_SCRIPTS = 20;

export const pageFactsOf = (html: string): PageFacts => {
  const meta = new Map<string, string[]>();
  const alternates: { language: string; href: string }[] = [];
  const scripts: string[] = [];
  let canonical: string | undefined;
  let title = '';
  let within: 'title' | 'json' | undefined;
  const links = ({ rel = '', href, hreflang }: Record<string, string>): void => {
    if (href === undefined) return;
    if (/\bcanonical\b/i.test(rel)) canonical ??= href;
    if (hreflang && /\balternate\b/i.test(rel)) alternates.push({ language: hreflang.toLowerCase(), href });
  };
  const metas = ({ property, name = '', content }: Record<string, string>): void => {
    const key = (property ?? name).toLowerCase();
    if (key && content) meta.set(key, [...(meta.get(key) ?? []), content]);
  };
  const parser = new Parser({
    onopentag(tag, attributes) {
      if (tag === 'link') links(attributes);
      if (tag === 'meta') metas(attributes);
      const isJson = tag === 'script' && /^application\/ld\+json/i.test(attributes['type'] ?? '');
      if (isJson) scripts.push('');
      within = isJson ? 'json' : tag === 'title' && title === '' ? 'title' : undefined;
    },
    ontext(text) {
      if (within === 'title') title += text;
      if (within === 'json') scripts[scripts.length - 1] += text;
    },
    onclosetag() {
      within = undefined;
    },
  });
  parser.end(html);
  return { meta, canonical, alternates, title, article: newsArticleIn(scripts.slice(0, MOST_SCRIPTS)) };
};
