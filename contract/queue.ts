import { z } from "zod";

/**
 * What a queue message says: only that a job may be ready. D1 knows the rest.
 * Sent with contentType "json"; a pull consumer gets it base64-encoded.
 */
export const QueueMessage = z.object({ v: z.literal(1), job_id: z.string().min(1).max(64) });
export type QueueMessage = z.infer<typeof QueueMessage>;
