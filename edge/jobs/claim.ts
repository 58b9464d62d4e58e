import type { ClaimAnswer } from "../../contract/internal.ts";
import { leaseSeconds } from "../../contract/limits.ts";
import { recordingKey } from "../../contract/storage.ts";
import { ApiError } from "../errors/api-error.ts";
import { type Claim, claimJob, type JobInput, type TranscriptionInput } from "../store/claim.ts";
import { hashKey } from "../store/keys.ts";
import type { Nonce } from "../store/nonces.ts";
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
  await afterTransition(context, { dreamIds: [job.dream_id], isLeased: true });
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
  const input: JobInput = JSON.parse(job.input);
  const { title, transcript, options, storyboard, recordings = [], pronunciations = {} } = input;
  return {
    outcome: options.voice === "own" ? "claimed_own_voice" : "claimed",
    ...given,
    dream: { title, transcript },
    options,
    storyboard: storyboard ?? null,
    recordings: recordings.map(({ job_id, attempt, ...recording }) => ({
      key: recordingKey(job.dream_id, job_id, attempt),
      ...recording,
    })),
    pronunciations,
    takes_last_report: true,
  };
}

/**
 * The scope of bought assets: an owner's dreams share them, other owners do not. The worker does not learn
 * who the owner is.
 */
const scopeOf = async (ownerId: string) => (await hashKey(`asset-scope:${ownerId}`)).slice(0, 32);
