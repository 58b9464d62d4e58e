/**
 * Detects within seconds that a worker is gone or went silent. One object for all jobs and workers, with one
 * alarm. It knows in two ways:
 *
 * - Each worker's process has a presence connection here. A process that dies closes it; a machine that
 *   vanishes sends no more pings. A few seconds later the worker loses the jobs that it has not reported
 *   since.
 * - D1 knows when the first of all leases ends. Living workers renew their leases every few seconds, so while
 *   jobs run this is one indexed read about every 26 s, however many jobs there are.
 *
 * No worker's call waits for it. The connections hibernate: a ping is answered by the runtime, and costs
 * nothing. The watch waits for D1 only: workers and listeners are notified afterwards. D1 stays the truth,
 * and the sweep of each minute requeues what this missed and sets the alarm again.
 */
import { DurableObject } from "cloudflare:workers";
import type { Env } from "../env.ts";
import { afterTransition } from "../jobs/after-transition.ts";
import { nextLookMs } from "../jobs/watch-lease.ts";
import { type Ports, realPorts } from "../ports.ts";
import { type GoneWorker, readNextLapse, requeueLapsed } from "../store/lapses.ts";
import { openPrimary, reasonOf } from "../store/open.ts";
import { Connections } from "./connections.ts";

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
  readonly #connections: Connections;
  /** When to read D1; null: no job is held; undefined: unknown, so the next alarm reads D1. */
  #leaseLookMs: number | null | undefined;

  /** `ports` is for tests; workerd passes only the first two. */
  constructor(ctx: DurableObjectState, env: Env, ports = realPorts) {
    super(ctx, env);
    this.#ports = ports;
    this.#connections = new Connections(ctx);
  }

  /** Sets a look at the leases at `byMs` or earlier, and gives its time. */
  async watch(byMs: number): Promise<number> {
    const nowMs = this.#ports.now();
    const known = this.#leaseLookMs;
    if (known != null && known <= byMs && known > nowMs - overdueMs) return known;
    const alarmMs = await this.#lookBy(Math.min(byMs, this.#connections.lookMs(nowMs)));
    if (this.#leaseLookMs === undefined) return alarmMs;
    this.#leaseLookMs = byMs;
    return byMs;
  }

  /** Makes these workers report all their jobs at once, as far as they have presence connections. */
  askForReports(workerIds: readonly string[]): void {
    this.#connections.askForReports(workerIds);
  }

  /** Opens a presence connection. Query: `worker`: its id; `process`: a name that no other process has. */
  override async fetch(request: Request): Promise<Response> {
    const asked = new URL(request.url).searchParams;
    const webSocket = this.#connections.open(
      { workerId: asked.get("worker") ?? "", process: asked.get("process") ?? "" },
      this.#ports.now(),
    );
    return new Response(null, { status: 101, webSocket });
  }

  override async webSocketClose(socket: WebSocket, code: number): Promise<void> {
    const dueMs = await this.#connections.end(socket, code, this.#ports.now());
    if (dueMs !== null) await this.#lookBy(dueMs);
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    await this.webSocketClose(socket, abnormalClosure);
  }

  override async alarm(): Promise<void> {
    const nextMs = await this.#look().catch((error: unknown) => {
      console.warn(JSON.stringify({ event: "leases.unread", reason: reasonOf(error) }));
      this.#leaseLookMs = undefined;
      return this.#ports.now() + failedAgainMs;
    });
    if (nextMs !== null) await this.#lookBy(nextMs);
  }

  /** Sets the alarm to `alarmMs`, unless an earlier one is set. Gives its time. */
  async #lookBy(alarmMs: number): Promise<number> {
    const { storage } = this.ctx;
    const set = await storage.getAlarm();
    if (set !== null && set <= alarmMs && set > this.#ports.now() - overdueMs) return set;
    await storage.setAlarm(alarmMs);
    return alarmMs;
  }

  /** The time of the next look; null if there is nothing to look for. */
  async #look(): Promise<number | null> {
    const nowMs = this.#ports.now();
    await this.#connections.endSilent(nowMs);
    const { due, nextMs } = await this.#connections.gone(nowMs);
    const isLeaseLookDue =
      this.#leaseLookMs === undefined || (this.#leaseLookMs !== null && this.#leaseLookMs <= nowMs);
    if (due.size > 0 || isLeaseLookDue) {
      // Unknown while D1 is asked: a lease that begins meanwhile gets a look of its own.
      this.#leaseLookMs = undefined;
      const leaseLookMs = await this.#lookAtLeases([...due.values()]);
      await this.#connections.forget(due);
      if ((await this.ctx.storage.getAlarm()) === null) this.#leaseLookMs = leaseLookMs;
      else return leaseLookMs;
    }
    const times = [this.#leaseLookMs ?? null, nextMs];
    if (this.#leaseLookMs !== null) times.push(this.#connections.lookMs(nowMs));
    const next = Math.min(...times.map((at) => at ?? Number.POSITIVE_INFINITY));
    return Number.isFinite(next) ? next : null;
  }

  /** Requeues what has lapsed and what the gone workers held. Gives the time of the next look, or null. */
  async #lookAtLeases(gone: readonly GoneWorker[]): Promise<number | null> {
    const session = openPrimary(this.env.DB);
    const first = await readNextLapse(session);
    const nowMs = this.#ports.now();
    if (gone.length === 0 && (first === null || first > nowMs)) return nextLookMs(first, nowMs);
    const { requeued, failed, dreamIds, owners } = await requeueLapsed(session, nowMs, jobsPerLook, gone);
    console.log(JSON.stringify({ event: "leases.lapsed", requeued, failed, gone: gone.length }));
    const defer = (work: Promise<unknown>) => this.ctx.waitUntil(work);
    const context = { env: this.env, session, now: this.#ports.now, defer };
    // Not awaited: the next look waits for D1 only, not for a queue, machine, channel or receiver.
    defer(afterTransition(context, { dreamIds, owners, message: requeued > 0 ? "due" : null }));
    return nextLookMs(await readNextLapse(session), this.#ports.now());
  }
}

/** @source RFC 6455, 7.4.1 */
const abnormalClosure = 1006;
