import { ceilingOfFilm, fitToRecording, mayNarrate } from "../../contract/estimate-cost.ts";
import type { FilmOptions } from "../../contract/film.ts";
import type { VideoQueued } from "../../contract/job.ts";
import { limits } from "../../contract/limits.ts";
import type { Prices } from "../../contract/prices.ts";
import type { ProblemCode } from "../../contract/problem.ts";
import { ApiError, invalidKey } from "../errors/api-error.ts";
import type { IdempotencyClaim } from "../store/idempotency.ts";
import type { Session } from "../store/open.ts";
import { limitProblem, type OwnerLimits } from "../store/owner-limits.ts";
import { type AfterEnqueue, type Enqueue, requestFilm } from "../store/request-film.ts";
import { readRecordedSeconds } from "../store/segments/read-recorded-seconds.ts";
import type { Telling } from "../store/told-text.ts";
import { afterTransition, type JobContext } from "./after-transition.ts";
import { startFromEdited } from "./start-from-edited.ts";

export interface Finish {
  keyHash: string;
  /** The dream's id that the client chose. */
  clientId: string;
  jobId: string;
  options: FilmOptions;
  prices: Prices;
  traceparent: string;
  idempotency: IdempotencyClaim | null;
  origin: string;
  ownerLimits: OwnerLimits;
  /** The worker writes a storyboard, even if the owner has changed the earlier one. */
  isFresh: boolean;
}

export type Finished =
  | { outcome: "queued"; dreamId: string; answer: VideoQueued }
  | { outcome: "replayed"; answer: VideoQueued }
  | { outcome: "refused"; code: ProblemCode };

/**
 * Requests a film of the dream: one queued job, however many requests arrive at once. `isReplayed`: the
 * answer is that to an earlier request with the same Idempotency-Key.
 *
 * @throws ApiError that says why there is no new job
 */
export async function finishDream(
  context: JobContext,
  asked: Finish,
): Promise<{ answer: VideoQueued; isReplayed: boolean }> {
  const seconds = await readNarration(context.session, asked);
  const isNarrated = seconds !== null && seconds <= limits.narratingSeconds;
  if (asked.options.voice === "own" && !isNarrated) throw problemOf("voice.recording_too_long", asked);
  const options = isNarrated && seconds > 0 ? fitToRecording(asked.options, seconds) : asked.options;
  const command = { ...asked, options };
  const { after, answer } = await request(context, command, { isNarrated, isOwn: isNarrated && seconds > 0 });
  const finished = decide(after, command, answer);
  if (finished.outcome === "refused") throw problemOf(finished.code, command);
  if (finished.outcome === "replayed") return { answer: finished.answer, isReplayed: true };
  // A film that waits for its segments gets its message when they are transcribed.
  const isWaiting = (after.dream?.telling.pending ?? 0) > 0;
  const { isHeld, isWatched } = after;
  const message = { jobId: command.jobId, priority: command.options.priority, delaySeconds: 0, isHeld };
  const dreamIds = isWatched ? [finished.dreamId] : [];
  await afterTransition(context, { dreamIds, message: isWaiting ? null : message });
  return { answer, isReplayed: false };
}

/**
 * Requests the film of the storyboard that the owner has changed, if the dream's newest film has one of the
 * same words and options; else a film whose storyboard the worker writes.
 */
async function request(
  { session, now }: JobContext,
  command: Finish,
  { isNarrated, isOwn }: { isNarrated: boolean; isOwn: boolean },
): Promise<{ after: AfterEnqueue; answer: VideoQueued }> {
  const { options, prices } = command;
  const send = async (film: Enqueue["film"], startsFrom: string | null) => {
    const answer = describeQueued(command, startsFrom);
    return {
      answer,
      after: await requestFilm(session, { ...command, film, answer: JSON.stringify(answer) }, now()),
    };
  };
  const written = { ceiling: ceilingOfFilm(options, prices), mayNarrate: isNarrated };
  const first = await send({ ...written, dropsEdited: command.isFresh }, null);
  const { edited, kept, dream, made } = first.after;
  if (edited === null || kept !== null || made || dream === null || dream.activeJobId !== null) return first;
  const isSameText = edited.isSameText === 1 && dream.telling.pending === 0;
  const input = isSameText ? startFromEdited(edited, { options, isOwn, prices }) : null;
  if (input === null) return send({ ...written, dropsEdited: true }, null);
  return send({ input, newestJobId: edited.jobId, made: edited.made }, edited.jobId);
}

function problemOf(code: ProblemCode, { ownerLimits }: Finish): ApiError {
  if (code === "voice.recording_too_long")
    return new ApiError(code, { detail: `At most ${limits.narratingSeconds} seconds may narrate a film.` });
  if (code === "auth.invalid") return invalidKey();
  if (code === "auth.forbidden") return new ApiError(code, { detail: "`premium` needs a premium key." });
  return limitProblem(code, ownerLimits);
}

/** The seconds of the dream's recordings, if the film's voice may be the dreamer's own; else null. */
const readNarration = async (session: Session, { keyHash, clientId, options, prices }: Finish) =>
  mayNarrate(options, prices) ? await readRecordedSeconds(session, keyHash, clientId) : null;

/** The API's answer about a new job. `storyboardOf`: the job whose changed storyboard it starts from. */
export function describeQueued(
  { clientId, jobId, options, origin }: Pick<Finish, "clientId" | "jobId" | "options" | "origin">,
  storyboardOf: string | null = null,
): VideoQueued {
  const dream = `${origin}/dreams/${clientId}`;
  return {
    status: "video_queued",
    dream_id: clientId,
    job_id: jobId,
    priority: options.priority,
    status_url: `${dream}/video-status`,
    events_url: `${dream}/video-events`,
    dream_url: dream,
    storyboard_of: storyboardOf,
  };
}

/** Reads the outcome from the rows after the batch. If several reasons hold, the first one counts. */
export function decide(after: AfterEnqueue, command: Finish, answer: VideoQueued): Finished {
  const { caller, dream, kept } = after;
  const refused = (code: ProblemCode): Finished => ({ outcome: "refused", code });
  if (caller === null) return refused("auth.invalid");
  if (kept !== null && kept.fingerprint !== command.idempotency?.fingerprint) {
    return refused("idempotency.key_reused");
  }
  if (after.made && dream !== null) return { outcome: "queued", dreamId: dream.id, answer };
  if (kept !== null) return { outcome: "replayed", answer: JSON.parse(kept.answer) };
  if (dream === null) return refused("dream.not_found");
  const isMute = command.options.voice === "own" && dream.telling.recorded === 0;
  const untold = refuseTelling(dream.telling) ?? (isMute ? "voice.no_recording" : null);
  if (untold !== null && dream.activeJobId === null) return refused(untold);
  if (command.options.priority === "premium" && caller.tier !== "premium") return refused("auth.forbidden");
  return refused(dream.activeJobId === null ? (after.limit ?? "job.active") : "job.active");
}

/**
 * Why no film can be made of what was told so far; null if it can, now or when the segments are transcribed.
 */
function refuseTelling(telling: Telling): ProblemCode | null {
  if (telling.awaiting > 0) return "segment.not_uploaded";
  if (telling.gaps > 0) return "segment.order_gap";
  if (telling.failed > 0) return "segment.failed";
  if (telling.pending > 0) return null;
  if (telling.length > limits.transcriptChars) return "dream.transcript_too_long";
  return telling.visible === 0 ? "dream.transcript_missing" : null;
}
