import type { OpsFigures } from "../../contract/ops.ts";
import { readSamples } from "./api.ts";

/** "The last hour" is the difference to a sample of at least this age. */
const minAgeMs = 55 * 60_000;
const cacheMs = 60_000;
const maxHours = 48;

let kept: { figures: OpsFigures | undefined; readAt: number } | null = null;

/**
 * The newest figures that are about an hour old, or undefined. After a gap in the samples, for example on a
 * laptop that slept, older figures are used: nothing happened in the gap.
 */
export async function readHourAgo(nowMs: number, signal: AbortSignal): Promise<OpsFigures | undefined> {
  if (kept !== null && nowMs - kept.readAt < cacheMs) return kept.figures;
  const find = async (hours: number) =>
    (await readSamples(hours, signal)).data.findLast(({ at }) => nowMs - Date.parse(at) >= minAgeMs);
  kept = { figures: (await find(1.2)) ?? (await find(maxHours)), readAt: nowMs };
  return kept.figures;
}
