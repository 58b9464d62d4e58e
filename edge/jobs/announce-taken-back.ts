import { tellChannel } from "../channel/tell.ts";
import type { Env } from "../env.ts";
import { sendWake } from "../pool/wake.ts";
import type { Session } from "../store/open.ts";
import { takeBackLapsed } from "../store/sweep.ts";
import { relayDeliveries } from "../webhooks/deliver.ts";
import { relayOutbox } from "./relay-outbox.ts";

/** More than these nobody is told about one by one: their watchers look for themselves, every 10 s. */
const mostTold = 50;

/** Takes back at most `limit` jobs whose holder fell silent, and tells workers, webhooks and watchers so at once. */
export async function takeBack(
  env: Env,
  session: Session,
  now: () => number,
  limit: number,
): Promise<{ requeued: number; failed: number; sent: number }> {
  const { requeued, failed, dreamIds } = await takeBackLapsed(session, now(), limit);
  const sent = await relayOutbox(env, session, now);
  const told: Promise<unknown>[] = [];
  for (const dreamId of dreamIds.slice(0, mostTold)) {
    tellChannel(env, (work) => told.push(work), { dreamId, changed: true });
  }
  if (sent > 0) told.push(sendWake(env, now()));
  await Promise.all(told);
  if (failed > 0) await relayDeliveries(env, session, now);
  return { requeued, failed, sent };
}
