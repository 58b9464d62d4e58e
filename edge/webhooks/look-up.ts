/** Resolves a host name by DNS over HTTPS, because a Worker has no resolver. */
import { z } from "zod";
import { isPublicAddress } from "../../contract/public-address.ts";
import { literalOf } from "./refuse-address.ts";

/**
 * The resolver that is used by default. @source
 * https://developers.cloudflare.com/1.1.1.1/encryption/dns-over-https/make-api-requests/dns-json/
 */
export const publicDns = "https://cloudflare-dns.com/dns-query";
const types = { A: 1, AAAA: 28 } as const;
const timeoutMs = 5_000;

const Answer = z.object({
  Status: z.int(),
  Answer: z.array(z.object({ type: z.int(), data: z.string() })).default([]),
});

/** Why no message may be sent to the host now, as a dotted code; null if all its addresses are public. */
export async function refuseHost(hostname: string, dnsUrl: string): Promise<string | null> {
  const host = hostname.replace(/\.$/, "");
  if (literalOf(host) !== null) return null;
  try {
    const found = await Promise.all([ask("A"), ask("AAAA")]);
    const addresses = found.flat();
    if (addresses.length === 0) return "address.unknown";
    return addresses.every(isPublicAddress) ? null : "address.private";
  } catch {
    return "address.unknown";
  }

  async function ask(type: keyof typeof types): Promise<string[]> {
    const query = new URL(dnsUrl);
    query.searchParams.set("name", host);
    query.searchParams.set("type", type);
    const response = await fetch(query, {
      headers: { accept: "application/dns-json" },
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (!response.ok) throw new Error(`DNS answered ${response.status}`);
    const { Status, Answer: answers } = Answer.parse(await response.json());
    // 3 is NXDOMAIN: the name does not exist.
    if (Status !== 0 && Status !== 3) throw new Error(`DNS answered status ${Status}`);
    return answers.filter((one) => one.type === types[type]).map((one) => one.data);
  }
}
