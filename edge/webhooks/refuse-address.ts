/**
 * Refuses addresses to which no webhook may go. The spelling of the address is checked when a webhook is
 * stored; the addresses of its host name are looked up before each message, because names change.
 *
 * The guarantee: no message goes to an address that is private by its spelling, or by what DNS answers just
 * before. A name can still change between that lookup and the connection, because a Worker cannot choose the
 * address to which it connects. On Cloudflare this gap is harmless: Workers reach the public internet only.
 */
import { isPublicAddress } from "../../contract/public-address.ts";

const inside =
  /(^|\.)(localhost|local|localdomain|internal|intranet|private|corp|home|lan|flycast|onion|invalid|arpa)$/;

/** Why the spelling of the address is refused, or null. `URL` has normalised all spellings of IPv4 before. */
export function refuseAddress(text: string, allowPrivate: boolean): string | null {
  if (!URL.canParse(text)) return "It is not a URL.";
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") return "It must not carry a user or a password.";
  if (allowPrivate) return /^https?:$/.test(url.protocol) ? null : "It must be http or https.";
  if (url.protocol !== "https:") return "It must be https.";
  if (url.port !== "") return "It must be on port 443.";
  const host = url.hostname.replace(/\.$/, "");
  const literal = literalOf(host);
  if (literal !== null) return isPublicAddress(literal) ? null : "It is not a public address.";
  if (!host.includes(".") || inside.test(host)) return "It is not a public name.";
  return null;
}

/** The IP address in a URL's host, or null if the host is a name. */
export function literalOf(host: string): string | null {
  if (host.startsWith("[")) return host.slice(1, -1);
  return /^[\d.]+$/.test(host) ? host : null;
}
