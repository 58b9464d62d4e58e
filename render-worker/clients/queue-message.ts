import { z } from "zod";
import { QueueMessage } from "../../contract/queue.ts";

/** A message with its lease. Where it names no job, `problem` says why: it would be the same at any later time. */
export type Pulled = {
  id: string;
  leaseId: string;
  /** Deliveries of this message so far, this one included. */
  attempts: number;
  sentAtMs: number;
} & ({ jobId: string; problem: null } | { jobId: null; problem: MessageProblem });

/** `newer_version`: a worker that is deployed later may understand it. */
export type MessageProblem = "not_json" | "newer_version" | "wrong_shape";

const Delivery = z.object({
  id: z.string(),
  lease_id: z.string(),
  attempts: z.number(),
  timestamp_ms: z.number(),
  body: z.string(),
  metadata: z.record(z.string(), z.unknown()).catch({}),
});

/**
 * Reads one entry of a pull. Never throws: one bad message must not cost the others of its batch. One that could not
 * even be acked is left out; its lease will lapse.
 */
export function readPulled(raw: unknown): Pulled[] {
  const { data: delivery } = Delivery.safeParse(raw);
  if (delivery === undefined) return [];
  return [
    {
      id: delivery.id,
      leaseId: delivery.lease_id,
      attempts: delivery.attempts,
      sentAtMs: delivery.timestamp_ms,
      ...readJob(delivery.body, delivery.metadata["CF-Content-Type"]),
    },
  ];
}

/** Cloudflare's page says base64 for JSON and shows it plain; no base64 starts like one of our messages. */
function readJob(body: string, contentType: unknown) {
  const isPlain = contentType === "text" || body.trimStart().startsWith("{");
  let content: unknown;
  try {
    content = JSON.parse(isPlain ? body : Buffer.from(body, "base64").toString());
  } catch {
    return { jobId: null, problem: "not_json" } as const;
  }
  const { data: message } = QueueMessage.safeParse(content);
  if (message !== undefined) return { jobId: message.job_id, problem: null } as const;
  const isNewer = z.object({ v: z.int().gt(1) }).safeParse(content).success;
  return { jobId: null, problem: isNewer ? "newer_version" : "wrong_shape" } as const;
}
