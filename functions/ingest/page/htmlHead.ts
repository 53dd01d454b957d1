import { Parser } from 'htmlparser2';

/** What an HTML page says of itself outside its text. Foreign: every value is checked where it is used. */
export interface HtmlHead {
  readonly language: string | null;
  readonly title: string | null;
  readonly description: string | null;
  readonly canonical: string | null;
  readonly publishedAt: string | null;
  /** The first moment that is marked as one in the page. */
  readonly time: string | null;
}

export const readHtmlHead = (html: string): HtmlHead => {
  const found = new Map<string, string>();
  const note = (name: string, value: string | undefined): void => {
    if (value && !found.has(name)) found.set(name, value);
  };
  let inTitle = false;
  let title = '';
  const parser = new Parser({
    onopentag(tag, attributes) {
      inTitle = tag === 'title' && title === '';
      if (tag === 'html') note('language', attributes['lang']);
      if (tag === 'link' && /\bcanonical\b/i.test(attributes['rel'] ?? '')) note('canonical', attributes['href']);
      if (tag === 'time') note('time', attributes['datetime']);
      if (tag === 'meta')
        note(`meta ${(attributes['property'] ?? attributes['name'] ?? '').toLowerCase()}`, attributes['content']);
    },
    ontext(text) {
      if (inTitle) title += text;
    },
    onclosetag() {
      inTitle = false;
    },
  });
  parser.end(html);
  return {
    language: found.get('language') ?? null,
    title: found.get('meta og:title') ?? (title || null),
    description: found.get('meta description') ?? found.get('meta og:description') ?? null,
    canonical: found.get('canonical') ?? null,
    publishedAt: found.get('meta article:published_time') ?? null,
    time: found.get('time') ?? null,
  };
};
