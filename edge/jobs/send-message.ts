import type { Priority } from "../../contract/film.ts";
import type { QueueMessage } from "../../contract/queue.ts";
import type { Env } from "../env.ts";
import { wakePool } from "../pool/wake.ts";
import type { Session } from "../store/open.ts";
import { type DueMessage, markSent } from "../store/outbox.ts";

export interface JobMessage {
  jobId: string;
  priority: Priority;
  delaySeconds: number;
}

/**
 * Tells the workers that the job may be ready, wakes them, and notes that they were told. Never throws: the promise stands in the
 * outbox, and the sweep keeps it if this can not. The note is `defer`red, nobody waits for it.
 */
export async function sendMessage(
  env: Env,
  session: Session,
  message: JobMessage,
  now: () => number,
  defer: (work: Promise<unknown>) => void,
): Promise<void> {
  const { jobId, priority, delaySeconds } = message;
  const sentAtMs = now();
  try {
    await queueFor(env, priority).send(hint(jobId), { contentType: "json", delaySeconds });
  } catch (error) {
    console.warn(JSON.stringify({ event: "queue.send_failed", job_id: jobId, reason: String(error) }));
    return;
  }
  if (delaySeconds === 0) wakePool(env, now, defer);
  defer(
    markSent(session, [jobId], sentAtMs + delaySeconds * 1000).catch(() => {
      // The sweep will send a second message, which changes nothing.
    }),
  );
}

/** Sends to one queue in one call: at most 100 messages. @source developers.cloudflare.com/queues/platform/limits */
export async function sendMessages(env: Env, priority: Priority, due: readonly DueMessage[]): Promise<void> {
  await queueFor(env, priority).sendBatch(
    due.map(({ job_id }) => ({ body: hint(job_id), contentType: "json" })),
  );
}

const queueFor = (env: Env, priority: Priority) =>
  priority === "premium" ? env.VIDEO_PREMIUM : env.VIDEO_STANDARD;

const hint = (jobId: string): QueueMessage => ({ v: 1, job_id: jobId });
