/** A film that waits until its owner approves its storyboard, which the owner may change before. */
import type { EditStoryboard, KeptStoryboard } from "../../contract/approval.ts";
import type { VideoQueued } from "../../contract/job.ts";
import { limits } from "../../contract/limits.ts";
import type { Prices } from "../../contract/prices.ts";
import type { ProblemCode } from "../../contract/problem.ts";
import { storyboardBytes } from "../../contract/storyboard.ts";
import { ApiError, invalidKey } from "../errors/api-error.ts";
import { findRefused } from "../present/find-refused.ts";
import { isNarratedByRecordings, priceWaitingFilm } from "../present/price-waiting-film.ts";
import {
  type AfterApproval,
  approveJob,
  type BeforeApproval,
  isSameEdit,
  readWaiting,
  replaceStoryboard,
  type WaitingFilm,
  type WaitingJob,
} from "../store/approval.ts";
import type { IdempotencyClaim, KeptAnswer } from "../store/idempotency.ts";
import type { Session } from "../store/open.ts";
import { limitProblem, type OwnerLimits } from "../store/owner-limits.ts";
import type { JobInput } from "../store/request-film.ts";
import { afterTransition, type JobContext } from "./after-transition.ts";
import { editStoryboard, findUnrecorded } from "./edit-storyboard.ts";
import { describeQueued } from "./finish.ts";

/** The caller's dream, by the id that the client chose. */
interface Named {
  keyHash: string;
  clientId: string;
}

/**
 * The film of the dream that waits for its owner.
 *
 * @throws ApiError `auth.invalid`, `dream.not_found`, `job.not_waiting`
 */
export async function findWaiting(session: Session, { keyHash, clientId }: Named): Promise<WaitingFilm> {
  const job = requireJob(await readWaiting(session, keyHash, clientId));
  return requireWaiting(job);
}

function requireJob(before: BeforeApproval | undefined): WaitingJob {
  if (before === undefined) throw invalidKey();
  if (before.dream === null) throw new ApiError("dream.not_found");
  if (before.job === null) throw new ApiError("job.not_waiting");
  return before.job;
}

function requireWaiting(job: WaitingJob): WaitingFilm {
  const input: JobInput = JSON.parse(job.input);
  if (job.status !== "waiting" || input.storyboard === undefined) throw new ApiError("job.not_waiting");
  return { job, input: { ...input, storyboard: input.storyboard } };
}

/**
 * Replaces title and scenes of the storyboard of this revision; null: of the newest one. A repeated request
 * whose change is stored succeeds.
 *
 * @throws ApiError as `findWaiting`; `storyboard.changed` if the storyboard has another revision;
 *   `request.invalid` if all scenes together are too long; `storyboard.own_voice` if the dreamer's recordings
 *   narrate the film and do not say these words; `storyboard.not_allowed` if it has words that were refused
 */
export async function replaceScenes(
  context: JobContext,
  named: Named,
  revision: number | null,
  edit: EditStoryboard,
  prices: Prices,
): Promise<WaitingFilm> {
  const { session, now } = context;
  const { job, input } = await findWaiting(session, named);
  if (isNarratedByRecordings(input, prices)) requireRecorded(input.storyboard, edit);
  const storyboard = editStoryboard(input.storyboard, edit, input);
  requireAllowed({ storyboard, ...(input.refused && { refused: input.refused }) });
  requireStorable(storyboard);
  const seen = { ...named, jobId: job.id, revision: revision ?? job.revision };
  const after = await replaceStoryboard(session, seen, storyboard, now());
  if (after.job === null || after.job.id !== job.id) throw new ApiError("job.not_waiting");
  const film = requireWaiting(after.job);
  const isRepeated = film.job.revision === seen.revision + 1 && isSameEdit(film.input.storyboard, storyboard);
  if (!after.isReplaced && !isRepeated) throw changed("storyboard.changed", film.job);
  await afterTransition(context, { dreamIds: after.isWatched ? [film.job.dream_id] : [] });
  return film;
}

/** @throws ApiError `storyboard.not_allowed`, which names where the refused words are */
function requireAllowed(input: Parameters<typeof findRefused>[0]): void {
  const refused = findRefused(input);
  if (refused === null) return;
  const isOfCast = refused.pointer.startsWith("/cast/");
  const detail = isOfCast
    ? "AI providers refuse this description. Take the member out of `cast` of every scene, and approve again."
    : "AI providers refuse a sentence of this text. Change it, and approve again.";
  throw new ApiError("storyboard.not_allowed", { errors: [{ pointer: refused.pointer, detail }] });
}

