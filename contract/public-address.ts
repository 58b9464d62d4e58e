import ipaddr from "ipaddr.js";

/**
 * The only block of IPv6 that IANA has assigned to the public internet. ipaddr.js calls every address without
 * a special range "unicast", also in blocks that IANA has not assigned.
 *
 * @source https://www.iana.org/assignments/ipv6-address-space
 */
const globalUnicast = ipaddr.IPv6.parseCIDR("2000::/3");

/**
 * A zone (`fe80::1%eth0`), or an IPv4-compatible address (`::8.8.8.8`), which ipaddr.js reads as IPv4-mapped.
 */
const notGlobal = /%|^::\d+\./;

/**
 * Whether an IP address belongs to the public internet. Reserved addresses do not: private, loopback,
 * link-local, shared, multicast, documentation, NAT64, 6to4, Teredo. An IPv4-mapped address is judged as the
 * IPv4 address in it.
 *
 * @param ip dotted IPv4 with four decimal parts, or IPv6 without brackets and zone. False for any other text.
 * @source https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry, by
 * ipaddr.js
 */
export function isPublicAddress(ip: string): boolean {
  if (ipaddr.IPv4.isValidFourPartDecimal(ip)) return ipaddr.IPv4.parse(ip).range() === "unicast";
  if (!ipaddr.IPv6.isValid(ip) || notGlobal.test(ip)) return false;
  const address = ipaddr.IPv6.parse(ip);
  if (address.isIPv4MappedAddress()) return address.toIPv4Address().range() === "unicast";
  return address.match(globalUnicast) && address.range() === "unicast";
}
