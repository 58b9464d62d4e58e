import { z } from "zod";
import { QueueMessage } from "../../contract/queue.ts";

/**
 * A message with its lease. If it names no job, `problem` says why; a later delivery would have the same
 * problem.
 */
export type Pulled = {
  id: string;
  leaseId: string;
  /** Deliveries of this message, including this one. */
  attempts: number;
  sentAtMs: number;
} & ({ jobId: string; problem: null } | { jobId: null; problem: MessageProblem });

/** `newer_version`: a newer worker may understand the message. */
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
 * Reads one entry of a pull. Never throws, because one bad message must not cost the others of its batch. An
 * entry without a lease id cannot be acked and is left out; its lease ends by itself.
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

/**
 * Cloudflare's documentation promises base64 for JSON and its example shows plain text. No base64 text starts
 * with `{`.
 */
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
