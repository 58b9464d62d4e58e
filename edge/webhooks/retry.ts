/**
 * When a webhook message is tried again, and when the edge gives up.
 *
 * @source https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md,
 * "Deliverability and reliability": 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h after the first try
 */
import type { Outcome } from "../store/deliveries.ts";

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
/** The pause before each further try. Milliseconds. */
export const delaysMs = [
  5 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
] as const;
/** Random share of a delay, so that receivers which failed together are not called together. */
const jitter = 0.1;
const longestWaitMs = 24 * hour;

/** The result of a try: an answer, or the reason why there was none. */
export type Attempted = { status: number; retryAfterSeconds: number | null } | { error: string };

/**
 * Decides what happens after a try. Only 2xx accepts a message. 410 disables the webhook; a redirect is not
 * followed. `random` is at least 0 and below 1.
 */
export function decide(attempted: Attempted, attempts: number, nowMs: number, random: number): Outcome {
  const responseStatus = "status" in attempted ? attempted.status : null;
  const isSilent = "error" in attempted && attempted.error === "connection.timeout";
  const ended = { dueAt: nowMs, responseStatus, isGone: false, isSilent };
  if (responseStatus !== null && responseStatus >= 200 && responseStatus < 300) {
    return { ...ended, status: "delivered", error: null };
  }
  const error = "error" in attempted ? attempted.error : `http.${attempted.status}`;
  if (responseStatus === 410) return { ...ended, status: "failed", error, isGone: true };
  const delayMs = delaysMs[attempts - 1];
  if (delayMs === undefined) return { ...ended, status: "failed", error };
  const asked = "retryAfterSeconds" in attempted ? (attempted.retryAfterSeconds ?? 0) * second : 0;
  const waitMs = Math.max(delayMs * (1 - jitter + 2 * jitter * random), Math.min(asked, longestWaitMs));
  return { ...ended, status: "pending", error, dueAt: nowMs + Math.round(waitMs) };
}
