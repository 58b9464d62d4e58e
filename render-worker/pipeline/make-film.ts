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
import { leadInSeconds, type PausePoint } from "../../contract/film.ts";
import type { FilmFields } from "../../contract/film-metadata.ts";
import type { ClaimedJob } from "../../contract/internal.ts";
import { filmKey } from "../../contract/storage.ts";
import type { Storyboard } from "../../contract/storyboard.ts";
import { buildVtt } from "../captions/build-vtt.ts";
import type { Origin } from "../credentials/describe-media.ts";
import { framesToSeconds } from "../media/grid.ts";
import { joinFilm } from "../media/join-film.ts";
import { buildSpriteSheetVtt, makeSpriteSheet, planSpriteSheet } from "../media/make-sprite-sheet.ts";
import { verifyFilm } from "../media/verify-film.ts";
import { failpoint } from "../runtime/failpoint.ts";
import { openSheets } from "./cast/obtain-sheets.ts";
import { type FilmContext, type FilmPorts, openFilm } from "./film-context.ts";
import { LiveStream } from "./live-stream.ts";
import { preparePicture, prepareScene, prepareVoice, type RenderedScene, renderScene } from "./make-scene.ts";
import { originOf } from "./mark-film.ts";
import { openRecordings } from "./own-voice/open-recordings.ts";
import { placeStoryboard } from "./own-voice/place-storyboard.ts";
import type { Progress, Warning } from "./progress.ts";
import { hashFile, openSameFilm, type Parts, type PublishedFilm } from "./same-film.ts";
import { screenWords } from "./screen-words.ts";
import { type Stopwatch, startStopwatch } from "./stopwatch.ts";
import { obtainStoryboard } from "./storyboard.ts";
import { urgency } from "./urgency.ts";

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

/** What the owner decides about before the rest is bought. */
export interface PausedFilm {
  at: PausePoint;
  storyboard: Storyboard;
}

/**
 * Makes and publishes the film of one attempt in `folder`, which the caller removes. If its owner asked to
 * decide first, it stops there. When it returns or throws, none of its work is still running.
 *
 * @throws Poison, Rejected, Transient, or `signal`'s reason
 */
