import ipaddr from 'ipaddr.js';

/** The one block of IPv6 that is given out to the public (RFC 4291 section 2.4, IANA). */
const PUBLIC_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Whether an address is one that anybody on the internet could reach: global unicast, looked at without its disguises.
 * IPv4 inside IPv6 (mapped, NAT64 of RFC 6052, 6to4 of RFC 3056) counts as the IPv4 address it leads to; what cannot be
 * looked into (Teredo, local NAT64) does not count.
 */
export const isGlobalAddress = (address: string): boolean => {
  // A zone (`fe80::1%eth0`) names an interface of this machine.
  if (address.includes('%') || !ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed instanceof ipaddr.IPv4) return parsed.range() === 'unicast';
  const inner = innerIPv4(parsed);
  if (inner) return inner.range() === 'unicast';
  return parsed.range() === 'unicast' && parsed.match(PUBLIC_IPV6);
};

/** The IPv4 address that packets to this one end up at. */
const innerIPv4 = (address: ipaddr.IPv6): ipaddr.IPv4 | undefined => {
  const bytes = address.toByteArray();
  switch (address.range()) {
    case 'ipv4Mapped':
    case 'rfc6052':
      return new ipaddr.IPv4(bytes.slice(12));
    case '6to4':
      return new ipaddr.IPv4(bytes.slice(2, 6));
    default:
      return undefined;
  }
};
