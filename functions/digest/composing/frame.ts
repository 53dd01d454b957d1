import { encodePart } from '../../mail/mime.ts';
import { labelIn, type Newsletter, type Newsroom } from '../../shared/config.ts';
import type { TemplateData } from '../../shared/page/templates.ts';
import { type Article, linkOf, pagePathOf } from '../../wire/article.ts';
import type { Block } from './pieces.ts';
import type { Press } from './press.ts';

/** What every piece of a newsletter's mails is rendered with. */
export const frameOf = ({ newsroom, siteUrl }: Press, newsletter: Newsletter, language: string) => ({
  language,
  direction: directionIn(newsroom, language),
  newsroom,
  siteUrl,
  timeZone: newsletter.timeZone,
  newsletter: { id: newsletter.id, label: labelIn(newsletter.label, language, newsroom) },
});

export const directionIn = ({ languages }: Newsroom, language: string): 'ltr' | 'rtl' =>
  languages.find(({ id }) => id === language)?.direction ?? 'ltr';

/** A text that ends at a word, with an ellipsis where something is missing. */
export const clipped = (text: string, most: number): string => {
  if (text.length <= most) return text;
  const cut = text.slice(0, most - 1);
  return `${cut
    .slice(0, Math.max(cut.lastIndexOf(' '), most - 40))
    .toWellFormed()
    .replace(/[\s,;:–—-]+$/, '')}…`;
};

/** A mail names some addresses four times; one that is longer than any of use is not worth a mail that is cut off. */
const MOST_ADDRESS_BYTES = 2000;

export const isShort = (url: string): boolean => encodePart(url).length <= MOST_ADDRESS_BYTES;

/** Where a mail sends whoever wants to read the article: to our own page where its address is too long. */
export const addressOf = ({ siteUrl }: Press, article: Pick<Article, 'url' | 'language' | 'slug'>): string => {
  const url = linkOf(article, siteUrl);
  return isShort(url) ? url : `${siteUrl}${pagePathOf(article)}`;
};

/** `inText`: where the part in text is to say something else. */
export const blockOf = ({ templates }: Press, name: string, data: TemplateData, inText = data): Block => ({
  html: encodePart(templates.render(`email/${name}`, data)),
  text: encodePart(templates.renderText(`email/${name}`, inText)),
});
