import type { Newsletter } from '../../shared/config.ts';
import type { House } from '../../shared/page/house.ts';
import type { Choices } from '../subscriber.ts';

/**
 * A form that any site can paste: HTML and nothing else. It leads to our own page with the answer, so it needs no
 * permission across origins, and there is nothing a stranger's page could do with it that its visitor does not see:
 * no cookie goes with it, and all it ever causes is a mail that asks.
 */
export const snippetOf = (
  { templates, siteUrl }: House,
  newsletter: Newsletter,
  { languages, topics, cadence }: Choices,
  language: string,
): string => {
  const say = (key: string): string => escaped(templates.say(language, key));
  const hidden = (name: string, value: string): string =>
    `  <input type="hidden" name="${name}" value="${escaped(value)}">`;
  return [
    `<form method="post" action="${escaped(siteUrl)}/subscribe?lang=${language}">`,
    `  <label>${say('reader.embed.email')} <input type="email" name="email" autocomplete="email" required></label>`,
    hidden('newsletter', newsletter.id),
    ...languages.map((one) => hidden('languages', one)),
    ...topics.map((one) => hidden('topics', one)),
    hidden('cadence', cadence),
    `  <button type="submit">${say('reader.embed.submit')}</button>`,
    '</form>',
  ].join('\n');
};

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escaped = (text: string): string => text.replace(/[&<>"]/g, (one) => ESCAPES[one] ?? one);
