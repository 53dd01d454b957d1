import { encodePart } from '../../mail/mime.ts';
import { labelIn, type Newsletter, type Newsroom } from '../../shared/config.ts';
import type { TemplateData } from '../../shared/page/templates.ts';
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

/** `inText`: where the part in text is to say something else. */
export const blockOf = ({ templates }: Press, name: string, data: TemplateData, inText = data): Block => ({
  html: encodePart(templates.render(`email/${name}`, data)),
  text: encodePart(templates.renderText(`email/${name}`, inText)),
});
