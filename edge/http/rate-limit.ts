/**
 * How often one may ask. Cloudflare counts, by the bindings of wrangler.toml: near the caller and without a round trip,
 * each place for itself, so the numbers are bounds against abuse and no exact quota. Render workers are never counted:
 * they are signed for.
 */
import type { Env } from "../env.ts";
import { describePolicies, type Policy, policies } from "./rate-policies.ts";
import { Refusal } from "./refusal.ts";

/**
 * Counts one request of `who` under each policy.
 *
 * @throws Refusal `request.rate_limited`, which says when to come back
 */
export async function countRequest(env: Env, names: readonly Policy[], who: string): Promise<void> {
  if (env.RATE_LIMITS === "off") return;
  for (const name of names) {
    const { binding, windowSeconds } = policies[name];
    const { success } = await env[binding].limit({ key: who });
    if (success) continue;
    throw new Refusal("request.rate_limited", {
      headers: {
        // The window's own end is not told: this is the latest it can be.
        "retry-after": String(windowSeconds),
        ratelimit: `"${name}";r=0;t=${windowSeconds}`,
        "ratelimit-policy": describePolicies(names),
      },
    });
  }
}

/** Who tries a key that opens nothing: an address, of IPv6 the network that one customer has to himself. */
export function addressOf(headers: Headers): string {
  const address = headers.get("cf-connecting-ip") ?? "unknown";
  return address.includes(":") ? address.split(":").slice(0, 4).join(":") : address;
}
