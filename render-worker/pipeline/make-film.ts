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
import type { ClaimedJob } from "../../contract/claim.ts";
import type { PausePoint } from "../../contract/film.ts";
import type { FilmFields } from "../../contract/film-metadata.ts";
import type { Storyboard } from "../../contract/storyboard.ts";
import { allOrNone } from "../flow/all-or-none.ts";
import { openSheets } from "./cast/obtain-sheets.ts";
import { type FilmContext, type FilmPorts, openFilm } from "./film-context.ts";
import { LiveStream } from "./live-stream.ts";
import { watchNewScenes } from "./new-scenes.ts";
import { openRecordings } from "./own-voice/open-recordings.ts";
import { placeStoryboard } from "./own-voice/place-storyboard.ts";
import { preparePicture } from "./prepare-picture.ts";
import { prepareScene } from "./prepare-scene.ts";
import { prepareVoice } from "./prepare-voice.ts";
import type { Progress, Warning } from "./progress.ts";
import { publishFilm } from "./publish-film.ts";
import { renderScene } from "./render-scene.ts";
import { NotAllowed, screenCast, screenWords } from "./screen-words.ts";
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

/** What the owner decides about before the rest is bought. */
export interface PausedFilm {
  at: PausePoint;
  storyboard: Storyboard;
  /** Words that AI providers refuse, which the owner has to change. */
  refused: { text: string } | null;
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
  const returned = await screenOrReturn(opened);
  if (returned !== null) return returned;
  const own = await openRecordings(opened);
  // A later attempt asks the store itself: what is remembered may be what made the first one fail.
  if (job.storyboard !== null && job.attempt === 1) await opened.assets.recallAll({ of: job.dream_id });
  const storyboard = await obtainStoryboard(opened, own);
  // The words of a new storyboard are the text model's; its cast's may be an owner's of earlier films.
  if (job.storyboard === null) await screenCast(storyboard.cast, opened.moderate, opened.signal);
  const at = job.outcome === "claimed_asking" ? job.options.pause_after : null;
  progress.setSceneCount(storyboard.scenes.length);
  if (at === "storyboard") return { at, storyboard, refused: null };
  const sheets = openSheets(storyboard.cast, opened);
  const newScenes = watchNewScenes(storyboard.scenes.length);
  const context = { ...opened, sheets, newScenes, narration: own && placeStoryboard(storyboard, own) };
  stopwatch.lap("storyboard");

  progress.enter("scenes");
  if (at === "pictures") {
    await preparePictures(storyboard, context, failed);
    return { at, storyboard, refused: null };
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

  opened.assets.rememberAll({ of: job.dream_id });
  const published = await publishFilm(storyboard, scenes, context, stopwatch, failed);
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
 * Asks whether providers refuse the film's words. A film that waited for its owner goes back to them.
 *
 * @throws NotAllowed, or the signal's reason
 */
async function screenOrReturn({ job, moderate, signal }: FilmContext): Promise<PausedFilm | null> {
  const { storyboard, takes_refusal } = job;
  const at = job.options.pause_after;
  try {
    await screenWords(job, moderate, signal);
    return null;
  } catch (error) {
    if (!(error instanceof NotAllowed) || error.text === null) throw error;
    if (!takes_refusal || at === null || storyboard === null) throw error;
    return { at, storyboard, refused: { text: error.text } };
  }
}

/** Obtains the pictures of all scenes and publishes their thumbnails, and nothing else. */
async function preparePictures(storyboard: Storyboard, context: FilmContext, failed: AbortController) {
  const pictures = storyboard.scenes.map(async (scene, index) => {
    const { shown } = await preparePicture(scene, index, context, false);
    return shown;
  });
  await allOrNone(pictures, failed);
}
