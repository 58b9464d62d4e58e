import { z } from "zod";

/**
 * A queue message says only that a job may be ready; D1 has the job. It is sent with contentType "json", and
 * a pull consumer gets it base64-encoded.
 */
export const QueueMessage = z.object({ v: z.literal(1), job_id: z.string().min(1).max(64) });
export type QueueMessage = z.infer<typeof QueueMessage>;
