/**
 * Whether an IP address belongs to the public internet. Everything that is set aside for something else is not: an
 * address that this list does not know is refused, not let through.
 *
 * @source https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry
 */
const reserved4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
].map((block) => {
  const [base = "", bits = ""] = block.split("/");
  return { base: parse4(base) as number, size: 2 ** (32 - Number(bits)) };
});

/** `ip`: dotted IPv4, or IPv6 in any spelling, without brackets. False for what is neither. */
export function isPublicAddress(ip: string): boolean {
  const v4 = parse4(ip);
  if (v4 !== null) return isPublic4(v4);
  const v6 = parse6(ip);
  if (v6 === null) return false;
  const [a = 0, b = 0] = v6;
  const embedded = (v6[6] as number) * 65_536 + (v6[7] as number);
  const isMapped = v6.slice(0, 5).every((part) => part === 0) && v6[5] === 0xffff;
  if (isMapped) return isPublic4(embedded);
  // Global unicast is 2000::/3; loopback, NAT64, unique local, link-local and multicast lie outside.
  if (a < 0x2000 || a > 0x3fff) return false;
  // Teredo and other protocols' own (2001::/23), documentation (2001:db8::/32, 3fff::/20), 6to4 (2002::/16).
  if (a === 0x2001 && (b < 0x200 || b === 0xdb8)) return false;
  return a !== 0x2002 && !(a === 0x3fff && b < 0x1000);
}

function isPublic4(ip: number): boolean {
  return !reserved4.some(({ base, size }) => ip >= base && ip < base + size);
}

function parse4(text: string): number | null {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  if (!parts || parts.some((part) => part > 255)) return null;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

/** Eight numbers of 16 bits. */
function parse6(text: string): number[] | null {
  const dotted = /[^:]*\.[^:]*$/.exec(text)?.[0];
  const v4 = dotted === undefined ? null : parse4(dotted);
  if (dotted !== undefined && v4 === null) return null;
  const plain =
    dotted === undefined || v4 === null
      ? text
      : `${text.slice(0, -dotted.length)}${(v4 >>> 16).toString(16)}:${(v4 & 0xffff).toString(16)}`;
  const halves = plain.split("::");
  if (halves.length > 2) return null;
  const [left = [], right = []] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const missing = 8 - left.length - right.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  const groups = [...left, ...Array.from({ length: missing }, () => "0"), ...right];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return null;
  return groups.map((group) => Number.parseInt(group, 16));
}
