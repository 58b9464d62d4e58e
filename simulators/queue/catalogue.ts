import { apiFaults, CloudflareError } from "./envelope.ts";
import { maxRetries, retentionSeconds } from "./limits.ts";

/**
 * One queue with its pull consumer, as `wrangler queues create` and `queues consumer http add` would set it
 * up.
 */
export interface QueueSettings {
  /** 32 hex digits, as Cloudflare's. */
  id: string;
  name: string;
  /** Set when a Worker consumes the queue: messages go through this binding, and nothing can be pulled. */
  worker?: "VIDEO_DEAD";
  /** Redeliveries after the first delivery. */
  maxRetries?: number;
  /** Name of another queue of the catalogue. Without it an exhausted message is deleted. */
  deadLetterQueue?: string;
}

/** The id of the local account, for CLOUDFLARE_ACCOUNT_ID. */
export const localAccountId = "10ca1000000000000000000000000acc";

/**
 * The queues of the local cloud. D1 bounds the attempts of a job, and the queue must not give up before D1
 * does. So it retries as often as Cloudflare allows.
 */
export const localQueues = {
  standard: {
    id: "10ca1000000000000000000000000501",
    name: "video-standard",
    maxRetries: maxRetries.max,
    deadLetterQueue: "video-dead",
  },
  premium: {
    id: "10ca1000000000000000000000000502",
    name: "video-premium",
    maxRetries: maxRetries.max,
    deadLetterQueue: "video-dead",
  },
  dead: { id: "10ca100000000000000000000000dead", name: "video-dead", worker: "VIDEO_DEAD" },
} as const satisfies Record<string, QueueSettings>;

/** `others`, which a test passes, or else the queues of the local cloud. */
export function catalogueOf(others: readonly QueueSettings[] | undefined): readonly QueueSettings[] {
  return others ?? Object.values(localQueues);
}

/**
 * Finds a queue by its id or its name.
 * @throws CloudflareError queueNotFound
 */
export function findQueue(catalogue: readonly QueueSettings[], idOrName: string | undefined): QueueSettings {
  const queue = catalogue.find(({ id, name }) => id === idOrName || name === idOrName);
  if (queue === undefined) throw new CloudflareError(apiFaults.queueNotFound);
  return queue;
}

/** A queue as the API describes it: the result of GET /queues/{id} and each row of GET /queues. */
export function describeQueue(queue: QueueSettings) {
  return {
    queue_id: queue.id,
    queue_name: queue.name,
    created_on: "2026-01-01T00:00:00.000000Z",
    modified_on: "2026-01-01T00:00:00.000000Z",
    producers_total_count: 0,
    producers: [],
    consumers_total_count: 1,
    consumers: [
      {
        type: queue.worker ? "worker" : "http_pull",
        queue_name: queue.name,
        dead_letter_queue: queue.deadLetterQueue ?? "",
        settings: { max_retries: queue.maxRetries ?? maxRetries.default },
      },
    ],
    settings: { delivery_delay: 0, delivery_paused: false, message_retention_period: retentionSeconds },
  };
}
