/**
 * How often a key may ask. Cloudflare counts, by the bindings of wrangler.toml: near the caller and without a round trip,
 * each place for itself, so the numbers are bounds against abuse and no exact quota. Render workers are never counted:
 * they are signed for. Wrong keys are counted elsewhere, exactly: edge/attempts.
 */
import type { Env } from "../env.ts";
import { ApiError } from "../errors/api-error.ts";
import { describeLimit, type Policy, policies } from "./rate-policies.ts";

/**
 * Counts one request of `who` under each policy.
 *
 * @throws ApiError `request.rate_limited`, which says when to come back
 */
export async function countRequest(env: Env, names: readonly Policy[], who: string): Promise<void> {
  if (env.RATE_LIMITS === "off") return;
  for (const name of names) {
    const { binding, windowSeconds } = policies[name];
    const { success } = await env[binding].limit({ key: who });
    // The window's own end is not told: its length is the latest it can be.
    if (!success) throw rateLimited(name, policies[name], windowSeconds);
  }
}

/** The refusal of a request beyond the limit `name`, to come back after so many seconds. */
export const rateLimited = (
  name: string,
  limit: { quota: number; windowSeconds: number },
  retryAfterSeconds: number,
): ApiError =>
  new ApiError("request.rate_limited", {
    headers: {
      "retry-after": String(retryAfterSeconds),
      ratelimit: `"${name}";r=0;t=${retryAfterSeconds}`,
      "ratelimit-policy": describeLimit(name, limit),
    },
  });
