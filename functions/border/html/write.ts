import { ALLOWED_ATTRIBUTES } from './vocabulary.ts';

export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const quoted = (value: string): string => escaped(value).replaceAll('"', '&quot;');

/** The opening tag with what is left of the attributes: allowed ones whose value makes sense, addresses absolute. */
export const opening = (tag: string, attributes: Readonly<Record<string, string>>, baseUrl: string): string => {
  const kept = [...(ALLOWED_ATTRIBUTES[tag] ?? []), ...(ALLOWED_ATTRIBUTES['*'] ?? [])].flatMap((name) => {
    const value = attributeOf(name, attributes[name], baseUrl);
    return value === undefined ? [] : [` ${name}="${quoted(value)}"`];
  });
  return `<${tag}${kept.join('')}>`;
};

const attributeOf = (name: string, value: string | undefined, baseUrl: string): string | undefined => {
  if (name === 'src') return absoluteUrl(value, baseUrl, ['http:', 'https:']);
  if (name === 'href') return linkUrl(value, baseUrl);
  if (name === 'alt') return value ?? '';
  if (value === undefined) return undefined;
  if (name === 'dir') return /^(?:ltr|rtl|auto)$/i.test(value) ? value.toLowerCase() : undefined;
  if (name === 'lang') return /^[a-z]{2,8}(?:-[a-z0-9]{1,8}){0,4}$/i.test(value) ? value : undefined;
  return /^[1-9]\d{0,4}$/.test(value) ? value : undefined;
};

/** A link to a place in the same page has nowhere to go: pages lose their anchors here. */
export const linkUrl = (href: string | undefined, baseUrl: string): string | undefined =>
  href === undefined || href.trim().startsWith('#')
    ? undefined
    : absoluteUrl(href, baseUrl, ['http:', 'https:', 'mailto:', 'tel:']);

export const absoluteUrl = (
  address: string | undefined,
  baseUrl: string,
  schemes: readonly string[],
): string | undefined => {
  if (address === undefined || address.trim() === '') return undefined;
  const url = URL.parse(address.trim(), baseUrl);
  return url && schemes.includes(url.protocol) ? url.href : undefined;
};
