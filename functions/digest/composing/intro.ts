/**
 * What an editor says before the news, written as people write Markdown: paragraphs with an empty line between, bold,
 * italics and links. Nothing else is markup, so nothing else can come out of it.
 */
export interface Intro {
  readonly html: string;
  readonly text: string;
}

export const introOf = (written: string): Intro => {
  const paragraphs = paragraphsOf(written);
  const link = '<a style="text-decoration:underline"';
  return {
    html: paragraphs.map((one) => `<p style="margin:0 0 12px">${htmlOf(one, link)}</p>`).join('\n'),
    text: paragraphs.map(textOf).join('\n\n'),
  };
};

/** The same for pages and feeds, which bring their own look. */
export const introForWeb = (written: string): string =>
  paragraphsOf(written)
    .map((one) => `<p>${htmlOf(one, '<a')}</p>`)
    .join('\n');

export const paragraphsOf = (written: string): string[] =>
  written
    .replace(/\r\n?/g, '\n')
    .split(/\n[ \t]*\n/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '');

const LINK = /\[([^[\]\n]{1,300})\]\((https?:\/\/[^\s()<>"]{1,2000})\)/g;

/** Cut at the links, each of which stands with its two parts: text, label, address, text, … */
const cutAtLinks = (paragraph: string): string[] => paragraph.split(LINK);

const htmlOf = (paragraph: string, link: string): string =>
  cutAtLinks(paragraph)
    .map((part, i, parts) => {
      if (i % 3 === 0) return emphasised(escaped(part)).replaceAll('\n', '<br>');
      return i % 3 === 1 ? `${link} href="${escaped(parts[i + 1] ?? '')}">${emphasised(escaped(part))}</a>` : '';
    })
    .join('');

const textOf = (paragraph: string): string =>
  cutAtLinks(paragraph)
    .map((part, i) => (i % 3 === 2 ? ` (${part})` : plain(part)))
    .join('');

const BOLD = /\*\*([^*\n]+)\*\*/g;
const ITALICS = /\*([^*\n]+)\*/g;

const emphasised = (html: string): string => html.replace(BOLD, '<strong>$1</strong>').replace(ITALICS, '<em>$1</em>');
const plain = (text: string): string => text.replace(BOLD, '$1').replace(ITALICS, '$1');

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** For HTML, in text and in attributes. */
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
