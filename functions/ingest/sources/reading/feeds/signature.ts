/**
 * Leaves out the line that WordPress puts below every text of its feeds ("The post … appeared first on …", in whatever
 * language): a last paragraph without markup but two links, the first of which leads to the article itself.
 */
export const withoutSignature = (html: string, url: string | null): string => {
  if (url === null) return html;
  const at = html.lastIndexOf('<p>');
  const last = at < 0 ? '' : html.slice(at);
  if (last.length > MOST_CHARACTERS) return html;
  const links = [...last.matchAll(/<a\b[^>]{0,300}?href="([^"]{1,1000})"/g)].map(([, href = '']) => href);
  const [first] = links;
  const isSignature = links.length === 2 && first !== undefined && bare(first) === bare(url) && /<\/p>\s*$/.test(last);
  return isSignature ? html.slice(0, at).trimEnd() : html;
};

const MOST_CHARACTERS = 2000;

const bare = (address: string): string =>
  address
    .replaceAll('&amp;', '&')
    .replace(/[?#].*$/, '')
    .replace(/\/$/, '');
