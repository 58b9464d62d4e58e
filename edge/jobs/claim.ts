/** The claim of a job by a worker. */
import type { ClaimAnswer, ClaimedJob } from "../../contract/claim.ts";
import { leaseSeconds } from "../../contract/limits.ts";
import { photoKey, recordingKey } from "../../contract/storage.ts";
import { ApiError } from "../errors/api-error.ts";
import type { StoredPhoto } from "../store/cast-photos.ts";
import { type Claim, claimJob } from "../store/claim-job.ts";
import { hashKey } from "../store/keys.ts";
import type { Nonce } from "../store/nonces.ts";
import type { JobInput } from "../store/request-film.ts";
import type { TranscriptionInput } from "../store/segments/post-segment.ts";
import type { TakesInput } from "../store/takes.ts";
import { afterTransition, type JobContext } from "./after-transition.ts";

/**
 * Gives a job to the worker, or the reason why the worker gets none. The same claim gets the same answer.
 * @throws ApiError `signature.replayed`
 */
export async function claim(context: JobContext, request: Claim, nonce: Nonce): Promise<ClaimAnswer> {
  const job = await claimJob(context.session, request, nonce, context.now());
  if (job === "replayed") throw new ApiError("signature.replayed");
  if (job === null) return { outcome: "not_yours", reason: "unknown" };
  if (job.status !== "processing" && job.status !== "queued") {
    return { outcome: "not_yours", reason: "finished" };
  }
  if (job.claim_id !== request.claimId)
    return { outcome: "not_yours", reason: job.status === "queued" && job.held ? "held" : "leased" };
  await afterTransition(context, { dreamIds: job.watched ? [job.dream_id] : [], isLeased: true });
  const given = {
    job_id: job.id,
    dream_id: job.dream_id,
    attempt: job.attempt,
    lease_ms: leaseSeconds * 1000,
    asset_scope: await scopeOf(job.owner_id),
    traceparent: job.traceparent,
    tries_providers: true,
  };
  if (job.kind === "transcription") {
    const { key, size_bytes, keywords, languages }: TranscriptionInput = JSON.parse(job.input);
    return { outcome: "transcribe", ...given, key, size_bytes, keywords, languages };
  }
  if (job.kind === "takes") {
    const {
      options,
      language,
      asset,
      scene,
      takes,
      cast = [],
      photos = [],
      pronunciations,
    }: TakesInput = JSON.parse(job.input);
    const told = { options, language, asset, scene, takes, cast, pronunciations };
    return { outcome: "takes", ...given, ...told, photos: photos.map(withKey) };
  }
  const input: JobInput = JSON.parse(job.input);
  const {
    title,
    transcript,
    options,
    storyboard,
    recordings = [],
    pronunciations = {},
    known_cast = [],
    photos = [],
    chosen,
  } = input;
  return {
    outcome: outcomeOf(input),
    ...given,
    dream: { title, transcript },
    options,
    storyboard: storyboard ?? null,
    recordings: recordings.map(({ job_id, attempt, ...recording }) => ({
      key: recordingKey(job.dream_id, job_id, attempt),
      ...recording,
    })),
    pronunciations,
    known_cast,
    photos: photos.map(withKey),
    renews_photos: renewsPhotos(input),
    ...(chosen && { chosen }),
    takes_last_report: true,
    takes_refusal: input.redo_of === undefined,
  };
}

/** A worker that does not know the outcome hands the job back. */
function outcomeOf({ options, is_approved, redo_of }: JobInput): ClaimedJob["outcome"] {
  // Options of jobs that an older edge made lack the field.
  const asks = (options.pause_after ?? null) !== null && !is_approved && redo_of === undefined;
  return asks ? "claimed_asking" : options.voice === "own" ? "claimed_own_voice" : "claimed";
}

/** A photo with the key of its file. */
const withKey = ({ id, ...photo }: StoredPhoto) => ({ ...photo, key: photoKey(id) });

/** A film that was approved before anything was bought for its storyboard. */
const renewsPhotos = ({ options, is_approved, redo_of }: JobInput) =>
  is_approved === true && redo_of === undefined && options.pause_after === "storyboard";

/**
 * The scope of bought assets: an owner's dreams share them, other owners do not. The worker does not learn
 * who the owner is.
 */
const scopeOf = async (ownerId: string) => (await hashKey(`asset-scope:${ownerId}`)).slice(0, 32);
