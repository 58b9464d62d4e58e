/**
 * Detects within seconds that a worker went silent. One object for all jobs, with one alarm: it reads D1 when
 * the first of all leases ends. Living workers renew their leases every few seconds, so while jobs run this
 * is one indexed read about every 26 s, however many jobs there are; and no worker's call waits for it.
 *
 * The watch waits for D1 only: workers and listeners are notified afterwards. Its only state is the alarm. D1
 * stays the truth, and the sweep of each minute requeues what this missed and sets the alarm again.
 */
import { DurableObject } from "cloudflare:workers";
import type { Env } from "../env.ts";
import { afterTransition } from "../jobs/after-transition.ts";
import { nextLookMs } from "../jobs/watch-lease.ts";
import { type Ports, realPorts } from "../ports.ts";
import { readNextLapse, requeueLapsed } from "../store/lapses.ts";
import { openPrimary, reasonOf } from "../store/open.ts";

/**
 * Lapsed jobs that one look requeues, and as many that it fails; the next look, a second later, takes the
 * rest.
 */
const jobsPerLook = 200;
/** The pause after a look that failed. */
const failedAgainMs = 5_000;
/**
 * An alarm that is this late was lost. @source developers.cloudflare.com/durable-objects/api/alarms: "at
 * least once"
 */
const overdueMs = 30_000;

export class LeaseWatch extends DurableObject<Env> {
  readonly #ports: Ports;

  /** `ports` is for tests; workerd passes only the first two. */
  constructor(ctx: DurableObjectState, env: Env, ports = realPorts) {
    super(ctx, env);
    this.#ports = ports;
  }

  /** Sets a look at `byMs` or earlier, and gives its time. */
  async watch(byMs: number): Promise<number> {
    const { storage } = this.ctx;
    const set = await storage.getAlarm();
    if (set !== null && set <= byMs && set > this.#ports.now() - overdueMs) return set;
    await storage.setAlarm(byMs);
    return byMs;
  }

  override async alarm(): Promise<void> {
    const next = await this.#look().catch((error: unknown) => {
      console.warn(JSON.stringify({ event: "leases.unread", reason: reasonOf(error) }));
      return this.#ports.now() + failedAgainMs;
    });
    if (next !== null) await this.watch(next);
  }

  /** The time of the next look; null if no job is being made. */
  async #look(): Promise<number | null> {
    const session = openPrimary(this.env.DB);
    const first = await readNextLapse(session);
    if (first === null || first > this.#ports.now()) return nextLookMs(first, this.#ports.now());
    const { requeued, failed, dreamIds, owners } = await requeueLapsed(
      session,
      this.#ports.now(),
      jobsPerLook,
    );
    console.log(JSON.stringify({ event: "leases.lapsed", requeued, failed }));
    const defer = (work: Promise<unknown>) => this.ctx.waitUntil(work);
    const context = { env: this.env, session, now: this.#ports.now, defer };
    // Not awaited: the next look waits for D1 only, not for a queue, machine, channel or receiver.
    defer(afterTransition(context, { dreamIds, owners, message: requeued > 0 ? "due" : null }));
    return nextLookMs(await readNextLapse(session), this.#ports.now());
  }
}
