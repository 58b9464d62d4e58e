/**
 * Checks an address's failures before any work is done for it: before its key is looked up and its body is
 * read. A key that was used from the same address within minutes is not a guess, and the counter is not asked
 * again.
 */
import type { Env } from "../../env.ts";
import { retryTransient } from "../../store/open.ts";
import { rateLimited } from "../rate-limit.ts";
import { addressOf, failureLimit } from "../rate-policies.ts";
import type { Verdict } from "./attempt-count.ts";

/** `opened`: the key is right. `refused`: it is wrong. `unknown`: the answer does not depend on the key. */
export type Outcome = "opened" | "refused" | "unknown";

export interface Attempt {
  /** Whether the key is known to be right. The caller sets it. */
  isProven: boolean;
  /** Reports the outcome. The counting goes on after the answer. */
  end(outcome: Outcome): void;
}

/**
 * What this isolate remembers. `known`: hashes of address and credential, and until when they count as right.
 */
const known = new Map<string, number>();
/** Blocked addresses, and until when. */
const blocked = new Map<string, number>();

const knownMs = 5 * 60_000;
/** The most entries of each map; the oldest entry is removed first. */
const mostEntries = 10_000;

/**
 * Admits the request.
 *
 * @throws ApiError `request.rate_limited` if the address has had too many failures, whatever its key
 */
export async function beginAttempt(
  env: Env,
  request: Request,
  now: () => number,
  defer: (work: Promise<unknown>) => void,
): Promise<Attempt> {
  if (env.RATE_LIMITS === "off") return { isProven: true, end() {} };
  const address = addressOf(request.headers);
  const block = (ms: number) => {
    if (ms > 0) remember(blocked, address, now() + ms);
  };
  const blockedMs = (blocked.get(address) ?? 0) - now();
  if (blockedMs > 0) throw tooManyFailures(blockedMs);
  blocked.delete(address);

  const pair = await hashPair(address, request);
  const limit = env.ATTEMPTS.getByName(address);
  const isProven = (known.get(pair) ?? 0) > now();
  let attempt: number | null = null;
  if (!isProven) {
    const verdict = await retryTransient<Verdict>(async () => limit.begin());
    if ("retryAfterMs" in verdict) {
      block(verdict.retryAfterMs);
      throw tooManyFailures(verdict.retryAfterMs);
    }
    attempt = verdict.attempt;
  }
  const end = (outcome: Outcome) => {
    if (outcome === "opened") remember(known, pair, now() + knownMs);
    if (outcome === "refused") known.delete(pair);
    if (attempt === null && outcome !== "refused") return;
    // If this call is lost, the attempt ends by its own time limit.
    defer(Promise.resolve(limit.end(attempt, outcome === "refused")).then(block, () => {}));
  };
  return { isProven, end };
}

const tooManyFailures = (ms: number) => rateLimited("failures", failureLimit, Math.ceil(ms / 1000));

/** Hashes the pair, so that memory holds neither the key nor the address beside it. */
async function hashPair(address: string, { headers, url }: Request): Promise<string> {
  const credential = headers.get("authorization") ?? new URL(url).searchParams.get("token") ?? "";
  const bytes = new TextEncoder().encode(`${address}\n${credential}`);
  return String.fromCharCode(...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

function remember(entries: Map<string, number>, name: string, untilMs: number): void {
  entries.delete(name);
  entries.set(name, untilMs);
  const [oldest] = entries.keys();
  if (entries.size > mostEntries && oldest !== undefined) entries.delete(oldest);
}
