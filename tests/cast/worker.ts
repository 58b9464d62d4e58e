/**
 * A worker that buys a film's storyboard, sheets and pictures, and makes no film of them: production's
 * process (`runWorker`) and wiring around steps of production. With CHAOS_FAILPOINT=<n> it kills itself once
 * n films have their sheets of the first scene and their first picture, so between calls to the provider.
 */
import { createHash } from "node:crypto";
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { filmKey } from "../../contract/storage.ts";
import { createFilmPorts } from "../../render-worker/film-ports.ts";
import { openSheets } from "../../render-worker/pipeline/cast/obtain-sheets.ts";
import { type FilmContext, openFilm } from "../../render-worker/pipeline/film-context.ts";
import type { FinishedFilm } from "../../render-worker/pipeline/make-film.ts";
import { obtainPicture } from "../../render-worker/pipeline/obtain-picture.ts";
import { obtainStoryboard } from "../../render-worker/pipeline/storyboard.ts";
import { runWorker } from "../../render-worker/run-worker.ts";
import { aFinishedFilm } from "../fixtures/a-finished-film.ts";

const diesAfter = Number(process.env.CHAOS_FAILPOINT || Number.NaN);
let begun = 0;

await runWorker((config, metrics, log) => {
  const size = { width: 64, height: 36 };
  const sizes = { "16:9": size, "9:16": size, "1:1": size };
  const ports = { ...createFilmPorts(config, metrics, log), sizes: { film: sizes, preview: sizes } };
  const films = join(config.scratchDir, "..", "..", "films");
  return async (job, folder, progress, signal) => {
    const context = openFilm(job, folder, progress, signal, ports);
    try {
      return await buyFilm(context, join(films, `${job.job_id}.${job.attempt}`));
    } finally {
      await context.assets.flush();
    }
  };
});

/** Leaves the storyboard and the pictures in `to`. */
async function buyFilm(opened: FilmContext, to: string): Promise<FinishedFilm> {
  const { job, progress, storage, folder, signal } = opened;
  progress.enter("storyboard");
  const storyboard = await obtainStoryboard(opened);
  progress.setSceneCount(storyboard.scenes.length);
  progress.enter("scenes");
  const context = { ...opened, sheets: openSheets(storyboard.cast, opened) };
  await mkdir(to, { recursive: true });
  await writeFile(join(to, "storyboard.json"), JSON.stringify(storyboard));
  const hash = createHash("sha256");
  for (const [index, scene] of storyboard.scenes.entries()) {
    const { key, file } = await obtainPicture(scene, index, context, async () => {});
    await copyFile(await file(), join(to, `${index}.png`));
    progress.finished("picture");
    hash.update(key);
    if (index === 0 && !Number.isNaN(diesAfter)) await crash();
  }
  progress.enter("publish");
  const path = join(folder, "film.mp4");
  const bytes = Buffer.from(`no film ${hash.digest("hex")}`);
  await writeFile(path, bytes);
  await storage.putFile(
    filmKey(job.dream_id, job.job_id, job.attempt, "film.mp4"),
    path,
    "video/mp4",
    signal,
  );
  return aFinishedFilm({
    title: storyboard.title,
    language: storyboard.language,
    scenes: storyboard.scenes.length,
    costMicroUsd: progress.snapshot.costMicroUsd,
    reused: progress.snapshot.reused,
    warnings: progress.snapshot.warnings,
    sizeBytes: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    files: { poster: false, captions: false, hls: false, preview: false },
  });
}

/** Never resolves. No other film is within a call when the last of them gets here. */
function crash(): Promise<never> {
  if (++begun === diesAfter) process.kill(process.pid, "SIGKILL");
  return new Promise(() => {});
}
