/**
 * Pull, run, ack, for as long as the process lives. Never holds more messages than it has free slots: a pulled
 * message's lease cannot be extended, so one that waits here is one that another worker could have had.
 */
import type { QueuePort } from "./clients/queue.ts";
import { crash } from "./crash.ts";
import type { Disposal } from "./job.ts";
import type { Logger } from "./log.ts";
import { backoffMs, pause } from "./retry.ts";

export interface LoopPorts {
  /** Served in this order: a queue is asked only for the slots that those before it left free. */
  queues: QueuePort[];
  slots: number;
  runJob(jobId: string, signal: AbortSignal): Promise<Disposal>;
  log: Logger;
}

/** Short while work comes, long when idle: an empty pull is billed like a full one. */
const idlePolicy = { tries: Number.POSITIVE_INFINITY, baseDelayMs: 200, maxDelayMs: 5_000 };

export class Loop {
  readonly #ports: LoopPorts;
  readonly #running = new Map<string, Promise<void>>();
  #wake: () => void = () => {};
  #emptyPulls = 0;

  constructor(ports: LoopPorts) {
    this.#ports = ports;
  }

  get activeJobs(): number {
    return this.#running.size;
  }

  /** Somebody says there is work: look now. */
  wake(): void {
    this.#emptyPulls = 0;
    this.#wake();
  }

  /**
   * Runs until `pulling` aborts, then until the jobs in hand have ended. `working` aborts those jobs.
   */
  async run(pulling: AbortSignal, working: AbortSignal): Promise<void> {
    while (!pulling.aborted) {
      const found = await this.#pullOnce(working);
      if (found > 0) this.#emptyPulls = 0;
      else this.#emptyPulls++;
      if (this.activeJobs >= this.#ports.slots) await this.#untilSlotOrStop(pulling);
      else if (found === 0) await this.#idle(pulling);
    }
    await Promise.all(this.#running.values());
  }

  /** Asks each queue once for as many messages as there are free slots. Returns how many came. */
  async #pullOnce(working: AbortSignal): Promise<number> {
    let found = 0;
    for (const queue of this.#ports.queues) {
      const free = this.#ports.slots - this.activeJobs;
      if (free <= 0) break;
      try {
        const messages = await queue.pull(free);
        found += messages.length;
        for (const message of messages) this.#start(queue, message, working);
      } catch (error) {
        this.#ports.log.warn({ error }, "queue.pull_failed");
      }
    }
    return found;
  }

  #start(
    queue: QueuePort,
    message: Awaited<ReturnType<QueuePort["pull"]>>[number],
    working: AbortSignal,
  ): void {
    const work = this.#handle(queue, message, working).finally(() => {
      this.#running.delete(message.leaseId);
      this.#wake();
    });
    this.#running.set(message.leaseId, work);
  }

  async #handle(
    queue: QueuePort,
    message: Awaited<ReturnType<QueuePort["pull"]>>[number],
    working: AbortSignal,
  ) {
    crash.at("message.pulled");
    if (message.jobId === null) this.#ports.log.error({ message_id: message.id }, "queue.poison_message");
    const disposal = message.jobId === null ? "ack" : await this.#ports.runJob(message.jobId, working);
    if (disposal === "leave") return;
    crash.at("message.before_ack");
    // A lost ack brings the message back; the edge then says that the job is finished.
    await queue.ack([message.leaseId]).catch((error: unknown) => {
      this.#ports.log.warn({ error }, "queue.ack_failed");
    });
    crash.at("message.acked");
  }

  async #idle(pulling: AbortSignal): Promise<void> {
    const delayMs = backoffMs(idlePolicy, this.#emptyPulls, () => 0.5 + Math.random() / 2);
    const woken = new AbortController();
    this.#wake = () => woken.abort();
    await pause(delayMs, AbortSignal.any([pulling, woken.signal])).catch(() => {});
  }

  #untilSlotOrStop(pulling: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      pulling.addEventListener("abort", () => resolve(), { once: true });
    });
  }
}
