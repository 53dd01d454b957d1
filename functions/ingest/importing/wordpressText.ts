/**
 * The text of a WordPress post as HTML. Posts of the classic editor have no paragraphs of their own (WordPress makes
 * them out of blank lines when a page is shown), and both editors leave shortcodes in the text.
 */
export const htmlOfPost = (content: string): string => {
  const text = withoutShortcodes(content.replaceAll('\r\n', '\n'));
  return text.includes('<!-- wp:') || /<p[\s>]/i.test(text) ? text : paragraphed(text);
};

const BLOCK =
  /^<\/?(?:address|article|aside|blockquote|center|dd|div|dl|dt|fieldset|figcaption|figure|footer|h[1-6]|header|hr|iframe|li|main|nav|ol|p|pre|section|table|tbody|td|tfoot|th|thead|tr|ul|video|audio)[\s>/]/i;

const paragraphed = (text: string): string =>
  text
    .split(/\n[ \t]*\n\s*/)
    .map((part) => part.trim())
    .filter((part) => part !== '' && part !== '&nbsp;')
    .map((part) => (BLOCK.test(part) ? part : `<p>${part.replaceAll('\n', '<br />\n')}</p>`))
    .join('\n');

/** A caption is the one shortcode that says something; what the others showed is not in the export. */
const withoutShortcodes = (text: string): string =>
  text
    .replace(/\[caption[^\]]{0,500}\]([\s\S]{0,20000}?)\[\/caption\]/g, (_, inner: string) => captioned(inner))
    .replace(
      /\[\/?(?:gallery|playlist|audio|video|embed|wp_[a-z_]+|contact-form-7|vc_[a-z_]+|et_pb_[a-z_]+)\b[^\]]{0,2000}\]/g,
      '',
    );

const captioned = (inner: string): string => {
  const picture = /^\s*(?:<a\b[^>]{0,2000}>\s*)?<img\b[^>]{0,4000}>(?:\s*<\/a>)?/i.exec(inner)?.[0] ?? '';
  const words = inner.slice(picture.length).trim();
  return `<figure>${picture}${words === '' ? '' : `<figcaption>${words}</figcaption>`}</figure>`;
};
