import { DurableObject } from "cloudflare:workers";
import { catalogueOf, describeQueue, findQueue, type QueueSettings } from "./catalogue.ts";
import { ApiError, apiFaults, fail, succeed } from "./envelope.ts";
import { type FaultPlan, Faults } from "./faults.ts";
import { MessageQueue } from "./message-queue.ts";
import type { NewMessage } from "./messages.ts";
import * as requests from "./requests.ts";

/** How long to wait before dead messages are offered to a dead letter queue again that failed to take them. */
const deadRetryMs = 1_000;

export interface QueueObjectEnv {
  QUEUES: DurableObjectNamespace<QueueObject>;
  VIDEO_DEAD: Queue;
  /** Instead of the laptop's own queues. */
  CATALOGUE?: QueueSettings[];
}

/** One queue's home, named by its id: answers the API's calls about it and hands its dead to the dead letter queue. */
export class QueueObject extends DurableObject<QueueObjectEnv> {
  readonly #catalogue: readonly QueueSettings[];
  readonly #settings: QueueSettings;
  readonly #queue: MessageQueue;
  readonly #faults = new Faults();

  constructor(ctx: DurableObjectState, env: QueueObjectEnv) {
    super(ctx, env);
    this.#catalogue = catalogueOf(env.CATALOGUE);
    this.#settings = findQueue(this.#catalogue, ctx.id.name);
    this.#queue = new MessageQueue({
      sql: ctx.storage.sql,
      settings: this.#settings,
      now: Date.now,
      mischief: this.#faults,
    });
  }

  override async fetch(request: Request): Promise<Response> {
    try {
      await this.#faults.strikeBefore();
      return await this.#answer(request);
    } catch (error) {
      return fail(error);
    } finally {
      await this.#buryDead().catch(console.error);
    }
  }

  override async alarm(): Promise<void> {
    await this.#buryDead();
  }

  /** Stores messages that another part of the local cloud has delivered here; the same one twice is stored once. */
  async receive(messages: NewMessage[]): Promise<void> {
    this.#queue.push(messages);
  }

  async followFaults(plan: FaultPlan) {
    this.#faults.follow(plan);
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
        this.#faults.strikeAfterAck();
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
        throw new ApiError(apiFaults.noRoute);
    }
  }

  async #purgeStatus() {
    const startedAt = await this.ctx.storage.get<string>("purged_at");
    return startedAt === undefined ? {} : { completed: "true", started_at: startedAt };
  }

  /** Hands over what is dead and sets the alarm for what will be. Safe to be cut off anywhere: nothing is lost. */
  async #buryDead(): Promise<void> {
    const { deadLetterQueue } = this.#settings;
    if (deadLetterQueue === undefined) return;
    const destination = findQueue(this.#catalogue, deadLetterQueue);
    let buried = 0;
    for (let dead = this.#queue.takeDead(); dead.length > 0; dead = this.#queue.takeDead()) {
      await this.ctx.storage.setAlarm(Date.now() + deadRetryMs);
      if (destination.worker) await sendOn(this.env[destination.worker], dead);
      else await this.env.QUEUES.getByName(destination.id).receive(dead);
      this.#queue.forgetDead(dead.map((message) => message.id));
      buried += dead.length;
    }
    const nextMs = this.#queue.nextDeathMs();
    if (nextMs !== undefined) await this.ctx.storage.setAlarm(nextMs);
    else if (buried > 0) await this.ctx.storage.deleteAlarm();
  }
}

/** Hands messages to wrangler's broker, for a Worker of another process to consume. */
async function sendOn(queue: Queue, messages: readonly NewMessage[]): Promise<void> {
  await queue.sendBatch(
    messages.map((message) => ({ body: requests.decodeBody(message), contentType: message.content_type })),
  );
}
