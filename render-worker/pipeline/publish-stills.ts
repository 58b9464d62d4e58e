import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type FilmFile, filmKey } from "../../contract/storage.ts";
import type { Size } from "../media/camera/plan.ts";
import type { Plate } from "../media/camera/shot.ts";
import { makePoster } from "../media/make-poster.ts";
import type { FilmContext } from "./make-film.ts";

/** Where the camera stands in a still: the middle of a scene of usual length. */
const usualFrames = 160;

/** What a scene will look like, to be seen before it plays: a small JPEG of each scene, and the film's poster. */
export async function publishStills(
  index: number,
  plates: { film: Plate; preview: Plate },
  context: FilmContext,
): Promise<void> {
  const still = async (file: FilmFile, plate: Plate, film: Size) => {
    const { job, folder, signal, storage } = context;
    const to = join(folder, file.replace("/", "-"));
    await makePoster({ plate, film, scene: index, frames: usualFrames, to }, signal);
    const key = filmKey(job.dream_id, job.job_id, job.attempt, file);
    await storage.put(key, await readFile(to), "image/jpeg", signal);
  };
  await Promise.all([
    still(`scenes/${index}.jpg`, plates.preview, context.preview),
    ...(index === 0 ? [still("poster.jpg", plates.film, context.film)] : []),
  ]);
}
