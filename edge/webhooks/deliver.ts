import type { Env } from "../env.ts";
import { type DueDelivery, settleDelivery, takeDueDeliveries } from "../store/deliveries.ts";
import { reasonOf, type Session } from "../store/open.ts";
import { postMessage } from "./post-message.ts";
import { decide } from "./retry.ts";

/** With every receiver as slow as it may be these are through before anybody takes them again. */
const messagesPerRound = 40;
/** Bounds one sweep; what is left waits for the next. */
const roundsPerSweep = 10;
/** @source developers.cloudflare.com/workers/platform/limits: six connections at once, of which D1 needs one */
const atOnce = 4;

/** Sends what is due, whatever it is about. Says how many messages were tried. */
export async function relayDeliveries(env: Env, session: Session, now: () => number): Promise<number> {
  let tried = 0;
  for (let round = 0; round < roundsPerSweep; round++) {
    const count = await deliverDue(env, session, now);
    tried += count;
    if (count < messagesPerRound) break;
  }
  return tried;
}

/**
 * Sends the messages that are due, of one job where it is given; says how many were tried. Never fails: what was not sent
 * stays due, and one slow receiver holds up only its own message.
 */
export async function deliverDue(
  env: Env,
  session: Session,
  now: () => number,
  of: { jobId?: string } = {},
): Promise<number> {
  try {
    const due = await takeDueDeliveries(session, now(), messagesPerRound, of.jobId);
    const waiting = [...due];
    const sender = async () => {
      for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) await deliver(one);
    };
    await Promise.all(Array.from({ length: atOnce }, sender));
    return due.length;
  } catch (error) {
    console.warn(JSON.stringify({ event: "webhook.undelivered", reason: reasonOf(error) }));
    return 0;
  }

  async function deliver(delivery: DueDelivery): Promise<void> {
    const { id, body, url, secret, attempts, traceparent } = delivery;
    if (url === null || secret === null) return;
    const attempted = await postMessage(env, { id, body, url, secret, traceparent }, now());
    await settleDelivery(session, delivery, decide(attempted, attempts, now(), Math.random()));
  }
}
