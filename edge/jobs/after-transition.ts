/**
 * What happens after a job's state has changed in D1: listeners, webhook senders, lease watch, queue and
 * machines are notified. A failure of one stops neither the others nor the caller: D1 holds the change, and
 * the sweep repeats what is lost.
 */
import { notifyChannel } from "../channel/notify.ts";
import type { Env } from "../env.ts";
import { wakePool } from "../pool/wake.ts";
import { reasonOf, type Session } from "../store/open.ts";
import { notifySenders } from "../webhooks/notify-senders.ts";
import { type JobMessage, relayOutbox, sendMessage } from "./send-message.ts";
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

export interface Transition {
  /** Dreams whose jobs have changed. */
  dreamIds: readonly string[];
  /** Owners whose webhooks have a message about the change. */
  owners?: readonly string[];
  /** A lease began. */
  isLeased?: boolean;
  /** Jobs that workers may claim now: the one that the message names, or all whose messages are due. */
  message?: JobMessage | "due" | null;
}

/** The most channels that are notified one by one. The channels of further dreams poll D1, every 10 s. */
const mostChannels = 50;

/**
 * Notifies everything that depends on the change. Waits only until the queue has the message. Never throws.
 */
export async function afterTransition(
  context: JobContext,
  { dreamIds, owners = [], isLeased = false, message = null }: Transition,
): Promise<void> {
  const { env, session, now, defer } = context;
  for (const dreamId of dreamIds.slice(0, mostChannels))
    notifyChannel(env, defer, { dreamId, changed: true });
  notifySenders(env, defer, owners);
  if (isLeased) watchLease(env, defer, now());
  if (message === "due") await sendDue(context);
  else if (message !== null) await sendMessage(env, session, message, now, defer);
}

async function sendDue({ env, session, now, defer }: JobContext): Promise<void> {
  try {
    if ((await relayOutbox(env, session, now)) > 0) wakePool(env, now, defer);
  } catch (error) {
    console.warn(JSON.stringify({ event: "outbox.unread", reason: reasonOf(error) }));
  }
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
