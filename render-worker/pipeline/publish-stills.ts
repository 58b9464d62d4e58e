import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type FilmFile, filmKey } from "../../contract/storage.ts";
import type { Size } from "../media/camera/plan.ts";
import type { Plate } from "../media/camera/shot.ts";
import { makePoster } from "../media/make-poster.ts";
import type { FilmContext } from "./make-film.ts";
import { urgency } from "./urgency.ts";

/** Where the camera stands in a still: the middle of a scene of usual length. */
const usualFrames = 160;

/** What a scene will look like, to be seen before it plays: a small JPEG. */
export const publishStill = (index: number, plate: Plate, context: FilmContext): Promise<void> =>
  publish(`scenes/${index}.jpg`, index, plate, context.preview, urgency.still(index), context);

/** The film's poster: its first scene, in the film's size. */
export const publishPoster = (plate: Plate, context: FilmContext): Promise<void> =>
  publish("poster.jpg", 0, plate, context.film, urgency.poster, context);

async function publish(
  file: FilmFile,
  scene: number,
  plate: Plate,
  film: Size,
  rank: number,
  { job, encoders, folder, signal, storage }: FilmContext,
): Promise<void> {
  const to = join(folder, file.replace("/", "-"));
  const make = () => makePoster({ plate, film, scene, frames: usualFrames, to }, signal);
  await encoders.run(signal, make, rank);
  const key = filmKey(job.dream_id, job.job_id, job.attempt, file);
  await storage.put(key, await readFile(to), "image/jpeg", signal);
}
