/**
 * Pulls messages, runs their jobs and acks them until the process stops.
 *
 * The loop never holds more messages than it has free slots: the lease of a pulled message cannot be
 * extended, and another worker could run a job that waits here.
 */
import type { Priority } from "../contract/film.ts";
import { leaseSeconds } from "../contract/limits.ts";
import type { QueuePort } from "./clients/queue.ts";
import { backoffMs, pause, type RetryPolicy } from "./flow/retry.ts";
import type { AckDecision, JobHint } from "./job.ts";
import { failpoint } from "./runtime/failpoint.ts";
import type { Logger } from "./runtime/log.ts";
import type { Metrics } from "./runtime/metrics.ts";

export interface LoopPorts {
  /** In order of preference. A queue is asked only for the slots that the queues before it left free. */
  queues: { name: Priority; port: QueuePort }[];
  slots: number;
  /**
   * Ends the loop after so many milliseconds without work; 0 means never. Fly starts the machine at the next
   * wake.
   */
  idleExitMs: number;
  /** How the pause between empty rounds grows. */
  idle?: Pick<RetryPolicy, "baseDelayMs" | "maxDelayMs">;
  /** Runs one job: the hinted one, or another of the same queue that the edge puts first. */
  runJob(hint: JobHint, signal: AbortSignal): Promise<AckDecision>;
  /**
   * Called with the error code when the calls to a queue have failed for some seconds, and with null after.
   */
  onQueueFault?: (code: string | null) => void;
  /** For how long they have failed then. */
  faultAfterMs?: number;
  metrics: Pick<Metrics, "pulled">;
  log: Logger;
}

type Queue = LoopPorts["queues"][number];
type Message = Awaited<ReturnType<QueuePort["pull"]>>[number];

/**
 * The pause grows because an empty pull costs as much as a full one. It starts short because a wake can
 * arrive before the message that caused it.
 */
const idlePauses = { baseDelayMs: 25, maxDelayMs: 5_000 };
/** Calls that fail for a shorter time are a restart or a moment of the network. */
const faultAfterMs = 5_000;
/** When the queue delivers a message again whose job could not be claimed or ended. Seconds. */
const delaySeconds = leaseSeconds;
/** While all slots are busy the loop only waits for a job to end, which wakes it. */
const longestIdleMs = 3_600_000;
/** Given as the reason, because an abort without one makes an error with a stack. */
const woken = "woken";
/**
 * Every fifth round starts with the last queue, so that a busy premium queue never starves the standard one.
 */
const fairRound = 5;

export class Loop {
  readonly #ports: LoopPorts;
  readonly #running = new Map<string, Promise<void>>();
  /** The ids of the messages whose jobs run. */
  readonly #held = new Set<string>();
  readonly #acking = new Set<Promise<void>>();
  #woken = new AbortController();
  #emptyRounds = 0;
  #rounds = 0;
  /** The queue that the newest wake named, until it is asked. */
  #named: Priority | null = null;
  #workedAt = performance.now();
  /** The queues that fail, and since when. */
  readonly #failing = new Map<Priority, { sinceMs: number; code: string }>();

  constructor(ports: LoopPorts) {
    this.#ports = ports;
  }

  get activeJobs(): number {
    return this.#running.size;
  }

  /** Pulls at once instead of after the current pause, first from the queue that has the new message. */
  wake(queue: Priority | null = null): void {
    this.#emptyRounds = 0;
    this.#named = queue;
    this.#workedAt = performance.now();
    this.#woken.abort(woken);
  }

