/**
 * What the messages from a worker to the edge have in common. Every request is signed (signature.ts). Every
 * write carries (job_id, attempt) and may be repeated: the edge applies it once.
 */
import { z } from "zod";

/** Counts the attempts of a job. */
export const AttemptNumber = z.int().min(1);
/** US dollars. */
export const CostUsd = z.number().min(0);

/**
 * A request about the job in its address. The signature covers the body alone, so the body names the job as
 * well.
 */
export const aboutJob = <S extends z.ZodRawShape>(request: z.ZodObject<S>) =>
  request.extend({ job_id: z.string() });
