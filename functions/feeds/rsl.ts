import type { Licence } from '../shared/config/licence.ts';
import type { Newsroom } from '../shared/config.ts';

/** Really Simple Licensing 1.0 (rslstandard.org/rsl): what crawlers may do with what is here. */
export const RSL_NAMESPACE = 'https://rslstandard.org/rsl';
export const RSL_CONTENT_TYPE = 'application/rsl+xml';

/** An element of RSL, without prefix. */
export interface RslElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly inside: string | readonly RslElement[];
}

/** The `content` element for everything below an address, or for one article; `null` where there are no such terms. */
export const rslContent = (licence: Licence | undefined, address: string): RslElement | null => {
  if (!licence?.rsl) return null;
  const { permits, prohibits, payment, terms } = licence.rsl;
  const usage = (name: string, values: readonly string[]): RslElement[] =>
    // One element for each type, its values apart by spaces (section 3.5).
    values.length > 0 ? [{ name, attributes: { type: 'usage' }, inside: values.join(' ') }] : [];
  const standard = licence.url === undefined ? [] : [{ name: 'standard', attributes: {}, inside: licence.url }];
  const license = [
    ...usage('permits', permits),
    ...usage('prohibits', prohibits),
    ...(payment === undefined ? [] : [{ name: 'payment', attributes: { type: payment }, inside: standard }]),
  ];
  return {
    name: 'content',
    attributes: { url: address },
    inside: [
      { name: 'license', attributes: {}, inside: license },
      ...(terms === undefined ? [] : [{ name: 'terms', attributes: {}, inside: terms }]),
    ],
  };
};

/** The document that robots.txt and pages point to; `null` where there are no such terms. */
export const rslDocument = ({ name, licence }: Newsroom): string | null => {
  const content = rslContent(licence, '/');
  if (!content || typeof content.inside === 'string') return null;
  const owner = { name: 'copyright', attributes: { type: 'organization' }, inside: name };
  const whole = { ...content, inside: [...content.inside, owner] };
  return `<?xml version="1.0" encoding="utf-8"?>\n<rsl xmlns="${RSL_NAMESPACE}">\n${written(whole, 1)}\n</rsl>\n`;
};

const written = ({ name, attributes, inside }: RslElement, depth: number): string => {
  const indent = '  '.repeat(depth);
  const said = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`);
  const open = `${indent}<${name}${said.join('')}`;
  if (typeof inside === 'string') return `${open}>${escaped(inside)}</${name}>`;
  if (inside.length === 0) return `${open}/>`;
  return `${open}>\n${inside.map((one) => written(one, depth + 1)).join('\n')}\n${indent}</${name}>`;
};

const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
