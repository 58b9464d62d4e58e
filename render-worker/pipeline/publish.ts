/** Joins the scenes, verifies the film and uploads it to where the edge serves it from. */

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { type FilmFields, leadInSeconds } from "../../contract/film.ts";
import { filmKey } from "../../contract/storage.ts";
import type { Storyboard } from "../../contract/storyboard.ts";
import { buildVtt } from "../captions/build-vtt.ts";
import { framesToSeconds } from "../media/grid.ts";
import { joinFilm } from "../media/join-film.ts";
import { buildSpriteSheetVtt, makeSpriteSheet, planSpriteSheet } from "../media/make-sprite-sheet.ts";
import { verifyFilm } from "../media/verify-film.ts";
import { failpoint } from "../runtime/failpoint.ts";
import type { FilmContext } from "./film-context.ts";
import type { RenderedScene } from "./make-scene.ts";
import { originOf } from "./mark-film.ts";
import type { Stopwatch } from "./stopwatch.ts";

export interface PublishedFilm {
  durationSeconds: number;
  sizeBytes: number;
  sha256: string;
  fields: FilmFields;
}

const vttType = "text/vtt; charset=utf-8";

/**
 * Joins, verifies and uploads the film, its preview, its captions and its sprite sheet (storyboard.jpg and
 * .vtt).
 *
 * @throws Transient if the film is not as expected or the store is away, or the signal's reason
 */
export async function publishFilm(
  storyboard: Storyboard,
  scenes: RenderedScene[],
  context: FilmContext,
  stopwatch: Stopwatch,
): Promise<PublishedFilm> {
  const { folder, filmSize, job, marks, progress, signal, storage } = context;
  const key = (file: Parameters<typeof filmKey>[3]) => filmKey(job.dream_id, job.job_id, job.attempt, file);
  const spritesPath = `${folder}/storyboard.jpg`;

  progress.enter("film");
  const join = (quality: "film" | "preview", to: string) =>
    joinFilm(
      scenes.map(({ segments, sound, frames, index }) => ({
        pictures: segments[quality],
        sound,
        frames,
        title: storyboard.scenes[index]?.narration.slice(0, 80) ?? "",
      })),
      { title: storyboard.title, language: storyboard.language, to },
      folder,
      signal,
    );
  const joined = { preview: `${folder}/preview.mp4`, film: `${folder}/film.mp4` };
  await join("preview", joined.preview);
  await join("film", joined.film);
  // Signed last: a change of any byte after this would break the signature.
  const origin = originOf(scenes, context);
  const preview = await marks.mark("preview", origin, joined.preview);
  const path = await marks.mark("film", origin, joined.film);
  const frames = scenes.reduce((sum, scene) => sum + scene.frames, 0);
  const verified = await verifyFilm(path, { filmSize, frames }, signal);
  const sheet = planSpriteSheet(context.previewSize, verified.durationSeconds);
  await makeSpriteSheet(joined.preview, sheet, spritesPath, signal);
  stopwatch.lap("film");

  progress.enter("publish");
  failpoint("film.before_upload");
  const [sha256] = await Promise.all([
    hashFile(path),
    storage.putFile(key("film.mp4"), path, "video/mp4", signal),
    storage.putFile(key("preview.mp4"), preview, "video/mp4", signal),
    storage.putFile(key("storyboard.jpg"), spritesPath, "image/jpeg", signal),
    storage.put(key("storyboard.vtt"), buildSpriteSheetVtt(sheet, "storyboard.jpg"), vttType, signal),
    storage.put(key("captions.vtt"), buildVtt(placeWords(scenes)), vttType, signal),
  ]);
  failpoint("film.uploaded");
  progress.log({ type: "film.preview", data: { seconds: verified.durationSeconds } });
  stopwatch.lap("publish");
  const { durationSeconds, sizeBytes } = verified;
  return { durationSeconds, sizeBytes, sha256, fields: { content_credentials: marks.areComplete } };
}

function placeWords(scenes: RenderedScene[]) {
  let startFrame = 0;
  return scenes.map(({ words, frames }) => {
    const startSeconds = framesToSeconds(startFrame) + leadInSeconds;
    startFrame += frames;
    return { words, startSeconds };
  });
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}
