import type { ReleaseRequest } from "../../contract/internal.ts";
import { tellChannel } from "../channel/tell.ts";
import type { Env } from "../env.ts";
import { ApiError } from "../errors/api-error.ts";
import { type AttemptRef, refusalOf } from "../store/attempt.ts";
import type { Session } from "../store/open.ts";
import { releaseJob } from "../store/release.ts";
import { notifySenders } from "../webhooks/notify-senders.ts";
import { sendMessage } from "./send-message.ts";

/**
 * Takes the job back from a worker that can not go on, and sends a new message about it; so the worker acks its own.
 *
 * @throws ApiError where the attempt does not hold the job any more
 */
export async function release(
  env: Env,
  session: Session,
  ref: AttemptRef,
  request: ReleaseRequest,
  now: () => number,
  defer: (work: Promise<unknown>) => void,
): Promise<void> {
  const nowMs = now();
  const { before, requeuedAs, owners } = await releaseJob(session, ref, request, nowMs);
  const refusal = refusalOf(before, ref);
  if (refusal !== null) throw new ApiError(refusal);
  if (before.dream_id !== null) tellChannel(env, defer, { dreamId: before.dream_id, changed: true });
  notifySenders(env, defer, owners);
  if (requeuedAs === null) return;
  const message = { jobId: ref.jobId, priority: requeuedAs, delaySeconds: request.delay_seconds };
  await sendMessage(env, session, message, nowMs, defer);
}
