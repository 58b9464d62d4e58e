/**
 * Where a webhook may not go. What can be seen in the address is refused when it is registered; what its name means is
 * looked up before each message, because names change their meaning.
 *
 * What this guarantees: no message goes to an address that is private by its spelling, or by what DNS says just before.
 * Between that look and the connection a name can still change: a Worker can not choose the address it connects to.
 * On Cloudflare that gap leads nowhere, its Workers reach the public internet only.
 */
import { isPublicAddress } from "../../contract/public-address.ts";

const inside =
  /(^|\.)(localhost|local|localdomain|internal|intranet|private|corp|home|lan|flycast|onion|invalid|arpa)$/;

/** Why the address is refused by what it says, or null. `URL` has already made one spelling of all that IPv4 has. */
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

/** The IP address that a URL's host spells, or null where it is a name. */
export function literalOf(host: string): string | null {
  if (host.startsWith("[")) return host.slice(1, -1);
  return /^[\d.]+$/.test(host) ? host : null;
}
