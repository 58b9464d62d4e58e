/**
 * Makes a film again with one scene changed. The new job carries the changed storyboard, so the worker writes
 * none and finds all other scenes among the bought assets.
 */
import { ceilingOfStoryboard } from "../../contract/estimate-cost.ts";
import type { RedoQueued, RedoScene } from "../../contract/job.ts";
import type { Prices } from "../../contract/prices.ts";
import { ApiError } from "../errors/api-error.ts";
import { nextNumbers } from "../present/known-takes.ts";
import type { IdempotencyClaim, KeptAnswer } from "../store/idempotency.ts";
import { limitProblem, type OwnerLimits } from "../store/owner-limits.ts";
import { type BeforeRedo, readBeforeRedo } from "../store/redo.ts";
import { requestFilm } from "../store/request-film.ts";
import { afterTransition, type JobContext } from "./after-transition.ts";
import { type Changed, changeScene, requireStorableSize } from "./change-scene.ts";
import { type ChangeableFilm, findFilm, listAssets, outOfRange } from "./changeable-film.ts";
import { describeQueued } from "./finish.ts";

export interface Redo {
  keyHash: string;
  /** The dream's id that the client chose. */
  clientId: string;
  jobId: string;
  scene: number;
  prices: Prices;
  traceparent: string;
  idempotency: IdempotencyClaim | null;
  origin: string;
  ownerLimits: OwnerLimits;
}

type Requested<Shown> =
  | { outcome: "queued" | "replayed"; answer: RedoQueued }
  | { outcome: "shown"; answer: Shown };

/**
 * Requests the film with one scene changed. The same Idempotency-Key gets the same answer while the dream
 * exists.
 *
 * @throws ApiError as `requestChange` does; `request.invalid` if all scenes together would be too long
 */
export async function redoScene(
  context: JobContext,
  { change, ...command }: Redo & { change: RedoScene },
): Promise<Requested<never>> {
  return requestChange(context, command, ({ storyboard, jobId, takes }) => {
    const next = nextNumbers(takes, jobId, command.scene);
    const changed = changeScene(storyboard, command.scene, change, next);
    if (changed !== null) requireStorableSize(storyboard, changed.storyboard, change);
    return changed;
  });
}

/** A request that another one overtook is decided anew, with new numbers for its takes. */
const tries = 3;

/**
 * Requests the film with the change of one scene that `plan` makes: null if there is no such scene, or an
 * answer if no job is needed.
 *
 * @throws ApiError `auth.invalid`, `auth.forbidden`, `dream.not_found`; `dream.no_film` if there is neither a
 * film nor a job that failed after its storyboard; `scene.out_of_range`; `job.active`; a problem of an
 * owner's limit; `idempotency.key_reused`; what `plan` throws
 */
export async function requestChange<Shown = never>(
  context: JobContext,
  command: Redo,
  plan: (film: ChangeableFilm) => Promise<Changed | { shown: Shown } | null> | Changed | null,
): Promise<Requested<Shown>> {
  for (let tried = 1; ; tried++) {
    const { keyHash, clientId, scene, idempotency } = command;
    const before = await readBeforeRedo(
      context.session,
      keyHash,
      clientId,
      scene,
      idempotency,
      context.now(),
    );
    if (before.kept !== null) return { outcome: "replayed", answer: open(before.kept, idempotency) };
    const film = findFilm(before);
    const changed = await plan(film);
    if (changed === null) throw outOfRange(film.storyboard);
    if ("shown" in changed) return { outcome: "shown", answer: changed.shown };
    if (before.dream?.activeJobId !== null) throw new ApiError("job.active");
    const requested = await request(context, command, before, film, changed);
    if (requested !== null) return requested;
    // Another request was faster: the film that this one changes is no longer the newest.
    if (tried === tries) throw new ApiError("job.active");
  }
}

/** Requests the changed film; null if another request was faster. */
async function request(
  context: JobContext,
  command: Redo,
  { dream, made }: BeforeRedo,
  film: ChangeableFilm,
  changed: Changed,
): Promise<{ outcome: "queued" | "replayed"; answer: RedoQueued } | null> {
  const { keyHash, clientId, jobId, scene, idempotency } = command;
  const { input } = film;
  const answer: RedoQueued = {
    ...describeQueued({ clientId, jobId, options: input.options, origin: command.origin }),
    scene,
    redo_of: film.jobId,
    ...listAssets(film, scene, changed),
  };
  const after = await requestFilm(
    context.session,
    {
      ...{ keyHash, clientId, jobId, idempotency },
      options: input.options,
      traceparent: command.traceparent,
      ownerLimits: command.ownerLimits,
      answer: JSON.stringify(answer),
      film: {
        input: {
          ...{ ...input, storyboard: changed.storyboard, redo_of: film.jobId, redo_scene: scene },
          chosen: changed.chosen,
          at_most_micro_usd: ceilingOfStoryboard(changed.storyboard, input.options, command.prices),
        },
        newestJobId: dream?.newestJobId ?? "",
        made,
      },
    },
    context.now(),
  );
  if (after.made && after.dream !== null) {
    const { isHeld, isWatched } = after;
    const message = { jobId, priority: input.options.priority, delaySeconds: 0, isHeld };
    await afterTransition(context, { dreamIds: isWatched ? [after.dream.id] : [], message });
    return { outcome: "queued", answer };
  }
  if (after.kept !== null) return { outcome: "replayed", answer: open(after.kept, idempotency) };
  if (after.caller?.tier !== "premium" && input.options.priority === "premium") {
    throw new ApiError("auth.forbidden", { detail: "`premium` needs a premium key." });
  }
  if (after.limit !== null && after.dream?.activeJobId === null)
    throw limitProblem(after.limit, command.ownerLimits);
  if (after.dream?.activeJobId != null) throw new ApiError("job.active");
  return null;
}

/** The kept answer. @throws ApiError `idempotency.key_reused` if the request is another one */
function open(kept: KeptAnswer, idempotency: IdempotencyClaim | null): RedoQueued {
  if (kept.fingerprint !== idempotency?.fingerprint) throw new ApiError("idempotency.key_reused");
  return JSON.parse(kept.answer);
}
