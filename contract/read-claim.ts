/** How a worker reads the answer to its claim: the edge may be newer than the worker. */
import { z } from "zod";
import { ClaimedJob, NotYours, TakesJob, TranscriptionJob } from "./claim.ts";
import { FilmOptions } from "./film.ts";
import { AttemptNumber } from "./worker-message.ts";

/**
 * An answer that a worker cannot read. If it names a job and an attempt, the edge has given the job, and the
 * worker has to hand it back.
 */
const UnreadableClaim = z
  .object({ job_id: z.string().nullable().catch(null), attempt: AttemptNumber.nullable().catch(null) })
  .transform((answer) => ({ outcome: "unreadable" as const, ...answer }));

/**
 * The job's options, as read by a worker that may be older than the edge. It drops an option that it does
 * not know, and reads a value that it does not know as the option's default.
 */
const ReadOptions = z.object(
  Object.fromEntries(
    Object.entries(FilmOptions.shape).map(([name, option]) => [
      name,
      (option as z.ZodType).catch(option.parse(undefined)),
    ]),
  ) as unknown as typeof FilmOptions.shape,
);

/** Adds which of the job's options have a value that this worker does not know. */
function nameReplacedOptions(answer: unknown): unknown {
  if (typeof answer !== "object" || answer === null || !("options" in answer)) return answer;
  const options = answer.options as Record<string, unknown> | null;
  const isUnknown = ([name, option]: [string, z.ZodType]) =>
    options?.[name] !== undefined && !option.safeParse(options[name]).success;
  const replaced_options = Object.entries(FilmOptions.shape)
    .filter(isUnknown)
    .map(([name]) => name);
  return { ...answer, replaced_options };
}

/**
 * A claim's answer, as read by a worker that may be older than the edge. `replaced_options`: options whose
 * value the worker does not know and reads as the default.
 */
export const ReadClaimAnswer = z.preprocess(
  nameReplacedOptions,
  z.union([
    ClaimedJob.extend({ options: ReadOptions, replaced_options: z.array(z.string()).optional() }),
    TranscriptionJob,
    TakesJob.extend({ options: ReadOptions }),
    NotYours,
    UnreadableClaim,
  ]),
);
export type ReadClaimAnswer = z.infer<typeof ReadClaimAnswer>;
