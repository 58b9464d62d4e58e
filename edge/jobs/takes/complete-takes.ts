import type { TakesComplete, VideoCompleteAnswer } from "../../../contract/completion.ts";
import type { AttemptRef } from "../../store/attempt.ts";
import { endAttempt } from "../../store/end-attempt.ts";
import type { JobContext } from "../after-transition.ts";
import { wasEnded } from "../attempt.ts";
import { holdIfRefused, resumeQueue } from "../hold.ts";

/**
 * Ends a job that buys takes as its worker says, or holds it if the provider refuses every call. A repeated
 * call of the attempt that ended it changes nothing.
 *
 * @throws ApiError if the attempt does not hold the job
 */
export async function completeTakes(
  context: JobContext,
  ref: AttemptRef & { kind: "takes" },
  end: TakesComplete,
): Promise<VideoCompleteAnswer> {
  if (await holdIfRefused(context, ref, end)) return { status: "ok", applied: true, held: true };
  const { before, lifted } = await endAttempt(
    context.session,
    ref,
    end.status === "completed"
      ? { status: "taken", takes: end.takes, costUsd: end.cost_usd }
      : {
          status: "failed",
          code: end.error_code ?? "takes.failed",
          message: end.error ?? "",
          isRetryable: end.retryable,
          costUsd: end.cost_usd,
        },
    null,
    context.now(),
  );
  const isRepeated = wasEnded(before, ref, end.status);
  resumeQueue(context, lifted);
  return { status: "ok", applied: !isRepeated };
}
