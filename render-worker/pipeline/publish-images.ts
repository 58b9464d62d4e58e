import { readFile } from "node:fs/promises";
import type { SceneCamera } from "../../contract/camera.ts";
import { type FilmFile, filmKey, type TakeFile } from "../../contract/storage.ts";
import { looks } from "../media/camera/looks.ts";
import { cameraRecipe, type Size, type Window } from "../media/camera/plan.ts";
import type { Plate } from "../media/camera/shot.ts";
import { makePoster } from "../media/make-poster.ts";
import type { FilmContext } from "./film-context.ts";
import { originOf } from "./mark-film.ts";
import { urgency } from "./urgency.ts";

interface SceneImage {
  scene: number;
  camera: SceneCamera | undefined;
  pictureKey: string;
  /** The subject's box on the preview's plate. */
  focus: Window | null;
  size: Size;
  /** Called if the image is not in R2. */
  plate(): Promise<Plate>;
  rank: number;
}

/** The image shows the middle frame of a scene of this many frames, a usual length. */
const usualFrames = 160;
/** The capability's name is part of the key of kept images and must not change. */
const imageKind = { capability: "still", extension: "jpg", contentType: "image/jpeg" } as const;

/**
 * Publishes a scene's thumbnail: a JPEG of the preview's size.
 *
 * @throws Transient, Rejected, or the signal's reason
 */
export async function publishThumbnail(
  image: Omit<SceneImage, "size" | "rank">,
  context: FilmContext,
): Promise<void> {
  const rank = urgency.thumbnail(image.scene);
  const path = await make({ ...image, size: context.previewSize, rank }, context);
  await upload(`scenes/${image.scene}.jpg`, path, context);
}

/**
 * Publishes the small picture of a take, as it would be the scene's thumbnail.
 *
 * @throws Transient, Rejected, or the signal's reason
 */
export async function publishTake(
  file: TakeFile,
  image: Omit<SceneImage, "size" | "rank">,
  context: FilmContext,
): Promise<void> {
  const rank = urgency.thumbnail(image.scene);
  await upload(file, await make({ ...image, size: context.previewSize, rank }, context), context);
}

/**
 * Publishes the film's poster: the first scene as a JPEG of the film's size, marked as made by `model`.
 *
 * @throws Transient, Rejected, or the signal's reason
 */
export async function publishPoster(
  image: Omit<SceneImage, "size" | "rank">,
  model: string | null,
  context: FilmContext,
): Promise<void> {
  const path = await make({ ...image, size: context.filmSize, rank: urgency.poster }, context);
  const origin = originOf([{ pictureModel: model, voiceModel: null, isRecorded: false }], context);
  await upload("poster.jpg", await context.marks.mark("poster", origin, path), context);
}

/** The image's file, kept in R2 for the next attempt. */
async function make(
  { scene, camera, pictureKey, focus, size, plate, rank }: SceneImage,
  { assets, encoders, job, signal }: FilmContext,
): Promise<string> {
  const look = looks[job.options.style];
  const shape = { recipe: cameraRecipe, picture: pictureKey, focus, scene, camera, look, size };
  const { path } = await assets.getOrMake(imageKind, shape, async (to) => {
    const image = { plate: await plate(), filmSize: size, scene, camera, look, frames: usualFrames, to };
    await encoders.run(signal, () => makePoster(image, signal), rank);
  });
  return path;
}

async function upload(file: FilmFile, path: string, { job, signal, storage }: FilmContext): Promise<void> {
  const key = filmKey(job.dream_id, job.job_id, job.attempt, file);
  await storage.put(key, await readFile(path), "image/jpeg", signal);
}
