/**
 * Sends an owner's messages to the owner's webhooks. One Durable Object for each owner, named by the owner's
 * id.
 *
 * Why one object each, and not the cron trigger or the request that ended the job: an invocation of a Worker
 * has six connections, and a request's `waitUntil` lasts 30 s. If they were shared, a few silent receivers
 * would hold all of them for their 15 s, and fairness between owners would need code. Each object's alarm is
 * an invocation with its own six connections: one owner's silent receiver costs other owners nothing, tries
 * happen at their time, and at most `mostAtOnce` go to one owner.
 *
 * @source developers.cloudflare.com/workers/platform/limits: six connections, `waitUntil` 30 s, alarms 15 min
 *
 * D1 stays the truth: the next sweep wakes an object that lost its alarm.
 */
import { DurableObject } from "cloudflare:workers";
import type { Env } from "../env.ts";
import { realPorts } from "../ports.ts";
import { openPrimary, reasonOf } from "../store/open.ts";
import { sendDue } from "./send-due.ts";

/** The pause after a run that D1 interrupted. */
const failedAgainMs = 5_000;

export class WebhookSender extends DurableObject<Env> {
  #hasNews: () => void = () => {};

  /** Starts sending this owner's due messages, by the object's alarm. Does not wait for any of them. */
  async notify(ownerId: string): Promise<void> {
    const { storage } = this.ctx;
    // An alarm does not know the name of its object, so the name is stored.
    if ((await storage.get("owner")) !== ownerId) await storage.put("owner", ownerId);
    await storage.setAlarm(realPorts.now());
    this.#hasNews();
  }

  override async alarm(): Promise<void> {
    const { storage } = this.ctx;
    const ownerId = await storage.get<string>("owner");
    if (ownerId === undefined) return;
    const news = () => new Promise<void>((resolve) => (this.#hasNews = resolve));
    const next = await sendDue(this.env, openPrimary(this.env.DB), ownerId, realPorts.now, news).catch(
      (error: unknown) => {
        console.warn(JSON.stringify({ event: "webhook.undelivered", reason: reasonOf(error) }));
        return realPorts.now() + failedAgainMs;
      },
    );
    const set = await storage.getAlarm();
    if (next !== null && (set === null || set > next)) await storage.setAlarm(next);
  }
}