export async function makeFilm(
  job: ClaimedJob,
  folder: string,
  progress: Progress,
  signal: AbortSignal,
  ports: FilmPorts,
): Promise<FinishedFilm | PausedFilm> {
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
): Promise<FinishedFilm | PausedFilm> {
  const { job, progress } = opened;
  progress.enter("storyboard");
  await screenWords(opened.job, opened.moderate, opened.signal);
  const own = await openRecordings(opened);
  const storyboard = await obtainStoryboard(opened, own);
  const at = job.outcome === "claimed_asking" ? job.options.pause_after : null;
  progress.setSceneCount(storyboard.scenes.length);
  if (at === "storyboard") return { at, storyboard };
  const sheets = openSheets(storyboard.cast, opened);
  const context = { ...opened, sheets, narration: own && placeStoryboard(storyboard, own) };
  stopwatch.lap("storyboard");

  progress.enter("scenes");
  if (at === "pictures") {
    await preparePictures(storyboard, context, failed);
    return { at, storyboard };
  }
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

/** Obtains the pictures of all scenes and publishes their thumbnails, and nothing else. */
async function preparePictures(storyboard: Storyboard, context: FilmContext, failed: AbortController) {
  const pictures = storyboard.scenes.map(async (scene, index) => {
    const { shown } = await preparePicture(scene, index, context);
    return shown;
  });
  await allOrNone(pictures, failed);
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
 * Publishes the film with its preview and sprite sheet (storyboard.jpg and .vtt), which are copied from an
 * earlier film of the same parts if there is one, and its captions.
 *
 * @throws Transient if the film is not as expected or the store is away, or the signal's reason
 */
async function publishFilm(
  storyboard: Storyboard,
  scenes: RenderedScene[],
  context: FilmContext,
  stopwatch: Stopwatch,
) {
  const { job, marks, previewSize, progress, signal, storage } = context;
  const key = (file: Parameters<typeof filmKey>[3]) => filmKey(job.dream_id, job.job_id, job.attempt, file);
  progress.enter("film");
  const { title, language } = storyboard;
  const partsOf = (quality: "film" | "preview") =>
    scenes.map(({ segments, sound, frames, index }) => ({
      pictures: segments[quality],
      sound,
      frames,
      title: storyboard.scenes[index]?.narration.slice(0, 80) ?? "",
    }));
  const origin = originOf(scenes, context);
  const parts = { film: partsOf("film"), preview: partsOf("preview"), title, language, origin };
  const same = await openSameFilm(parts, context);
  const copied = await same.copy();
  const composed = copied ?? (await composeFilm(parts, scenes, context));
  stopwatch.lap("film");

  progress.enter("publish");
  failpoint("film.before_upload");
  const sheet = planSpriteSheet(previewSize, composed.durationSeconds);
  const [published] = await Promise.all([
    "path" in composed ? uploadFilm(composed, key, context) : composed,
    storage.put(key("storyboard.vtt"), buildSpriteSheetVtt(sheet, "storyboard.jpg"), vttType, signal),
    storage.put(key("captions.vtt"), buildVtt(placeWords(scenes)), vttType, signal),
  ]);
  failpoint("film.uploaded");
  if (marks.areComplete) same.remember(published);
  progress.log({ type: "film.preview", data: { seconds: published.durationSeconds } });
  stopwatch.lap("publish");
  return { ...published, fields: { content_credentials: marks.areComplete } };
}

/** A finished film on the worker's disk. */
interface ComposedFilm extends Omit<PublishedFilm, "sha256"> {
  path: string;
  preview: string;
  sprites: string;
}

/**
 * Joins, signs and verifies the film and its preview, and draws its sprite sheet.
 *
 * @throws Transient if the film is not as expected, or the signal's reason
 */
async function composeFilm(
  { origin, title, language, ...parts }: Parts & { origin: Origin },
  scenes: readonly RenderedScene[],
  { encoders, folder, filmSize, marks, previewSize, signal }: FilmContext,
): Promise<ComposedFilm> {
  const inSlot = <T>(work: () => Promise<T>) => encoders.run(signal, work, urgency.joining);
  const make = (quality: "film" | "preview") =>
    inSlot(async () => {
      const to = `${folder}/${quality}.mp4`;
      await joinFilm(parts[quality], { title, language, to }, signal);
      // Signed last: a change of any byte after this would break the signature.
      return marks.mark(quality, origin, to);
    });
  const frames = scenes.reduce((sum, scene) => sum + scene.frames, 0);
  const sprites = `${folder}/storyboard.jpg`;
  const sheet = planSpriteSheet(previewSize, framesToSeconds(frames));
  const strips = scenes.map((scene) => ({ file: scene.strip, frames: scene.frames }));
  const [path, preview] = await Promise.all([
    make("film"),
    make("preview"),
    inSlot(() => makeSpriteSheet(strips, sheet, sprites, signal)),
  ]);
  const verify = () => verifyFilm(path, { filmSize, frames }, signal);
  const { durationSeconds, sizeBytes } = await inSlot(verify);
  return { path, preview, sprites, durationSeconds, sizeBytes };
}

/** @throws Transient, Rejected, or the signal's reason */
async function uploadFilm(
  { path, preview, sprites, ...film }: ComposedFilm,
  key: (file: "film.mp4" | "preview.mp4" | "storyboard.jpg") => string,
  { signal, storage }: FilmContext,
): Promise<PublishedFilm> {
  const [sha256] = await Promise.all([
    hashFile(path),
    storage.putFile(key("film.mp4"), path, "video/mp4", signal),
    storage.putFile(key("preview.mp4"), preview, "video/mp4", signal),
    storage.putFile(key("storyboard.jpg"), sprites, "image/jpeg", signal),
  ]);
  return { ...film, sha256 };
}

function placeWords(scenes: RenderedScene[]) {
  let startFrame = 0;
  return scenes.map(({ words, frames }) => {
    const startSeconds = framesToSeconds(startFrame) + leadInSeconds;
    startFrame += frames;
    return { words, startSeconds };
  });
}
