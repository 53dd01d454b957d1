import { domainToASCII } from 'node:url';

/** RFC 5321 section 4.5.3.1: a path is 256 bytes with its angle brackets. */
const MOST_BYTES = 254;
const MOST_LOCAL = 64;

export type ParsedAddress =
  | { readonly is: 'address'; readonly address: string }
  | { readonly is: 'refused'; readonly because: string };

/**
 * A bare e-mail address, `local@domain`, from whatever somebody typed. No names, quotes, comments, groups or white
 * space inside: what two mail programs may read differently is refused (RFC 5321 `Dot-string`, ASCII, since not every
 * server takes more). The domain comes out in lower case and as A-labels; the local part as it was typed.
 */
export const parseAddress = (text: string): ParsedAddress => {
  // The keyboards of phones leave a space behind.
  const typed = text.length > 1000 ? text : text.replace(/^ +/, '').replace(/ {0,20}$/, '');
  if (typed === '') return refused('it is empty');
  if (typed.length > MOST_BYTES) return refused(`it is longer than ${MOST_BYTES} characters`);
  const at = typed.lastIndexOf('@');
  if (at < 0) return refused('it has no @');
  const local = typed.slice(0, at);
  if (!isLocalPart(local)) return refused('the part before the @ is not one that mail can be sent to');
  const domain = domainOf(typed.slice(at + 1));
  if (domain === undefined) return refused('the part after the @ is not the name of a mail domain');
  const address = `${local}@${domain}`;
  return address.length > MOST_BYTES ? refused(`it is longer than ${MOST_BYTES} bytes`) : { is: 'address', address };
};

const refused = (because: string): ParsedAddress => ({ is: 'refused', because });

const isLocalPart = (local: string): boolean =>
  local.length <= MOST_LOCAL &&
  /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+$/.test(local) &&
  !local.startsWith('.') &&
  !local.endsWith('.') &&
  !local.includes('..');

const domainOf = (typed: string): string | undefined => {
  if (!/^[\p{L}\p{M}\p{N}.-]+$/u.test(typed)) return undefined;
  const domain = domainToASCII(typed).toLowerCase();
  const labels = domain.split('.');
  const isName = labels.length >= 2 && labels.every((label) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(label));
  // A last label of digits only would be an IP address.
  return isName && !/^\d+$/.test(labels.at(-1) ?? '') ? domain : undefined;
};
