/**
 * Whether an attempt at a job held it when its worker called. A call of an attempt that has lost the job
 * changes nothing, and so does a repeated call.
 */
import { ApiError } from "../errors/api-error.ts";
import { type AttemptRef, type AttemptState, problemOf } from "../store/attempt.ts";

/** The job's dream, if its channel has listeners. */
export const watchedDreams = ({ dream_id, watched_until }: AttemptState, nowMs: number): string[] =>
  dream_id !== null && watched_until > nowMs ? [dream_id] : [];

/**
 * Refuses the call of an attempt that did not hold the job before its write, which then changed nothing.
 *
 * @throws ApiError `job.fenced`, `job.finished`, `job.cancelled`, `job.not_found` or `signature.replayed`
 */
export function requireHeld(before: AttemptState, ref: AttemptRef): void {
  const problem = problemOf(before, ref);
  if (problem !== null) throw new ApiError(problem);
}

/**
 * Whether the attempt had ended with this status of its job before, so that its call is a repetition.
 *
 * @throws ApiError if it had not and does not hold the job
 */
export function wasEnded(
  before: AttemptState,
  ref: AttemptRef,
  status: "completed" | "failed" | "waiting",
): boolean {
  const { fresh, status: now, attempt, kind } = before;
  if (fresh === 1 && now === status && attempt === ref.attempt && kind === ref.kind) return true;
  requireHeld(before, ref);
  return false;
}
