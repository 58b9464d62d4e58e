import type { OpsFigures } from "../../contract/ops.ts";
import type { Env } from "../env.ts";
import { machinesWanted } from "./machines-wanted.ts";
import { sendWake } from "./wake.ts";

/** Of a machine that has not reported yet. @source fly.worker.toml, WORKER_CONCURRENCY */
const usualSlots = 2;
/** Machines that one minute starts at most; Fly starts none beyond those that were made. */
const mostWakes = 10;

/**
 * Wakes as many machines as the queue asks for beyond those that are up, all at once: a full machine holds its wake, so
 * the next goes to another, which Fly starts. One wake at least while jobs wait. Says how many were answered.
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
