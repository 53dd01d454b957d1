import { isIPv4, isIPv6 } from 'node:net';

/**
 * Where a request came from, cut so far that it names a neighbourhood and no person: /24 of IPv4, /56 of IPv6.
 * `this-machine`: loopback, which no reader on the internet has.
 */
export type Origin = { readonly is: 'network'; readonly prefix: string } | { readonly is: 'this-machine' | 'unknown' };

interface Seen {
  readonly headers: Readonly<Record<string, string>>;
  readonly sourceIp: string;
}

/**
 * Behind CloudFront the HTTP API sees CloudFront; CloudFront names the viewer as `address:port` in a header that it
 * overwrites whatever the viewer sent. Without CloudFront in between, it is the connection's own address.
 */
export const originOf = ({ headers, sourceIp }: Seen): Origin => {
  const told = toldByEdge(headers);
  if (told === undefined) return networkOf(sourceIp);
  const origin = networkOf(told);
  // CloudFront has no viewer on its own machine: whoever says so has found the API behind it and made the header up.
  return origin.is === 'this-machine' ? { is: 'unknown' } : origin;
};

const toldByEdge = (headers: Seen['headers']): string | undefined =>
  headers['cloudfront-viewer-address']?.replace(/:\d+$/, '');

/**
 * The address itself, of IPv6 the /64 within which one machine changes its own: for telling apart who is there at the same
 * moment, never to be kept. `undefined`: it is not known.
 */
export const addressOf = ({ headers, sourceIp }: Seen): string | undefined => {
  const ip = bareOf(toldByEdge(headers) ?? sourceIp);
  if (isIPv4(ip)) return ip;
  return isWholeIPv6(ip) ? groupsOf(ip).slice(0, 4).join(':') : undefined;
};

const bareOf = (address: string): string =>
  address
    .trim()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/^::ffff:(?=\d+\.)/i, '');

/** Without a zone, and without an IPv4 address in it. */
const isWholeIPv6 = (ip: string): boolean => isIPv6(ip) && !ip.includes('.') && !ip.includes('%');

export const networkOf = (address: string): Origin => {
  const ip = bareOf(address);
  if (isIPv4(ip)) {
    return ip.startsWith('127.') ? { is: 'this-machine' } : { is: 'network', prefix: ip.replace(/\d+$/, '0/24') };
  }
  if (!isWholeIPv6(ip)) return { is: 'unknown' };
  const groups = groupsOf(ip);
  if (groups.join(':') === '0:0:0:0:0:0:0:1') return { is: 'this-machine' };
  const [a, b, c, d = '0'] = groups;
  const fourth = (Number.parseInt(d, 16) & 0xff00).toString(16);
  return { is: 'network', prefix: `${a}:${b}:${c}:${fourth}::/56` };
};

/** The eight groups of an IPv6 address in small letters without leading zeros. */
const groupsOf = (ip: string): string[] => {
  const [head = '', tail] = ip.toLowerCase().split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : Array<string>(8 - left.length - right.length).fill('0');
  return [...left, ...zeros, ...right].map((group) => Number.parseInt(group, 16).toString(16));
};

/** For people to read; `null` where there is none. */
export const networkText = (origin: Origin): string | null => (origin.is === 'network' ? origin.prefix : null);
