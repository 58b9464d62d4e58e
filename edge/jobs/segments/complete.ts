import type { TranscriptionComplete, VideoCompleteAnswer } from "../../../contract/completion.ts";
import { quarantineKey } from "../../../contract/storage.ts";
import { hasVisibleText } from "../../../contract/visible-text.ts";
import type { AttemptRef, AttemptState } from "../../store/attempt.ts";
import { endAttempt } from "../../store/end-attempt.ts";
import { completeTranscription as store } from "../../store/segments/complete-transcription.ts";
import { afterTransition, type JobContext } from "../after-transition.ts";
import { wasEnded } from "../attempt.ts";
import { holdIfRefused } from "../hold.ts";
import { releaseDream } from "./release.ts";

/**
 * Ends a segment's job as its worker says, or holds it if the provider refuses every call. A repeated call of
 * the attempt that ended it changes nothing.
 *
 * @throws ApiError if the attempt does not hold the job
 */
export async function completeTranscription(
  context: JobContext,
  ref: AttemptRef & { kind: "transcription" },
  end: TranscriptionComplete,
): Promise<VideoCompleteAnswer> {
  if (await holdIfRefused(context, ref, end)) return { status: "ok", applied: true, held: true };
  const { before, uploadId } = await storeEnd(context, ref, end);
  const isRepeated = wasEnded(before, ref, end.status);
  const { dream_id: dreamId } = before;
  if (dreamId !== null) {
    await afterTransition(context, { dreamIds: [dreamId] });
    await releaseDream(context, dreamId);
    if (uploadId !== null)
      context.defer(context.env.MEDIA.delete(quarantineKey(dreamId, uploadId)).catch(() => {}));
  }
  return { status: "ok", applied: !isRepeated };
}

async function storeEnd(
  { session, now }: JobContext,
  ref: AttemptRef,
  end: TranscriptionComplete,
): Promise<{ before: AttemptState; uploadId: string | null }> {
  if (end.status === "completed") {
    const transcript = end.transcript ?? "";
    return store(
      session,
      ref,
      {
        transcript,
        chars: hasVisibleText(transcript) ? [...transcript].length : 0,
        language: end.language,
        seconds: end.duration_seconds,
        costUsd: end.cost_usd,
      },
      now(),
    );
  }
  const failure = {
    status: "failed" as const,
    code: end.error_code ?? "segment.failed",
    message: end.error ?? "",
    isRetryable: end.retryable,
    costUsd: end.cost_usd,
  };
  const { before } = await endAttempt(session, ref, failure, null, now());
  return { before, uploadId: null };
}
