/** Queue messages about jobs: the outbox in D1 promises them, and these functions send them. */
import type { Priority } from "../../contract/film.ts";
import type { QueueMessage } from "../../contract/queue.ts";
import type { Env } from "../env.ts";
import { wakePool } from "../pool/wake.ts";
import { isJobHeld } from "../store/holds.ts";
import type { Session } from "../store/open.ts";
import { type DueMessage, markSent, takeDueMessages } from "../store/outbox.ts";

export interface JobMessage {
  jobId: string;
  priority: Priority;
  delaySeconds: number;
}

/**
 * Sends a message that the job may be ready, wakes the pool, and marks the outbox row as sent after the
 * answer. Never throws, and waits at most `longestSendMs` for the queue: the row stays in the outbox, and the
 * sweep sends what failed here.
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
  const sending = queueFor(env, priority).send(hint(jobId), { contentType: "json", delaySeconds });
  try {
    await withinMs(sending, longestSendMs);
  } catch (error) {
    console.warn(JSON.stringify({ event: "queue.send_failed", job_id: jobId, reason: String(error) }));
    return;
  }
  if (delaySeconds === 0 && env.WORKER_WAKE_URL) defer(wakeForJob(env, session, jobId, now, defer));
  defer(
    markSent(session, [jobId], sentAtMs + delaySeconds * 1000).catch(() => {
      // The sweep sends a second message, which changes nothing.
    }),
  );
}

/** Wakes the pool unless the job waits for the end of a hold, for which no machine has to run. */
async function wakeForJob(
  env: Env,
  session: Session,
  jobId: string,
  now: () => number,
  defer: (work: Promise<unknown>) => void,
): Promise<void> {
  const isHeld = await isJobHeld(session, jobId, now()).catch(() => false);
  if (!isHeld) wakePool(env, now, defer);
}

/** A client waits for this, so a silent queue must not hold the answer back. */
const longestSendMs = 5_000;

/** @throws Error after `ms`, without ending `work` */
function withinMs<T>(work: Promise<T>, ms: number): Promise<T> {
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error("The queue did not answer in time.")), ms);
  });
  return Promise.race([work, late]);
}

/** Sends at most `batchSize` messages to one queue in one call. */
async function sendMessages(env: Env, priority: Priority, due: readonly DueMessage[]): Promise<void> {
  await queueFor(env, priority).sendBatch(
    due.map(({ job_id }) => ({ body: hint(job_id), contentType: "json" })),
  );
}

const queueFor = (env: Env, priority: Priority) =>
  priority === "premium" ? env.VIDEO_PREMIUM : env.VIDEO_STANDARD;

const hint = (jobId: string): QueueMessage => ({ v: 1, job_id: jobId });

/** @source developers.cloudflare.com/queues/platform/limits: 100 messages a batch */
const batchSize = 100;
/** How long one run sends at most while a caller waits for it. */
const relayMs = 5_000;

/**
 * Sends the due messages of the outbox: those that were not sent, and those that were sent and lost. A queue
 * that refuses delays only its own messages. Two concurrent runs send different messages. Ends when nothing
 * is due or after `forMs` milliseconds, and gives the number of sent messages.
 */
export async function relayOutbox(
  env: Env,
  session: Session,
  now: () => number,
  forMs: number = relayMs,
): Promise<number> {
  const untilMs = now() + forMs;
  let sent = 0;
  for (let isLast = false; !isLast; ) {
    const due = await takeDueMessages(session, now(), batchSize);
    for (const priority of ["premium", "standard"] as const) sent += await relay(priority, due);
    isLast = due.length < batchSize || now() >= untilMs;
  }
  return sent;

  async function relay(priority: Priority, due: readonly DueMessage[]): Promise<number> {
    const messages = due.filter((message) => message.priority === priority);
    if (messages.length === 0) return 0;
    try {
      await withinMs(sendMessages(env, priority, messages), longestSendMs);
    } catch (error) {
      console.warn(JSON.stringify({ event: "queue.send_failed", queue: priority, reason: String(error) }));
      return 0;
    }
    await markSent(
      session,
      messages.map((message) => message.job_id),
      now(),
    );
    return messages.length;
  }
}
