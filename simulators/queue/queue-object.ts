import { DurableObject } from "cloudflare:workers";
import { catalogueOf, describeQueue, findQueue, type QueueSettings } from "./catalogue.ts";
import { apiFaults, CloudflareError, fail, succeed } from "./envelope.ts";
import { type FaultPlan, PlannedFaults } from "./faults.ts";
import { MessageQueue } from "./message-queue.ts";
import type { NewMessage } from "./messages.ts";
import * as requests from "./requests.ts";

/** The wait before dead messages are sent again to a dead letter queue that failed. */
const deadRetryMs = 1_000;

export interface QueueObjectEnv {
  QUEUES: DurableObjectNamespace<QueueObject>;
  VIDEO_DEAD: Queue;
  /** Replaces the queues of the local cloud; for tests. */
  CATALOGUE?: QueueSettings[];
}

/** The Durable Object of one queue, named by its id: serves the API's calls and hands dead messages over. */
export class QueueObject extends DurableObject<QueueObjectEnv> {
  readonly #catalogue: readonly QueueSettings[];
  readonly #settings: QueueSettings;
  readonly #queue: MessageQueue;
  readonly #faults = new PlannedFaults();

  constructor(ctx: DurableObjectState, env: QueueObjectEnv) {
    super(ctx, env);
    this.#catalogue = catalogueOf(env.CATALOGUE);
    this.#settings = findQueue(this.#catalogue, ctx.id.name);
    this.#queue = new MessageQueue({
      sql: ctx.storage.sql,
      settings: this.#settings,
      now: Date.now,
      faults: this.#faults,
    });
  }

  override async fetch(request: Request): Promise<Response> {
    try {
      await this.#faults.injectBefore();
      return await this.#answer(request);
    } catch (error) {
      return fail(error);
    } finally {
      await this.#handOverDead().catch(console.error);
    }
  }

  override async alarm(): Promise<void> {
    await this.#handOverDead();
  }

  /** Stores messages that wrangler's broker or another queue delivers. A repeated id is stored once. */
  async receive(messages: NewMessage[]): Promise<void> {
    this.#queue.push(messages);
  }

  async useFaults(plan: FaultPlan) {
    this.#faults.use(plan);
    return this.#faults.report();
  }

  async reportFaults() {
    return this.#faults.report();
  }

  async #answer(request: Request): Promise<Response> {
    const action = `${request.method} ${new URL(request.url).pathname.split("/").slice(7).join("/")}`;
    const queue = this.#queue;
    switch (action) {
      case "GET metrics":
        return succeed(queue.metrics());
      case "GET purge":
        return succeed(await this.#purgeStatus());
    }
    const body = await requests.readBody(request);
    switch (action) {
      case "POST messages":
        return succeed({ metadata: { metrics: queue.push([requests.readPush(body, Date.now())]) } });
      case "POST messages/batch":
        return succeed({ metadata: { metrics: queue.push(requests.readBatch(body, Date.now())) } });
      case "POST messages/pull": {
        const { batchSize, visibilityTimeoutMs } = requests.readPull(body);
        return succeed(queue.pull(batchSize, visibilityTimeoutMs));
      }
      case "POST messages/ack": {
        const result = queue.ack(requests.readAck(body));
        this.#faults.injectAfterAck();
        return succeed(result);
      }
      case "POST messages/peek":
        return succeed(queue.peek(requests.readBatchSize(body)));
      case "POST messages/purge":
        return succeed(queue.purgeRefs(requests.readRefs(body)));
      case "POST purge":
        requests.readPurgeAll(body);
        queue.purgeAll();
        await this.ctx.storage.put("purged_at", new Date().toISOString());
        return succeed(describeQueue(this.#settings));
      default:
        throw new CloudflareError(apiFaults.noRoute);
    }
  }

  async #purgeStatus() {
    const startedAt = await this.ctx.storage.get<string>("purged_at");
    return startedAt === undefined ? {} : { completed: "true", started_at: startedAt };
  }

  /**
   * Hands dead messages over and sets the alarm for the next ones. An interruption at any point loses none.
   */
  async #handOverDead(): Promise<void> {
    const { deadLetterQueue } = this.#settings;
    if (deadLetterQueue === undefined) return;
    const destination = findQueue(this.#catalogue, deadLetterQueue);
    let handedOver = 0;
    for (let dead = this.#queue.takeDead(); dead.length > 0; dead = this.#queue.takeDead()) {
      await this.ctx.storage.setAlarm(Date.now() + deadRetryMs);
      if (destination.worker) await sendToBroker(this.env[destination.worker], dead);
      else await this.env.QUEUES.getByName(destination.id).receive(dead);
      this.#queue.forgetDead(dead.map((message) => message.id));
      handedOver += dead.length;
    }
    const nextMs = this.#queue.nextExhaustionMs();
    if (nextMs !== undefined) await this.ctx.storage.setAlarm(nextMs);
    else if (handedOver > 0) await this.ctx.storage.deleteAlarm();
  }
}

/** Sends messages to wrangler's broker, whose consumer is a Worker of another process. */
async function sendToBroker(queue: Queue, messages: readonly NewMessage[]): Promise<void> {
  await queue.sendBatch(
    messages.map((message) => ({ body: requests.decodeBody(message), contentType: message.content_type })),
  );
}
