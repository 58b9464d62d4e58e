import { readFile } from "node:fs/promises";
import { type FilmFile, filmKey } from "../../contract/storage.ts";
import { cameraRecipe, type Size } from "../media/camera/plan.ts";
import type { Plate } from "../media/camera/shot.ts";
import { makePoster } from "../media/make-poster.ts";
import type { FilmContext } from "./film-context.ts";
import { urgency } from "./urgency.ts";

interface Still {
  scene: number;
  pictureKey: string;
  size: Size;
  /** Called where the still was not kept. */
  plate(): Promise<Plate>;
  rank: number;
}

/** Where the camera stands in a still: the middle of a scene of usual length. */
const usualFrames = 160;
const stillKind = { capability: "still", extension: "jpg", contentType: "image/jpeg" } as const;

/** What a scene will look like, to be seen before it plays: a small JPEG. */
export const publishThumbnail = (still: Omit<Still, "size" | "rank">, context: FilmContext): Promise<void> =>
  publish(
    `scenes/${still.scene}.jpg`,
    { ...still, size: context.previewSize, rank: urgency.still(still.scene) },
    context,
  );

/** The film's poster: its first scene, in the film's size. */
export const publishPoster = (still: Omit<Still, "size" | "rank">, context: FilmContext): Promise<void> =>
  publish("poster.jpg", { ...still, size: context.filmSize, rank: urgency.poster }, context);

async function publish(
  file: FilmFile,
  { scene, pictureKey, size, plate, rank }: Still,
  { job, assets, encoders, signal, storage }: FilmContext,
): Promise<void> {
  const shape = { recipe: cameraRecipe, picture: pictureKey, scene, size };
  const { path } = await assets.getOrMake(stillKind, shape, async (to) => {
    const still = { plate: await plate(), filmSize: size, scene, frames: usualFrames, to };
    await encoders.run(signal, () => makePoster(still, signal), rank);
  });
  const key = filmKey(job.dream_id, job.job_id, job.attempt, file);
  await storage.put(key, await readFile(path), "image/jpeg", signal);
}
