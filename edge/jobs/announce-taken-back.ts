import { tellChannel } from "../channel/tell.ts";
import type { Env } from "../env.ts";
import { sendWake } from "../pool/wake.ts";
import type { Requeued } from "../store/lapses.ts";
import { reasonOf, type Session } from "../store/open.ts";
import { notifySenders } from "../webhooks/notify-senders.ts";
import { relayOutbox } from "./relay-outbox.ts";

/** Channels that are told one by one. Those of further jobs look by themselves, every 10 s. */
const mostTold = 50;

/**
 * Tells workers, webhooks and watchers of jobs that were taken back. Each is told whatever becomes of the others. Never
 * fails: D1 holds what was done, and the sweep tells again what matters.
 */
export async function announceTakenBack(
  env: Env,
  session: Session,
  now: () => number,
  { requeued, dreamIds, owners }: Requeued,
): Promise<void> {
  const told: Promise<unknown>[] = [];
  const defer = (work: Promise<unknown>) => void told.push(work);
  if (requeued > 0) defer(sendMessages());
  notifySenders(env, defer, owners);
  for (const dreamId of dreamIds.slice(0, mostTold)) tellChannel(env, defer, { dreamId, changed: true });
  await Promise.all(told);

  async function sendMessages(): Promise<void> {
    try {
      if ((await relayOutbox(env, session, now)) > 0) await sendWake(env, now());
    } catch (error) {
      console.warn(JSON.stringify({ event: "outbox.unread", reason: reasonOf(error) }));
    }
  }
}
