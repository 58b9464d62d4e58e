/**
 * What happens after a job's state has changed in D1: listeners, webhook senders, lease watch, queue and
 * machines are notified. A failure of one stops neither the others nor the caller: D1 holds the change, and
 * the sweep repeats what is lost.
 */
import type { Priority } from "../../contract/film.ts";
import type { QueueMessage } from "../../contract/queue.ts";
import { askForReports } from "../channel/ask-for-reports.ts";
import { notifyChannel } from "../channel/notify.ts";
import type { Env } from "../env.ts";
import { wakePool } from "../pool/wake.ts";
import { isJobHeld } from "../store/holds.ts";
import { reasonOf, type Session } from "../store/open.ts";
import { type DueMessage, markSent, takeDueMessages } from "../store/outbox.ts";
import { notifySenders } from "../webhooks/notify-senders.ts";
import { watchLease } from "./watch-lease.ts";

/** What a use-case needs of the request, event or alarm that it serves. */
export interface JobContext {
  env: Env;
  session: Session;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Lets work go on after the answer. */
  defer: (work: Promise<unknown>) => void;
}

/** A queue message about a job. */
interface JobMessage {
  jobId: string;
  priority: Priority;
  delaySeconds: number;
  /** The job waits for the end of a hold, for which no machine has to run. Absent: D1 is asked. */
  isHeld?: boolean;
}

export interface Transition {
  /** Dreams whose jobs have changed. */
  dreamIds: readonly string[];
  /** Owners whose webhooks have a message about the change. */
  owners?: readonly string[];
  /** Workers whose attempts have lost their jobs by it. */
  workers?: readonly string[];
  /** A lease began. */
  isLeased?: boolean;
  /** Jobs that workers may claim now: the one that the message names, or all whose messages are due. */
  message?: JobMessage | "due" | null;
}

/** The most channels that are notified one by one. The channels of further dreams poll D1, every 10 s. */
export const mostChannels = 50;

/**
 * Notifies everything that depends on the change. Waits only until the queue has the message. Never throws.
 */
export async function afterTransition(
  context: JobContext,
  { dreamIds, owners = [], workers = [], isLeased = false, message = null }: Transition,
): Promise<void> {
  const { env, now, defer } = context;
  for (const dreamId of dreamIds.slice(0, mostChannels))
    notifyChannel(env, defer, { dreamId, changed: true });
  notifySenders(env, defer, owners);
  if (workers.length > 0) defer(askForReports(env, workers));
  if (isLeased) watchLease(env, defer, now());
  if (message === "due") await sendDue(context);
  else if (message !== null) await sendMessage(context, message);
}

/**
 * Sends a message that the job may be ready, and wakes the pool. Never throws, and waits at most
 * `longestSendMs` for the queue: the row stays in the outbox, and the sweep sends what failed here. After the
 * answer it marks a delayed message as sent, so that the sweep does not send one that comes too early.
 */
async function sendMessage(context: JobContext, message: JobMessage) {
  const { env, session, now, defer } = context;
  const { jobId, priority, delaySeconds } = message;
  const sentAtMs = now();
  // The wake does not wait for the queue: a worker that finds no message yet looks again after 25 ms.
  if (delaySeconds === 0 && env.WORKER_WAKE_URL) wakeForJob(context, message);
  try {
    const sending = queueFor(env, priority).send(hint(jobId), { contentType: "json", delaySeconds });
    await withinMs(sending, longestSendMs);
  } catch (error) {
    console.warn(JSON.stringify({ event: "queue.send_failed", job_id: jobId, reason: String(error) }));
    return;
  }
  if (delaySeconds === 0) return;
  defer(
    markSent(session, [jobId], sentAtMs + delaySeconds * 1000).catch(() => {
      // The sweep sends a second message, which changes nothing.
    }),
  );
}

/** Wakes the pool unless the job waits for the end of a hold, for which no machine has to run. */
function wakeForJob({ env, session, now, defer }: JobContext, { jobId, priority, isHeld }: JobMessage): void {
  const wake = () => wakePool(env, now, defer, priority);
  if (isHeld === undefined)
    defer(isJobHeld(session, jobId, now()).then((held) => void (held || wake()), wake));
  else if (!isHeld) wake();
}

async function sendDue(context: JobContext): Promise<void> {
  const { env, now, defer } = context;
  try {
    if ((await relayOutbox(context, relayMs)) > 0) wakePool(env, now, defer);
  } catch (error) {
    console.warn(JSON.stringify({ event: "outbox.unread", reason: reasonOf(error) }));
  }
}

/** How long one run sends at most while a caller waits for it. */
const relayMs = 5_000;
/** @source developers.cloudflare.com/queues/platform/limits: 100 messages a batch */
const batchSize = 100;

/**
 * Sends the due messages of the outbox: those that were not sent, and those that were sent and lost. A queue
 * that refuses delays only its own messages. Two concurrent runs send different messages. Ends when nothing
 * is due or after `forMs` milliseconds, and gives the number of sent messages.
 */
export async function relayOutbox(
  { env, session, now }: Omit<JobContext, "defer">,
  forMs: number,
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
    const jobIds = due.filter((message) => message.priority === priority).map(({ job_id }) => job_id);
    if (jobIds.length === 0) return 0;
    const messages = jobIds.map((jobId) => ({ body: hint(jobId), contentType: "json" as const }));
    try {
      await withinMs(queueFor(env, priority).sendBatch(messages), longestSendMs);
    } catch (error) {
      console.warn(JSON.stringify({ event: "queue.send_failed", queue: priority, reason: String(error) }));
      return 0;
    }
    await markSent(session, jobIds, now());
    return jobIds.length;
  }
}

const queueFor = (env: Env, priority: Priority) =>
  priority === "premium" ? env.VIDEO_PREMIUM : env.VIDEO_STANDARD;

const hint = (jobId: string): QueueMessage => ({ v: 1, job_id: jobId });

/** A client waits for this, so a silent queue must not hold the answer back. */
const longestSendMs = 5_000;

/** @throws Error after `ms`, without ending `work` */
function withinMs<T>(work: Promise<T>, ms: number): Promise<T> {
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error("The queue did not answer in time.")), ms);
  });
  return Promise.race([work, late]);
}

/**
 * Runs `work` and waits for the work that it defers: for callers without an answer after which it could go
 * on.
 */
export async function withDeferred<T>(
  work: (defer: (work: Promise<unknown>) => void) => Promise<T>,
): Promise<T> {
  const deferred: Promise<unknown>[] = [];
  const result = await work((one) => void deferred.push(one));
  for (let one = deferred.shift(); one !== undefined; one = deferred.shift()) await one;
  return result;
}
