/**
 * Makes a film from a claimed job and publishes it.
 *
 * recordings, if they narrate ─▶ storyboard ─▶ every scene: picture ∥ voice ─▶ its segment and its sound ─▶
 * join ─▶ verify ─▶ publish
 *
 * Scenes run side by side, each as far as its inputs allow: a segment is encoded as soon as its own picture
 * and voice and those of the scene before are ready, while other pictures are still being made. Nothing is
 * encoded twice.
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { leadInSeconds } from "../../contract/film.ts";
import type { FilmFields } from "../../contract/film-metadata.ts";
import type { ClaimedJob } from "../../contract/internal.ts";
import { filmKey } from "../../contract/storage.ts";
import type { Storyboard } from "../../contract/storyboard.ts";
import { buildVtt } from "../captions/build-vtt.ts";
import { framesToSeconds } from "../media/grid.ts";
import { joinFilm } from "../media/join-film.ts";
import { buildSpriteSheetVtt, makeSpriteSheet, planSpriteSheet } from "../media/make-sprite-sheet.ts";
import { verifyFilm } from "../media/verify-film.ts";
import { failpoint } from "../runtime/failpoint.ts";
import { openSheets } from "./cast/obtain-sheets.ts";
import { type FilmContext, type FilmPorts, openFilm } from "./film-context.ts";
import { LiveStream } from "./live-stream.ts";
import { prepareScene, prepareVoice, type RenderedScene, renderScene } from "./make-scene.ts";
import { originOf } from "./mark-film.ts";
import { openRecordings } from "./own-voice/open-recordings.ts";
import { placeStoryboard } from "./own-voice/place-storyboard.ts";
import type { Progress, Warning } from "./progress.ts";
import { type Stopwatch, startStopwatch } from "./stopwatch.ts";
import { obtainStoryboard } from "./storyboard.ts";

export interface FinishedFilm {
  title: string;
  language: string;
  durationSeconds: number;
  width: number;
  height: number;
  scenes: number;
  costMicroUsd: number;
  /** Assets that were found instead of bought, and what buying them would have cost. */
  reused: { assets: number; savedMicroUsd: number };
  /** How the film differs from what was asked for. */
  warnings: Warning[];
  sizeBytes: number;
  sha256: string;
  fields: FilmFields;
  files: { poster: boolean; captions: boolean; hls: boolean; preview: boolean };
  /** Wall seconds by stage, and until the first scene could be played (`first_scene`). */
  timings: Record<string, number>;
}

/**
 * Makes and publishes the film of one attempt in `folder`, which the caller removes. When it returns or
 * throws, none of its work is still running.
 *
 * @throws Poison, Rejected, Transient, or `signal`'s reason
 */
export async function makeFilm(
  job: ClaimedJob,
  folder: string,
  progress: Progress,
  signal: AbortSignal,
  ports: FilmPorts,
): Promise<FinishedFilm> {
  const stopwatch = startStopwatch();
  const failed = new AbortController();
  const context = openFilm(job, folder, progress, signal, ports, failed.signal);
  try {
    return await makeAndPublish(context, failed, stopwatch);
  } finally {
    await context.assets.flush();
  }
}

async function makeAndPublish(
  opened: FilmContext,
  failed: AbortController,
  stopwatch: Stopwatch,
): Promise<FinishedFilm> {
  const { progress } = opened;
  progress.enter("storyboard");
  const own = await openRecordings(opened);
  const storyboard = await obtainStoryboard(opened, own);
  const sheets = openSheets(storyboard.cast, opened);
  const context = { ...opened, sheets, narration: own && placeStoryboard(storyboard, own) };
  stopwatch.lap("storyboard");

  progress.setSceneCount(storyboard.scenes.length);
  progress.enter("scenes");
  const voices = storyboard.scenes.map((_, index) => prepareVoice(storyboard, index, context));
  const prepared = storyboard.scenes.map((_, index) => prepareScene(storyboard, index, voices, context));
  const frames = prepared.map((scene) => scene.then((one) => one.frames));
  const live = new LiveStream(context, { frames, language: storyboard.language });
  const streams = { preview: live.rendition(context.previewSize), film: live.rendition(context.filmSize) };
  const rendered = prepared.map(async (scene, index) => {
    const earlier = await prepared[index - 1];
    return renderScene(await scene, earlier, index === prepared.length - 1, streams, context);
  });
  void live.playable.then(() => stopwatch.mark("first_scene"));
  const shown = prepared.map(async (scene) => (await scene).shown);
  await allOrNone([...prepared, ...shown, ...rendered], failed);
  const scenes = await Promise.all(rendered);
  stopwatch.lap("scenes");

  const published = await publishFilm(storyboard, scenes, context, stopwatch);
  return {
    title: storyboard.title,
    language: storyboard.language,
    scenes: scenes.length,
    costMicroUsd: progress.snapshot.costMicroUsd,
    reused: progress.snapshot.reused,
    warnings: progress.snapshot.warnings,
    ...context.filmSize,
    ...published,
    files: { poster: true, captions: true, hls: true, preview: true },
    timings: stopwatch.seconds,
  };
}

/**
 * Waits for all of `work`. The first failure aborts `failed`, which must stop the rest.
 *
 * @throws the first failure, after all of `work` has ended
 */
export async function allOrNone(work: Promise<unknown>[], failed: AbortController): Promise<void> {
  let first: unknown;
  for (const one of work)
    one.catch((error: unknown) => {
      first ??= error;
      failed.abort(error);
    });
  await Promise.allSettled(work);
  if (failed.signal.aborted) throw first;
}

const vttType = "text/vtt; charset=utf-8";

/**
 * Joins, verifies and uploads the film, its preview, its captions and its sprite sheet (storyboard.jpg and
 * .vtt).
 *
 * @throws Transient if the film is not as expected or the store is away, or the signal's reason
 */
async function publishFilm(
  storyboard: Storyboard,
  scenes: RenderedScene[],
  context: FilmContext,
  stopwatch: Stopwatch,
) {
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
