/**
 * Looks at an address's failures before anything is done for it: before its key is looked up, and before its body is
 * read. A key that has opened something from the same address within minutes is no guess and is not asked about again.
 */
import type { Env } from "../../env.ts";
import { retryTransient } from "../../store/open.ts";
import { rateLimited } from "../rate-limit.ts";
import { addressOf, failureLimit } from "../rate-policies.ts";
import type { Verdict } from "./attempt-count.ts";

/** `opened`: the key is right. `refused`: it is not. `unknown`: the answer does not depend on it. */
export type Outcome = "opened" | "refused" | "unknown";

export interface Attempt {
  /** Whether the key is known to be right. Set it once it is. */
  isProven: boolean;
  /** Say how it went. The counting goes on after the answer. */
  end(outcome: Outcome): void;
}

/** What this isolate remembers. `known`: address and credential, hashed, until when they count as right. */
const known = new Map<string, number>();
/** Addresses that may try nothing, until when. */
const blocked = new Map<string, number>();

const knownMs = 5 * 60_000;
/** Of each of the two; the oldest goes first. */
const mostEntries = 10_000;

/**
 * Lets the request in.
 *
 * @throws ApiError `request.rate_limited` where the address has had too many failures, whatever its key
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
    // An end that gets lost is made good for by the attempt's own time limit.
    defer(Promise.resolve(limit.end(attempt, outcome === "refused")).then(block, () => {}));
  };
  return { isProven, end };
}

const tooManyFailures = (ms: number) => rateLimited("failures", failureLimit, Math.ceil(ms / 1000));

/** Neither a key nor an address is kept in memory beside the other. */
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