/** @throws ApiError `storyboard.own_voice`, which names the first scene whose words no recording says */
function requireRecorded(before: KeptStoryboard, edit: EditStoryboard): void {
  const index = findUnrecorded(before, edit);
  if (index === null) return;
  const detail = "The recordings say other words here. Scenes may be removed, and merged with the next one.";
  throw new ApiError("storyboard.own_voice", {
    errors: [{ pointer: `/scenes/${index}/narration`, detail }],
  });
}

/** @throws ApiError `request.invalid` */
function requireStorable(storyboard: KeptStoryboard): void {
  const sizeBytes = storyboardBytes(storyboard);
  if (sizeBytes <= limits.storyboardBytes) return;
  const detail = `All scenes together may have ${limits.storyboardBytes} bytes; these have ${sizeBytes}.`;
  throw new ApiError("request.invalid", { errors: [{ pointer: "/scenes", detail }] });
}

const changed = (code: ProblemCode, { revision }: { revision: number }) =>
  new ApiError(code, { detail: `The storyboard has the revision ${revision}.` });

export interface Approval extends Named {
  revision: number;
  prices: Prices;
  ownerLimits: OwnerLimits;
  idempotency: IdempotencyClaim | null;
  origin: string;
}

/**
 * Queues the film with its storyboard of this revision, once, however many requests arrive. The same
 * Idempotency-Key gets the same answer while the dream exists, and so does a second approval of the revision.
 *
 * @throws ApiError `auth.invalid`, `dream.not_found`, `job.not_waiting`; `storyboard.stale` if the storyboard
 *   has another revision; `idempotency.key_reused`; `job.too_many` if the owner has as many films being made
 *   as are allowed; `storyboard.not_allowed` if it has words that AI providers have refused
 */
export async function approve(
  context: JobContext,
  command: Approval,
): Promise<{ answer: VideoQueued; isReplayed: boolean }> {
  const { keyHash, clientId, revision, idempotency, origin } = command;
  const { session, now } = context;
  const job = requireJob(await readWaiting(session, keyHash, clientId));
  const input: JobInput = JSON.parse(job.input);
  const answer = describeQueued({ clientId, jobId: job.id, options: input.options, origin });
  const { storyboard } = input;
  if (storyboard === undefined) throw new ApiError("job.not_waiting");
  requireAllowed({ storyboard, ...(input.refused && { refused: input.refused }) });
  const { atMostMicroUsd } = priceWaitingFilm({ job, input: { ...input, storyboard } }, command.prices);
  const after = await approveJob(
    session,
    {
      ...{ keyHash, clientId, jobId: job.id, idempotency, answer: JSON.stringify(answer) },
      // The ceiling is that of the storyboard which was read: no other one may be approved with it.
      revision: job.revision === revision ? revision : null,
      atMostMicroUsd,
      ownerLimits: command.ownerLimits,
    },
    now(),
  );
  if (after.kept !== null && !isOf(after.kept, idempotency)) throw new ApiError("idempotency.key_reused");
  if (after.queued === null) {
    if (after.kept !== null) return { answer: JSON.parse(after.kept.answer), isReplayed: true };
    requireApproved(after, revision, command.ownerLimits);
    return { answer, isReplayed: true };
  }
  const { dreamId, priority } = after.queued;
  const message = { jobId: job.id, priority, delaySeconds: 0, isHeld: after.job?.held === 1 };
  await afterTransition(context, { dreamIds: after.job?.watched === 1 ? [dreamId] : [], message });
  return { answer, isReplayed: false };
}

const isOf = (kept: KeptAnswer, claim: IdempotencyClaim | null) => kept.fingerprint === claim?.fingerprint;

/** @throws ApiError unless another request has approved this revision */
function requireApproved({ job, limit }: AfterApproval, revision: number, ownerLimits: OwnerLimits): void {
  if (job === null) throw new ApiError("job.not_waiting");
  if (job.status !== "waiting" && job.approved_at === null) throw new ApiError("job.not_waiting");
  if (job.status === "waiting" && job.revision === revision && limit !== null)
    throw limitProblem(limit, ownerLimits);
  if (job.status === "waiting" || job.revision !== revision) throw changed("storyboard.stale", job);
}
