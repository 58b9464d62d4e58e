/**
 * Sends an owner's messages to the owner's webhooks. One object an owner, named by the owner's id.
 *
 * Why an object each, and not the cron trigger or the request that ended the job: a Worker's invocation has six
 * connections and a request's `waitUntil` 30 s. Shared, a few silent receivers hold all of them for their 15 s, and
 * fairness between owners has to be programmed. Each object's alarm is an invocation of its own with its own six
 * connections, so one owner's silent receiver costs other owners nothing; tries come at their time and not at the
 * next minute; and no more than `mostAtOnce` go to one owner, wherever they were promised.
 *
 * @source developers.cloudflare.com/workers/platform/limits: six connections, `waitUntil` 30 s, alarms 15 min
 *
 * D1 stays the truth: an object that loses its alarm is woken by the next sweep.
 */
import { DurableObject } from "cloudflare:workers";
import type { Env } from "../env.ts";
import { realPorts } from "../ports.ts";
import { openPrimary, reasonOf } from "../store/open.ts";
import { sendDue } from "./send-due.ts";

/** After a run that D1 broke off. */
const failedAgainMs = 5_000;

export class WebhookSender extends DurableObject<Env> {
  #hasNews: () => void = () => {};

  /** Messages of this owner may be due: they are sent by the object's alarm, at once. Waits for none of them. */
  async notify(ownerId: string): Promise<void> {
    const { storage } = this.ctx;
    // An alarm does not know the name of its object.
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
