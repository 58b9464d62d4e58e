import type { OpsFigures } from "../../contract/ops.ts";
import type { Env } from "../env.ts";
import { machinesWanted } from "./machines-wanted.ts";
import { sendWake } from "./wake.ts";

/** Slots of a machine that has not reported yet. @source fly.worker.toml, WORKER_CONCURRENCY */
const usualSlots = 2;
/** The most machines that are started in one minute. Fly starts only machines that exist. */
const mostWakes = 10;

/**
 * Wakes all machines that the queue needs beyond the running ones, at once: a full machine holds its wake, so
 * the next wake goes to another machine, which Fly starts. At least one wake while jobs wait. Gives the
 * number of answered wakes.
 */
export async function sizePool(env: Env, figures: Omit<OpsFigures, "at">, nowMs: number): Promise<number> {
  const { processing, workers, slots } = figures;
  const depth = claimable(figures, nowMs);
  if (depth === 0 || !env.WORKER_WAKE_URL) return 0;
  const slotsPerMachine = workers > 0 ? slots / workers : usualSlots;
  const wanted = machinesWanted({ depth, processing, slotsPerMachine });
  const wakes = Math.min(mostWakes, Math.max(1, wanted - workers));
  const answered = await Promise.all(Array.from({ length: wakes }, () => sendWake(env, nowMs)));
  return answered.filter(Boolean).length;
}

/** Jobs that workers may claim: all that wait, but of a held kind only a probe that is due. */
function claimable({ queues, holds = [] }: Omit<OpsFigures, "at">, nowMs: number): number {
  const kinds = Map.groupBy(holds, ({ capability }) => capability === "transcription");
  const held = [...kinds.values()].reduce((sum, same) => {
    const isProbeDue = same.every(({ next_probe_at }) => Date.parse(next_probe_at) <= nowMs);
    return sum + Math.max(0, (same[0]?.held_jobs ?? 0) - Number(isProbeDue));
  }, 0);
  return Math.max(0, queues.premium.depth + queues.standard.depth - held);
}
