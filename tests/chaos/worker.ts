/**
 * The worker of chaos runs and of the operators' page: production's process (`runWorker`) and wiring around a
 * film without an encoder: a small file of the bought assets, which the real decoders have checked. It kills
 * itself at the failpoint in its environment.
 */
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ClaimedJob } from "../../contract/claim.ts";
import { filmKey } from "../../contract/storage.ts";
import type { Storyboard } from "../../contract/storyboard.ts";
import type { Ai } from "../../render-worker/ai/ai.ts";
import { createFilmPorts } from "../../render-worker/film-ports.ts";
import { allOrNone } from "../../render-worker/flow/all-or-none.ts";
import { decodePicture } from "../../render-worker/media/decode-picture.ts";
import { type FilmContext, type FilmPorts, openFilm } from "../../render-worker/pipeline/film-context.ts";
import type { FinishedFilm, PausedFilm } from "../../render-worker/pipeline/make-film.ts";
import { obtainPicture } from "../../render-worker/pipeline/obtain-picture.ts";
import type { Progress } from "../../render-worker/pipeline/progress.ts";
import { obtainStoryboard } from "../../render-worker/pipeline/storyboard.ts";
import { obtainVoice } from "../../render-worker/pipeline/voice/obtain-voice.ts";
import { runWorker } from "../../render-worker/run-worker.ts";
import { failpoint } from "../../render-worker/runtime/failpoint.ts";
import { aFinishedFilm } from "../fixtures/a-finished-film.ts";
import { dieAt } from "./die-at.ts";

dieAt(process.env.CHAOS_FAILPOINT);
await runWorker((config, metrics, log) => {
  const { ai, ...ports } = createFilmPorts(config, metrics, log);
  // As small as pictures come.
  const paint = ((request, signal) =>
    ai.paint({ ...request, size: "256x256" as "1024x1024" }, signal)) as Ai["paint"];
  const tiny = { ...ports, ai: { ...ai, paint } as FilmPorts["ai"] };
  return (job, folder, progress, signal) => makeTinyFilm(job, folder, progress, signal, tiny);
});

async function makeTinyFilm(
  job: ClaimedJob,
  folder: string,
  progress: Progress,
  signal: AbortSignal,
  ports: FilmPorts,
): Promise<FinishedFilm | PausedFilm> {
  const failed = new AbortController();
  const context = openFilm(job, folder, progress, signal, ports, failed.signal);
  try {
    return await makeAndPublish(context, failed);
  } finally {
    await context.assets.flush();
  }
}

async function makeAndPublish(
  context: FilmContext,
  failed: AbortController,
): Promise<FinishedFilm | PausedFilm> {
  const { job, folder, progress, signal } = context;
  progress.enter("storyboard");
  const storyboard = await obtainStoryboard(context);
  progress.setSceneCount(storyboard.scenes.length);
  const at = job.outcome === "claimed_asking" ? job.options.pause_after : null;
  if (at === "storyboard") return { at, storyboard, refused: null };
  progress.enter("scenes");
  if (at === "pictures") {
    await paint(storyboard, 0, context);
    return { at, storyboard, refused: null };
  }
  const making = storyboard.scenes.map(async (scene, index) => {
    const { sound } = await obtainVoice(scene, storyboard.language, index, context);
    if (!sound) throw new Error("every voice of a chaos run is bought");
    progress.finished("voice");
    // One picture per film, because the simulator really paints.
    if (index > 0) return sound.file();
    return paint(storyboard, index, context);
  });
  await allOrNone(making, failed);
  const assets = await Promise.all(making);
  for (const scene of storyboard.scenes.keys()) {
    progress.log({ type: "scene.ready", data: { scene, seconds: 1, reused: false } });
    progress.finished("segment");
  }
  progress.enter("film");
  const path = join(folder, "film.mp4");
  const hash = createHash("sha256").update(`${job.job_id}/${job.attempt}`);
  for (const asset of assets) hash.update(await readFile(asset));
  const bytes = Buffer.from(`tiny film ${hash.digest("hex")}`);
  await writeFile(path, bytes);
  progress.enter("publish");
  failpoint("film.before_upload");
  await context.storage.putFile(
    filmKey(job.dream_id, job.job_id, job.attempt, "film.mp4"),
    path,
    "video/mp4",
    signal,
  );
  failpoint("film.uploaded");
  return aFinishedFilm({
    title: storyboard.title,
    language: storyboard.language,
    durationSeconds: 1,
    width: 16,
    height: 16,
    scenes: storyboard.scenes.length,
    costMicroUsd: progress.snapshot.costMicroUsd,
    reused: progress.snapshot.reused,
    warnings: progress.snapshot.warnings,
    sizeBytes: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    files: { poster: false, captions: false, hls: false, preview: false },
  });
}

/** Obtains the scene's picture. Returns the path of its file. */
async function paint(storyboard: Storyboard, index: number, context: FilmContext): Promise<string> {
  const plate = { filmSize: { width: 64, height: 64 }, to: join(context.folder, "plate.yuv") };
  const scene = storyboard.scenes[index] as Storyboard["scenes"][number];
  const picture = await obtainPicture(scene, index, context, (path) =>
    decodePicture(path, [plate], context.signal),
  );
  context.progress.finished("picture");
  return picture.file();
}
