/**
 * Pull, run, ack, for as long as the process lives. Never holds more messages than it has free slots: a pulled
 * message's lease cannot be extended, so one that waits here is one that another worker could have had.
 */
import type { Priority } from "../contract/film.ts";
import type { QueuePort } from "./clients/queue.ts";
import { backoffMs, pause, type RetryPolicy } from "./flow/retry.ts";
import type { AckDecision, JobHint } from "./job.ts";
import { failpoint } from "./runtime/failpoint.ts";
import type { Logger } from "./runtime/log.ts";
import type { Metrics } from "./runtime/metrics.ts";

export interface LoopPorts {
  /** The preferred one first. A queue is asked only for the slots that those before it left free. */
  queues: { name: Priority; port: QueuePort }[];
  slots: number;
  /** Ends the loop after this long without work; 0 never. Fly starts the machine again at the next wake. */
  idleExitMs: number;
  /** How the pauses grow while there is nothing to do. */
  idle?: Pick<RetryPolicy, "baseDelayMs" | "maxDelayMs">;
  /** Takes a job of the queue, the named one or whichever is next in turn, and does it. */
  runJob(hint: JobHint, signal: AbortSignal): Promise<AckDecision>;
  metrics: Pick<Metrics, "pulled">;
  log: Logger;
}

type Queue = LoopPorts["queues"][number];
type Message = Awaited<ReturnType<QueuePort["pull"]>>[number];

/**
 * Short while work comes, long when idle: an empty pull is billed like a full one. It starts short enough for a wake that
 * was faster than the message it tells of.
 */
const idlePauses = { baseDelayMs: 25, maxDelayMs: 5_000 };
/** With all slots busy there is nothing to look for: a job's end wakes the loop. */
const longestIdleMs = 3_600_000;
/** One round in so many begins with the last queue, so that a busy premium queue starves nobody. */
const fairRound = 5;

export class Loop {
  readonly #ports: LoopPorts;
  readonly #running = new Map<string, Promise<void>>();
  #woken = new AbortController();
  #emptyRounds = 0;
  #rounds = 0;
  #workedAt = performance.now();

  constructor(ports: LoopPorts) {
    this.#ports = ports;
  }

  get activeJobs(): number {
    return this.#running.size;
  }

  /** There is work: pull now. */
  wake(): void {
    this.#emptyRounds = 0;
    this.#workedAt = performance.now();
    this.#woken.abort();
  }

  /** Settles when a slot is free, or after `ms`. Never throws. */
  async untilFree(ms: number): Promise<void> {
    if (this.activeJobs < this.#ports.slots) return;
    const freed = new AbortController();
    void Promise.race(this.#running.values()).then(() => freed.abort());
    await pause(ms, freed.signal).catch(() => {});
  }

  /**
   * Runs until `pulling` aborts or there was nothing to do for `idleExitMs`, then until the jobs in hand have ended.
   * `working` aborts those jobs.
   */
  async run(pulling: AbortSignal, working: AbortSignal): Promise<void> {
    while (!pulling.aborted && !this.#idledOut()) {
      // A wake from here on, also during the pulls, cuts the wait below short.
      this.#woken = new AbortController();
      const found = await this.#pullOnce(working);
      this.#emptyRounds = found > 0 ? 0 : this.#emptyRounds + 1;
      if (this.activeJobs >= this.#ports.slots) await this.#waitForWork(Number.POSITIVE_INFINITY, pulling);
      else if (found === 0) await this.#waitForWork(this.#idlePauseMs() * (1 + Math.random() / 10), pulling);
    }
    await Promise.all(this.#running.values());
  }

  #idledOut(): boolean {
    const { idleExitMs } = this.#ports;
    if (this.activeJobs > 0) this.#workedAt = performance.now();
    return idleExitMs > 0 && performance.now() - this.#workedAt > idleExitMs;
  }

  /** Asks each queue once for as many messages as there are free slots. Returns how many came. */
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

  /** All of them; once the pauses have grown to their longest, one a round: then a wake or luck finds what there is. */
  #queuesToAsk(round: number): Queue[] {
    const { queues } = this.#ports;
    const inverted = round % fairRound === 0 ? queues.toReversed() : queues;
    const isAsleep = this.#idlePauseMs() >= this.#idle.maxDelayMs;
    return isAsleep ? queues.slice(round % queues.length).slice(0, 1) : inverted;
  }

  async #pull({ name, port }: Queue, most: number): Promise<Message[]> {
    try {
      const messages = await port.pull(most);
      this.#ports.metrics.pulled(name, messages.length > 0 ? "messages" : "empty");
      return messages;
    } catch (error) {
      this.#ports.metrics.pulled(name, "failed");
      this.#ports.log.warn({ error }, "queue.pull_failed");
      return [];
    }
  }

  #start(queue: Queue, message: Message, working: AbortSignal): void {
    const work = this.#handle(queue, message, working).finally(() => {
      this.#running.delete(message.leaseId);
      this.#workedAt = performance.now();
      this.#woken.abort();
    });
    this.#running.set(message.leaseId, work);
  }

  async #handle(queue: Queue, message: Message, working: AbortSignal): Promise<void> {
    failpoint("message.pulled");
    if (message.jobId === null) this.#ports.log.error({ message_id: message.id }, "queue.poison_message");
    const { jobId } = message;
    const decision = jobId === null ? "ack" : await this.#ports.runJob({ jobId, queue: queue.name }, working);
    if (decision === "no_ack") return;
    failpoint("message.before_ack");
    // A lost ack brings the message back; the edge then says that the job is finished.
    await queue.port.ack([message.leaseId]).catch((error: unknown) => {
      this.#ports.log.warn({ error }, "queue.ack_failed");
    });
    failpoint("message.acked");
  }

  get #idle() {
    return this.#ports.idle ?? idlePauses;
  }

  #idlePauseMs(): number {
    return backoffMs({ tries: Number.POSITIVE_INFINITY, ...this.#idle }, this.#emptyRounds, () => 1);
  }

  /** Waits until the loop is woken or pulling stops. */
  async #waitForWork(ms: number, pulling: AbortSignal): Promise<void> {
    const signal = AbortSignal.any([pulling, this.#woken.signal]);
    await pause(Math.min(ms, longestIdleMs), signal).catch(() => {});
  }
}
