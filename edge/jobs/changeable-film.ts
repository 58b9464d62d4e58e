/** The film that a redo changes, as it is before the change. */
import { Storyboard } from "../../contract/storyboard.ts";
import type { TakeAsset } from "../../contract/takes.ts";
import { ApiError, invalidKey } from "../errors/api-error.ts";
import type { BeforeRedo } from "../store/redo.ts";
import type { JobInput } from "../store/request-film.ts";
import type { Changed } from "./change-scene.ts";
import { isOwnVoice } from "./is-own-voice.ts";

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

/** The problem of a scene that the film does not have. */
export const outOfRange = ({ scenes }: Storyboard) =>
  new ApiError("scene.out_of_range", { detail: `The film has ${scenes.length} scenes, counted from 0.` });

/** The pictures and voices that the change buys, and those that it takes over. */
export function listAssets(
  { storyboard, input, has }: ChangeableFilm,
  index: number,
  { picture, voice }: Changed,
) {
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
