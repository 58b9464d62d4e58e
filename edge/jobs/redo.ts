/**
 * Makes a film again with one scene changed. The new job carries the changed storyboard, so the worker writes
 * none and finds all other scenes among the bought assets.
 */
import { ceilingOfStoryboard } from "../../contract/estimate-cost.ts";
import type { RedoQueued, RedoScene } from "../../contract/job.ts";
import { limits } from "../../contract/limits.ts";
import type { Prices } from "../../contract/prices.ts";
import { Storyboard, storyboardBytes } from "../../contract/storyboard.ts";
import type { ChosenTake, TakeAsset } from "../../contract/takes.ts";
import { ApiError, invalidKey } from "../errors/api-error.ts";
import { nextNumbers } from "../present/known-takes.ts";
import type { IdempotencyClaim, KeptAnswer } from "../store/idempotency.ts";
import { limitProblem, type OwnerLimits } from "../store/owner-limits.ts";
import { type BeforeRedo, readBeforeRedo } from "../store/redo.ts";
import { type JobInput, requestFilm } from "../store/request-film.ts";
import { afterTransition, type JobContext } from "./after-transition.ts";
import { describeQueued } from "./finish.ts";
import { isOwnVoice } from "./is-own-voice.ts";

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

/** A film that can be changed, and what is known of the scene to change. */
export interface ChangeableFilm {
  jobId: string;
  storyboard: Storyboard;
  input: JobInput;
  /** The film is the dream's newest job, and finished. */
  isShown: boolean;
  takes: BeforeRedo["takes"];
  /** The scenes that were painted without AI. */
  placeholders: number[];
  /** Whether the scene's picture or voice is bought already, as far as the log tells. */
  has(asset: TakeAsset, scene: number): boolean;
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

/** The problem of a scene that the film does not have. */
export const outOfRange = ({ scenes }: Storyboard) =>
  new ApiError("scene.out_of_range", { detail: `The film has ${scenes.length} scenes, counted from 0.` });

/**
 * The film of the dream that a redo changes.
 *
 * @throws ApiError `auth.invalid`, `dream.not_found`, `dream.no_film`
 */
export function findFilm({ caller, dream, film, takes }: BeforeRedo): ChangeableFilm {
  if (caller === null) throw invalidKey();
  if (dream === null) throw new ApiError("dream.not_found");
  if (film === null || dream.newestJobId === null)
    throw new ApiError(dream.activeJobId === null ? "dream.no_film" : "job.active");
  const input: JobInput = JSON.parse(film.input);
  const isCompleted = film.isCompleted === 1;
  // Its owner may have edited the storyboard after the worker's event, and then the film failed.
  const isFromInput = film.storyboard === null || (!isCompleted && input.storyboard !== undefined);
  const storyboard = isFromInput ? input.storyboard : Storyboard.parse(JSON.parse(film.storyboard ?? ""));
  if (storyboard === undefined) throw new ApiError("dream.no_film");
  const isShown = film.jobId === dream.newestJobId && isCompleted;
  const placeholders: number[] = JSON.parse(film.placeholders);
  const obtained = new Set<string>(JSON.parse(film.obtained));
  const has = (asset: TakeAsset, scene: number) => isCompleted || obtained.has(`scene.${asset} ${scene}`);
  return { jobId: film.jobId, storyboard, input, isShown, takes, placeholders, has };
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

/**
 * Checks that the storyboard fits into a worker's report. A storyboard that was too large before may become
 * smaller.
 *
 * @throws ApiError `request.invalid`, which names the longer of the new texts
 */
export function requireStorableSize(before: Storyboard, after: Storyboard, change: RedoScene): void {
  const sizeBytes = storyboardBytes(after);
  if (sizeBytes <= limits.storyboardBytes || sizeBytes <= storyboardBytes(before)) return;
  const { narration = "", picture = "" } = change;
  const pointer = narration.length > picture.length ? "/narration" : "/picture";
  const detail = `All scenes together may have ${limits.storyboardBytes} bytes; with this text they have ${sizeBytes}.`;
  throw new ApiError("request.invalid", { errors: [{ pointer, detail }] });
}

export interface Changed {
  storyboard: Storyboard;
  picture: boolean;
  voice: boolean;
  /** Set if nothing may be bought. */
  chosen?: ChosenTake;
}

/**
 * The storyboard with new words in one scene; null if there is no such scene. Equal words, or none, request a
 * new take: of what the request names, or else of the picture.
 *
 * @param next the numbers of the scene's next takes
 */
export function changeScene(
  storyboard: Storyboard,
  index: number,
  change: RedoScene,
  next: { picture: number; voice: number },
): Changed | null {
  const scene = storyboard.scenes[index];
  if (scene === undefined) return null;
  const picture = change.picture !== undefined || change.narration === undefined;
  const voice = change.narration !== undefined;
  const isSamePicture = (change.picture ?? scene.picture) === scene.picture;
  const isSameVoice = change.narration === scene.narration;
  const changed = {
    ...scene,
    ...(picture && isSamePicture ? { picture_take: next.picture } : {}),
    // The new words may place the subject elsewhere.
    ...(picture && !isSamePicture
      ? { picture: change.picture ?? scene.picture, picture_take: 0, focus: undefined }
      : {}),
    ...(voice && isSameVoice ? { voice_take: next.voice } : {}),
    ...(voice && !isSameVoice ? { narration: change.narration ?? scene.narration, voice_take: 0 } : {}),
  };
  const scenes = storyboard.scenes.map((one, at) => (at === index ? changed : one));
  return { storyboard: { ...storyboard, scenes }, picture, voice };
}

function listAssets({ storyboard, input, has }: ChangeableFilm, index: number, { picture, voice }: Changed) {
  const isOwn = isOwnVoice(input);
  const all = storyboard.scenes.flatMap((_, scene) => {
    const isChanged = scene === index;
    return [
      { asset: "picture" as const, scene, isBought: (isChanged && picture) || !has("picture", scene) },
      { asset: "voice" as const, scene, isBought: !isOwn && ((isChanged && voice) || !has("voice", scene)) },
    ];
  });
  const those = (isBought: boolean) =>
    all.filter((one) => one.isBought === isBought).map(({ asset, scene }) => ({ asset, scene }));
  return { buys: those(true), reuses: those(false) };
}