  /** Resolves when a slot is free, or after `ms`. Never throws. */
  async untilFree(ms: number): Promise<void> {
    if (this.activeJobs < this.#ports.slots) return;
    const freed = new AbortController();
    void Promise.race(this.#running.values()).then(() => freed.abort());
    await pause(ms, freed.signal).catch(() => {});
  }

  /**
   * Runs until `pulling` aborts or `idleExitMs` passed without work, then waits for the running jobs and for
   * their acks. `working` aborts those jobs. Never throws.
   */
  async run(pulling: AbortSignal, working: AbortSignal): Promise<void> {
    while (!pulling.aborted && !this.#idledOut()) {
      // Set before the pulls: a wake during a pull must also shorten the pause after it.
      this.#woken = new AbortController();
      const found = await this.#pullOnce(working);
      this.#emptyRounds = found > 0 ? 0 : this.#emptyRounds + 1;
      const isFull = this.activeJobs >= this.#ports.slots;
      // With slots left, the queues had no more messages: the next ones come later.
      const pauseMs = isFull ? Number.POSITIVE_INFINITY : this.#idlePauseMs() * (1 + Math.random() / 10);
      await this.#waitForWork(pauseMs, pulling);
    }
    await Promise.all(this.#running.values());
    await Promise.all(this.#acking);
  }

  #idledOut(): boolean {
    const { idleExitMs } = this.#ports;
    if (this.activeJobs > 0) this.#workedAt = performance.now();
    return idleExitMs > 0 && performance.now() - this.#workedAt > idleExitMs;
  }

  /** Asks each queue once for as many messages as there are free slots. Returns the number received. */
  async #pullOnce(working: AbortSignal): Promise<number> {
    let found = 0;
    for (const queue of this.#queuesToAsk(++this.#rounds)) {
      const free = this.#ports.slots - this.activeJobs;
      if (free <= 0) break;
      const messages = await this.#pull(queue, free);
      found += messages.length;
      for (const message of messages) this.#start(queue, message, working);
    }
    return found;
  }

  /**
   * All queues; once the pause has reached its maximum, only one in turn, because each empty pull is billed.
   */
  #queuesToAsk(round: number): Queue[] {
    const { queues } = this.#ports;
    const named = this.#named;
    this.#named = null;
    if (named !== null) return queues.toSorted((a, b) => Number(b.name === named) - Number(a.name === named));
    const inverted = round % fairRound === 0 ? queues.toReversed() : queues;
    const isAsleep = this.#idlePauseMs() >= this.#idle.maxDelayMs;
    return isAsleep ? queues.slice(round % queues.length).slice(0, 1) : inverted;
  }

  async #pull({ name, port }: Queue, most: number): Promise<Message[]> {
    try {
      const messages = await port.pull(most);
      this.#ports.metrics.pulled(name, messages.length > 0 ? "messages" : "empty");
      this.#failing.delete(name);
      this.#tellFault();
      return messages;
    } catch (error) {
      this.#ports.metrics.pulled(name, "failed");
      this.#ports.log.warn({ error }, "queue.pull_failed");
      const code = (error as { code?: unknown }).code;
      const { sinceMs = performance.now() } = this.#failing.get(name) ?? {};
      this.#failing.set(name, { sinceMs, code: typeof code === "string" ? code : "queue.unreachable" });
      this.#tellFault();
      return [];
    }
  }

  #tellFault(): void {
    const fault = [...this.#failing.values()].find(
      ({ sinceMs }) => performance.now() - sinceMs >= (this.#ports.faultAfterMs ?? faultAfterMs),
    );
    this.#ports.onQueueFault?.(fault?.code ?? null);
  }

  #start(queue: Queue, message: Message, working: AbortSignal): void {
    // Delivered again because its job takes longer than the visibility timeout. The edge would refuse a
    // claim.
    if (this.#held.has(message.id)) {
      this.#ack(queue, message, "ack");
      return;
    }
    this.#held.add(message.id);
    const work = this.#handle(queue, message, working).then((decision) => {
      this.#running.delete(message.leaseId);
      this.#held.delete(message.id);
      this.#workedAt = performance.now();
      // The slot is free: the next job does not wait for this ack.
      this.#ack(queue, message, decision);
      this.#woken.abort(woken);
    });
    this.#running.set(message.leaseId, work);
  }

  async #handle(queue: Queue, message: Message, working: AbortSignal): Promise<AckDecision> {
    failpoint("message.pulled");
    const { jobId } = message;
    if (jobId !== null) return await this.#ports.runJob({ jobId, queue: queue.name }, working);
    this.#ports.log.error({ message_id: message.id }, "queue.poison_message");
    return "ack";
  }

  #ack({ port }: Queue, { leaseId }: Message, decision: AckDecision): void {
    failpoint("message.before_ack");
    const ended = decision === "ack" ? port.ack([leaseId]) : port.ack([], [{ leaseId, delaySeconds }]);
    const ack = ended
      // If the call is lost the message comes back, and the edge answers whose the job is.
      .catch((error: unknown) => this.#ports.log.warn({ error }, "queue.ack_failed"))
      .then(() => {
        failpoint("message.acked");
        this.#acking.delete(ack);
      });
    this.#acking.add(ack);
  }

  get #idle() {
    return this.#ports.idle ?? idlePauses;
  }

  #idlePauseMs(): number {
    return backoffMs({ tries: Number.POSITIVE_INFINITY, ...this.#idle }, this.#emptyRounds, () => 1);
  }

  /** Waits for a wake, for the end of pulling or for `ms`. */
  async #waitForWork(ms: number, pulling: AbortSignal): Promise<void> {
    const signal = AbortSignal.any([pulling, this.#woken.signal]);
    await pause(Math.min(ms, longestIdleMs), signal).catch(() => {});
  }
}
