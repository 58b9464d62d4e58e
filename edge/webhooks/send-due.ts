import type { Env } from "../env.ts";
import {
  type Candidate,
  type DueDelivery,
  readCandidates,
  readNextDue,
  settleDelivery,
  takeDeliveries,
} from "../store/deliveries.ts";
import { reasonOf, type Session } from "../store/open.ts";
import { chooseNext, hostOf } from "./choose-next.ts";
import { postMessage } from "./post-message.ts";
import { decide } from "./retry.ts";

/** No new try begins after this time. @source Durable Objects: an alarm may run for 15 minutes */
const runMs = 10 * 60_000;

/**
 * Sends the due messages of the owner's webhooks, a few at once, until none is due. `news` settles when more
 * may be due. Gives the time of the next due message in milliseconds since 1970; null if no message waits.
 *
 * @throws D1's error if D1 cannot be read; running tries then end by themselves
 */
export async function sendDue(
  env: Env,
  session: Session,
  ownerId: string,
  now: () => number,
  news: () => Promise<void>,
): Promise<number | null> {
  const inFlight = new Map<Promise<void>, string>();
  const endsAt = now() + runMs;
  for (;;) {
    const heard = news();
    while (now() < endsAt && (await startSome()) > 0);
    if (inFlight.size === 0) return readNextDue(session, ownerId, now());
    await Promise.race([...inFlight.keys(), heard]);
  }

  /** Starts as many tries as there is room for, and gives their number. */
  async function startSome(): Promise<number> {
    const candidates = await readCandidates(session, ownerId, now());
    const chosen = chooseNext(candidates, [...inFlight.values()]);
    if (chosen.length === 0) return 0;
    const taken = await takeDeliveries(
      session,
      chosen.map(({ deliveryId }: Candidate) => deliveryId),
      now(),
    );
    for (const delivery of taken) {
      const sending = deliver(delivery).finally(() => inFlight.delete(sending));
      inFlight.set(sending, hostOf(delivery.url));
    }
    return taken.length;
  }

  /** Never throws: a message whose outcome could not be stored is due again when its reservation ends. */
  async function deliver(delivery: DueDelivery): Promise<void> {
    try {
      const attempted = await postMessage(env, delivery, now());
      const outcome = decide(attempted, delivery.attempts, now(), Math.random());
      await settleDelivery(session, delivery, outcome, now());
    } catch (error) {
      console.warn(JSON.stringify({ event: "webhook.unsettled", reason: reasonOf(error) }));
    }
  }
}
