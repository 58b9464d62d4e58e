/**
 * What happens after a job's state has changed in D1: listeners, webhook senders, lease watch, queue and machines are
 * notified. Each is notified whatever becomes of the others, and none of it fails a caller: D1 holds what was done, and
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
  /** Work that goes on after the answer. */
  defer: (work: Promise<unknown>) => void;
}

export interface Transition {
  /** Dreams about whose jobs D1 has something new. */
  dreamIds: readonly string[];
  /** Owners whose webhooks have a message about it. */
  owners?: readonly string[];
  /** A lease began. */
  isLeased?: boolean;
  /** Jobs that workers may claim now: the one that the message names, or all whose messages are due. */
  message?: JobMessage | "due" | null;
}

/** Channels that are notified one by one. Those of further dreams look by themselves, every 10 s. */
const mostChannels = 50;

/** Waits for the queue only. */
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

/** Runs `work` where there is no answer after which deferred work could go on, and waits for that work too. */
export async function withDeferred<T>(
  work: (defer: (work: Promise<unknown>) => void) => Promise<T>,
): Promise<T> {
  const deferred: Promise<unknown>[] = [];
  const result = await work((one) => void deferred.push(one));
  for (let one = deferred.shift(); one !== undefined; one = deferred.shift()) await one;
  return result;
}
