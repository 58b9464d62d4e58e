/**
 * A render worker whose films take QUICK_FILM_MS, need no encoder and buy nothing, for tests and measurements
 * of the platform.
 */
import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { filmSizes } from "../../contract/film.ts";
import { filmKey } from "../../contract/storage.ts";
import { createStorage } from "../../render-worker/clients/storage.ts";
import { runWorker } from "../../render-worker/run-worker.ts";
import { aFinishedFilm } from "../fixtures/a-finished-film.ts";

const filmMs = Number(process.env.QUICK_FILM_MS ?? 0);
const bytes = Buffer.from("quick film");
const sha256 = createHash("sha256").update(bytes).digest("hex");

await runWorker(({ storage }) => {
  const films = createStorage(storage);
  return async (job, folder, progress, signal) => {
    progress.setSceneCount(1);
    progress.enter("scenes");
    await sleep(filmMs, undefined, { signal });
    progress.enter("publish");
    const path = join(folder, "film.mp4");
    await writeFile(path, bytes);
    await films.putFile(
      filmKey(job.dream_id, job.job_id, job.attempt, "film.mp4"),
      path,
      "video/mp4",
      signal,
    );
    return aFinishedFilm({
      durationSeconds: 1,
      scenes: 1,
      costMicroUsd: 0,
      title: "quick",
      ...filmSizes[job.options.aspect],
      timings: { storyboard: 0, scenes: filmMs / 1000, film: 0, publish: 0 },
      files: { poster: false, captions: false, hls: false, preview: false },
      sizeBytes: bytes.length,
      sha256,
    });
  };
});
