/**
 * How often a caller may call. Cloudflare counts by the bindings of wrangler.toml: near the caller, without a
 * round trip, and separately in each location, so the numbers limit abuse and are no exact quota. Render
 * workers are not counted, because they sign. Wrong keys are counted exactly, by `http/attempts/`.
 */
import type { Env } from "../env.ts";
import { ApiError } from "../errors/api-error.ts";
import { describeLimit, type Limit, type Policy, policies } from "./rate-policies.ts";

/**
 * Counts one request of `caller` under each policy.
 *
 * @throws ApiError `request.rate_limited`, with the time after which the caller may try again
 */
export async function countRequest(env: Env, names: readonly Policy[], caller: string): Promise<void> {
  if (env.RATE_LIMITS === "off") return;
  for (const name of names) {
    const { binding, windowSeconds } = policies[name];
    const { success } = await env[binding].limit({ key: caller });
    // The binding does not say when the window ends: at the latest after its whole length.
    if (!success) throw rateLimited(name, policies[name], windowSeconds);
  }
}

/** The problem of a request beyond the limit `name`. */
export const rateLimited = (name: string, limit: Limit, retryAfterSeconds: number): ApiError =>
  new ApiError("request.rate_limited", {
    headers: {
      "retry-after": String(retryAfterSeconds),
      ratelimit: `"${name}";r=0;t=${retryAfterSeconds}`,
      "ratelimit-policy": describeLimit(name, limit),
    },
  });
