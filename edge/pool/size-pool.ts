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
export async function sizePool(
  env: Env,
  { queues, processing, workers, slots }: Omit<OpsFigures, "at">,
  nowMs: number,
): Promise<number> {
  const depth = queues.premium.depth + queues.standard.depth;
  if (depth === 0 || !env.WORKER_WAKE_URL) return 0;
  const slotsPerMachine = workers > 0 ? slots / workers : usualSlots;
  const wanted = machinesWanted({ depth, processing, slotsPerMachine });
  const wakes = Math.min(mostWakes, Math.max(1, wanted - workers));
  const answered = await Promise.all(Array.from({ length: wakes }, () => sendWake(env, nowMs)));
  return answered.filter(Boolean).length;
}
