import { isIP } from 'node:net';
import { isGlobalAddress } from './network.ts';

/**
 * Hosts that may be asked although they are not public: addresses may be connected to, names and addresses may have any
 * port. `127.0.0.1` and `localhost` where tests and samples serve sources. On AWS the list is empty.
 */
export type Allowed = ReadonlySet<string>;

/** `127.0.0.1, localhost` → both. */
export const allowedIn = (list: string): Allowed =>
  new Set(
    list
      .split(',')
      .map((one) => one.trim())
      .filter(Boolean),
  );

export const mayConnect = (address: string, allowed: Allowed): boolean =>
  isGlobalAddress(address) || allowed.has(address);

export type Target =
  | { readonly is: 'target'; readonly url: URL }
  | { readonly is: 'refused'; readonly because: string };

const PORTS: ReadonlySet<string> = new Set(['', '80', '443']);
const MOST_CHARACTERS = 2000;

/**
 * Which addresses are asked at all: http and https on their own ports, without credentials, and no network of ours.
 * `URL` has already put every spelling of an IP address (`127.1`, `0x7f.1`, `012.1.2.3`) into the one form that is
 * checked here; where a name leads is checked when the socket looks it up.
 */
export const targetOf = (address: string, allowed: Allowed): Target => {
  const url = address.length <= MOST_CHARACTERS && URL.canParse(address) ? new URL(address) : undefined;
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) return refused('it is not a web address');
  if (url.username !== '' || url.password !== '') return refused('it has a name or a password in it');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (!PORTS.has(url.port) && !allowed.has(host)) return refused('its port is neither 80 nor 443');
  if (isIP(host) && !mayConnect(host, allowed)) return refused(NOT_PUBLIC);
  url.hash = '';
  return { is: 'target', url };
};

export const NOT_PUBLIC = 'it leads to an address that is not public';

const refused = (because: string): Target => ({ is: 'refused', because });
