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
  /** The picture was bought just now, so the image is not in R2. */
  isNew: boolean;
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
  await publishSmall(`scenes/${image.scene}.jpg`, image, context);
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
  await publishSmall(file, image, context);
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

/** Publishes an image of the preview's size. One that is kept is copied within R2. */
async function publishSmall(
  file: FilmFile,
  image: Omit<SceneImage, "size" | "rank">,
  context: FilmContext,
): Promise<void> {
  const sized = { ...image, size: context.previewSize, rank: urgency.thumbnail(image.scene) };
  const shape = shapeOf(sized, context);
  if (!image.isNew && (await context.assets.copyTo(keyOf(file, context), imageKind, shape))) return;
  await upload(file, await make(sized, context), context);
}

function shapeOf(
  { scene, camera, pictureKey, focus, size }: Omit<SceneImage, "plate">,
  { job }: FilmContext,
) {
  const look = looks[job.options.style];
  return { recipe: cameraRecipe, picture: pictureKey, focus, scene, camera, look, size };
}

/** The image's file, kept in R2 for the next attempt. */
async function make(image: SceneImage, context: FilmContext): Promise<string> {
  const { scene, camera, size, plate, rank, isNew } = image;
  const { assets, encoders, signal } = context;
  const shape = shapeOf(image, context);
  const draw = async (to: string) => {
    const shot = { filmSize: size, scene, camera, look: shape.look, frames: usualFrames, to };
    const image = { ...shot, plate: await plate() };
    await encoders.run(signal, () => makePoster(image, signal), rank);
  };
  const { path } = await assets.getOrMake(imageKind, shape, draw, isNew);
  return path;
}

async function upload(file: FilmFile, path: string, context: FilmContext): Promise<void> {
  const { signal, storage } = context;
  await storage.put(keyOf(file, context), await readFile(path), "image/jpeg", signal);
}

const keyOf = (file: FilmFile, { job }: FilmContext) => filmKey(job.dream_id, job.job_id, job.attempt, file);
