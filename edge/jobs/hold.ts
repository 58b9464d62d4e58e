/** What a worker's report that an AI provider refuses every call does to its job and to the queue. */
import type { PaidCapability } from "../../contract/charge.ts";
import { heldCapability } from "../../contract/hold.ts";
import { type AttemptRef, problemOf } from "../store/attempt.ts";
import { holdJob, judgeRefusal } from "../store/hold-job.ts";
import { probeNow as probeInStore, sendProbes } from "../store/holds.ts";
import { readWatchedDreams } from "../store/watched.ts";
import { afterTransition, type JobContext, mostChannels } from "./after-transition.ts";

interface FailedAttempt {
  status: "completed" | "failed";
  error_code: string | null;
  failed_seconds_ago?: number | undefined;
}

/**
 * Requeues the job and holds all of its kind, if the attempt failed by a refusal that concerns every job.
 * Gives false if the job has to end as reported: for any other failure, for a job that is at fault itself,
 * and if the attempt does not hold the job.
 */
export async function holdIfRefused(
  context: JobContext,
  ref: AttemptRef,
  { status, error_code, failed_seconds_ago = 0 }: FailedAttempt,
): Promise<boolean> {
  const { session, now } = context;
  const capability = status === "failed" && error_code !== null ? heldCapability(error_code) : null;
  if (capability === null || error_code === null) return false;
  const refusal = { capability, code: error_code, atMs: now() - failed_seconds_ago * 1000 };
  const verdict = await judgeRefusal(session, ref, refusal);
  if (verdict === "own") return false;
  const nowMs = now();
  const { before, requeuedAs, probeAtMs, isNew } = await holdJob(
    session,
    ref,
    { ...refusal, isOld: verdict === "old" },
    nowMs,
  );
  if (problemOf(before, ref) !== null || requeuedAs === null) return false;
  if (isNew) {
    console.error(JSON.stringify({ event: "queue.held", capability, code: error_code }));
    context.defer(notifyWaiting(context, null));
  }
  // The queue counts whole seconds, and a message that comes before the probe is due is of no use.
  const waitMs = probeAtMs - nowMs;
  const delaySeconds = waitMs <= 0 ? 0 : Math.ceil(waitMs / 1000) + 1;
  await afterTransition(context, {
    dreamIds: before.dream_id === null ? [] : [before.dream_id],
    message: { jobId: ref.jobId, priority: requeuedAs, delaySeconds },
  });
  return true;
}

/** Sends the messages of the jobs that waited for these capabilities, after the answer. */
export function resumeQueue(context: JobContext, lifted: readonly string[]): void {
  if (lifted.length === 0) return;
  console.log(JSON.stringify({ event: "queue.resumed", capabilities: lifted }));
  context.defer(notifyWaiting(context, "due"));
}

/** Shows listeners of waiting jobs that a hold began or ended. Never throws: their channels also poll D1. */
async function notifyWaiting(context: JobContext, message: "due" | null): Promise<void> {
  const { session, now } = context;
  const dreamIds = await readWatchedDreams(session, mostChannels, now()).catch(() => []);
  await afterTransition(context, { dreamIds, message });
}

/** Lets one job try the held provider at once, as an operator asks for. False: the capability is not held. */
export async function probeNow(context: JobContext, capability: PaidCapability): Promise<boolean> {
  const { session, now } = context;
  const isHeld = await probeInStore(session, capability, now());
  if (isHeld && (await sendProbes(session, now())) > 0)
    await afterTransition(context, { dreamIds: [], message: "due" });
  return isHeld;
}
