import type { OpsFigures } from "../../contract/ops.ts";
import { readSamples } from "./api.ts";

/** What has happened "in the last hour" is the difference to a sample that is at least so old. */
const leastAgeMs = 55 * 60_000;
const againMs = 60_000;
const mostHours = 48;

let kept: { figures: OpsFigures | undefined; readAt: number } | null = null;

/**
 * The newest figures that are about an hour old; undefined where there are none. Where none were kept for a while, as
 * on a laptop that slept, older ones say the same: nothing has happened since.
 */
export async function readHourAgo(nowMs: number, signal: AbortSignal): Promise<OpsFigures | undefined> {
  if (kept !== null && nowMs - kept.readAt < againMs) return kept.figures;
  const find = async (hours: number) =>
    (await readSamples(hours, signal)).data.findLast(({ at }) => nowMs - Date.parse(at) >= leastAgeMs);
  kept = { figures: (await find(1.2)) ?? (await find(mostHours)), readAt: nowMs };
  return kept.figures;
}
