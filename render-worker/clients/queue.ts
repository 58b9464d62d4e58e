/**
 * A queue over Cloudflare's HTTP pull API, with the official client. A lease is no fence and cannot be
 * extended: a message only says that a job may be ready, and the claim at the edge decides.
 */
import Cloudflare from "cloudflare";
import { z } from "zod";
import { leaseSeconds } from "../../contract/limits.ts";
import { Rejected, Transient } from "../errors.ts";
import { type Pulled, readPulled } from "./queue-message.ts";
import { retryAfterMs } from "./retry-after.ts";
import { boundFetch, uncompressed } from "./transfer/bounded-fetch.ts";
import { apiLimits } from "./transfer/limits.ts";

export interface QueuePort {
  /**
   * Leases up to `max` messages. Returns at once, with none if the queue is empty. @throws Transient,
   * Rejected
   */
  pull(max: number, signal?: AbortSignal): Promise<Pulled[]>;
  /**
   * Ends leases: acked messages are deleted, and `retries` come back after their delay (12 h at most). A late
   * ack counts, and a second ack does no harm. Resolves to warnings by lease id, which need no action.
   * @throws Transient, Rejected
   */
  ack(leaseIds: string[], retries?: Retry[]): Promise<Record<string, string>>;
  /**
   * Messages not acked yet: waiting, delayed and leased. At most 1,200 such calls in 5 minutes. @throws
   * Transient, Rejected
   */
  depth(): Promise<number>;
}

export interface Retry {
  leaseId: string;
  delaySeconds: number;
}

export interface QueueConnection {
  accountId: string;
  apiToken: string;
  baseUrl: string;
}

export interface QueueTimes {
  /** For a whole call, including the answer's body. */
  callTimeoutMs: number;
  /**
   * As long as a job's lease. A job whose worker dies before the claim waits for this time. After it the
   * message of a job that is still being made comes back: this process acks it at once (loop.ts), and the
   * edge refuses another one's claim while the first worker holds the job.
   */
  visibilityTimeoutMs: number;
}

const usualTimes: QueueTimes = { callTimeoutMs: 10_000, visibilityTimeoutMs: leaseSeconds * 1000 };

/** @source developers.cloudflare.com/queues/platform/limits */
const maxBatchSize = 100;

/** The port of one queue. It never retries: the caller knows whether it still wants to. */
export function createQueue(
  connection: QueueConnection,
  queueId: string,
  times: QueueTimes = usualTimes,
): QueuePort {
  const { messages, getMetrics } = connect(connection);
  const account_id = connection.accountId;
  const call = async <T>(
    send: (options: { signal: AbortSignal }) => PromiseLike<T>,
    signal?: AbortSignal,
  ) => {
    // The client's own time limit ends with the headers; this one also covers the body.
    const limit = AbortSignal.timeout(times.callTimeoutMs);
    try {
      return await send({ signal: signal ? AbortSignal.any([signal, limit]) : limit });
    } catch (cause) {
      signal?.throwIfAborted();
      throw translate(cause);
    }
  };

  return {
    async pull(max, signal) {
      const request = {
        account_id,
        batch_size: Math.min(max, maxBatchSize),
        visibility_timeout_ms: times.visibilityTimeoutMs,
      };
      const answer = await call((options) => messages.pull(queueId, request, options), signal);
      return read(PullAnswer, answer).messages.flatMap(readPulled);
    },
    async ack(leaseIds, retries = []) {
      if (leaseIds.length + retries.length === 0) return {};
      const request = {
        account_id,
        acks: leaseIds.map((lease_id) => ({ lease_id })),
        retries: retries.map(({ leaseId, delaySeconds }) => ({
          lease_id: leaseId,
          delay_seconds: delaySeconds,
        })),
      };
      return read(AckAnswer, await call((options) => messages.ack(queueId, request, options))).warnings;
    },
    async depth() {
      return read(Metrics, await call((options) => getMetrics(queueId, { account_id }, options)))
        .backlog_count;
    },
  };
}

function connect({ apiToken, baseUrl }: QueueConnection) {
  const { queues } = new Cloudflare({
    apiToken,
    baseURL: baseUrl,
    maxRetries: 0,
    logLevel: "off",
    defaultHeaders: uncompressed,
    fetch: boundFetch(apiLimits),
  });
  return { messages: queues.messages, getMetrics: queues.getMetrics.bind(queues) };
}

/** Cloudflare's types make every field optional; the worker needs these. */
const PullAnswer = z.object({ messages: z.array(z.unknown()) });
const AckAnswer = z.object({ warnings: z.record(z.string(), z.string()).catch({}) });
const Metrics = z.object({ backlog_count: z.number() });

function read<S extends z.ZodType>(schema: S, answer: unknown): z.infer<S> {
  const { success, data, error } = schema.safeParse(answer);
  if (!success)
    throw new Transient("queue.answer_unreadable", "The queue's answer could not be read", { cause: error });
  return data;
}

function translate(cause: unknown): Error {
  if (!(cause instanceof Cloudflare.APIError) || cause.status === undefined)
    return new Transient("queue.unreachable", "The queue did not answer", { cause });
  const { status } = cause;
  if (status === 429)
    return new Transient("queue.rate_limited", "The queue limits the worker's rate", {
      cause,
      retryAfterMs: retryAfterMs(cause.headers),
    });
  if (status >= 500 || status === 408)
    return new Transient("queue.unavailable", "The queue has a fault", {
      cause,
      retryAfterMs: retryAfterMs(cause.headers),
    });
  if (status === 401 || status === 403)
    return new Rejected("queue.unauthorized", "The queue refused the worker's token", { cause });
  if (status === 404) return new Rejected("queue.not_found", "There is no such queue", { cause });
  return new Rejected("queue.bad_request", "The queue could not use the worker's request", { cause });
}
