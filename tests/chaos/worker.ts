/**
 * The worker of chaos runs: production's loop, job, clients, storyboard and asset store around a film that takes no
 * encoder: a small file made of what was bought, which the real decoders have checked. Dies at the failpoint that its
 * environment names.
 */
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { filmSizes, previewSizes } from "../../contract/film.ts";
import type { ClaimedJob } from "../../contract/internal.ts";
import { filmKey } from "../../contract/storage.ts";
import type { Ai } from "../../render-worker/ai/ai.ts";
import { createAi } from "../../render-worker/ai/create-ai.ts";
import { guardAi } from "../../render-worker/ai/guard-ai.ts";
import { createEdgeClient } from "../../render-worker/clients/edge.ts";
import { createQueue } from "../../render-worker/clients/queue.ts";
import { createStorage } from "../../render-worker/clients/storage.ts";
import { Slots } from "../../render-worker/flow/slots.ts";
import { runJob, ShuttingDown } from "../../render-worker/job.ts";
import { Loop } from "../../render-worker/loop.ts";
import { decodePicture } from "../../render-worker/media/decode-picture.ts";
import type { FilmContext } from "../../render-worker/pipeline/film-context.ts";
import { allOrNone, type FinishedFilm } from "../../render-worker/pipeline/make-film.ts";
import { obtainPicture } from "../../render-worker/pipeline/obtain-picture.ts";
import { obtainVoice } from "../../render-worker/pipeline/prepare-voice.ts";
import type { Progress } from "../../render-worker/pipeline/progress.ts";
import { obtainStoryboard } from "../../render-worker/pipeline/storyboard.ts";
import { createAssetStore } from "../../render-worker/purchases/asset-store.ts";
import { createFirstCalls } from "../../render-worker/purchases/first-calls.ts";
import { createLedgerClient } from "../../render-worker/purchases/ledger-client.ts";
import { parseConfig } from "../../render-worker/runtime/config.ts";
import { failpoint } from "../../render-worker/runtime/failpoint.ts";
import { createLog } from "../../render-worker/runtime/log.ts";
import { createMetrics } from "../../render-worker/runtime/metrics.ts";
import { clearScratch } from "../../render-worker/runtime/scratch.ts";
import { dieAt } from "./die-at.ts";

dieAt(process.env.CHAOS_CRASH_AT);
const config = parseConfig(process.env);
const log = createLog(config.logLevel, { worker_id: config.workerId });
const metrics = createMetrics(
  { version: "test", region: config.region },
  { activeJobs: () => loop.activeJobs, slots: config.concurrency },
);
const edge = createEdgeClient(config.edgeUrl, config.callbackSecret, config.workerId);
const ai = guardAi(createAi(config.providers), metrics);
const ports = {
  metrics,
  edge,
  graceMs: config.purchaseGraceMs,
  // As small as pictures come.
  ai: {
    ...ai,
    paint: ((request, signal) =>
      ai.paint({ ...request, size: "256x256" as "1024x1024" }, signal)) as Ai["paint"],
  },
  storage: createStorage(config.storage),
  providers: config.providers,
  encoders: new Slots(config.encoders),
  purchases: new Slots(8),
};
const pulling = new AbortController();
const working = new AbortController();
await clearScratch(config.scratchDir);
const loop = new Loop({
  queues: [{ name: "standard", port: createQueue(config.queue, config.queue.standardId) }],
  slots: config.concurrency,
  idleExitMs: 0,
  metrics,
  runJob: (hint, signal) =>
    runJob(
      hint,
      {
        edge,
        edgeUrl: config.edgeUrl,
        scratchDir: config.scratchDir,
        metrics,
        log,
        makeFilm: makeTinyFilm,
      },
      signal,
    ),
  log,
});
process.on("SIGTERM", () => {
  pulling.abort();
  setTimeout(() => working.abort(new ShuttingDown()), 1_000).unref();
});
log.info("worker.started");
await loop.run(pulling.signal, working.signal);
log.info("worker.stopped");
process.exit(0);

async function makeTinyFilm(
  job: ClaimedJob,
  folder: string,
  progress: Progress,
  signal: AbortSignal,
): Promise<FinishedFilm> {
  const { storage } = ports;
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const context: FilmContext = {
    ...ports,
    job,
    folder,
    filmSize: filmSizes[job.options.aspect],
    previewSize: previewSizes[job.options.aspect],
    assets: createAssetStore(
      {
        ...ports,
        progress,
        ledger: createLedgerClient(edge, job, either),
        firstCalls: createFirstCalls(ports.ai),
      },
      job.asset_scope,
      folder,
      either,
    ),
    progress,
    signal: either,
  };
  progress.enter("storyboard");
  const storyboard = await obtainStoryboard(context);
  progress.setSceneCount(storyboard.scenes.length);
  progress.enter("scenes");
  const making = storyboard.scenes.map(async (scene, index) => {
    const { asset } = await obtainVoice(scene, storyboard.language, index, context);
    progress.finished("voice");
    // One picture a film: the simulator really paints.
    if (index > 0) return asset.path;
    const plate = { filmSize: { width: 64, height: 64 }, to: join(folder, "plate.yuv") };
    const picture = await obtainPicture(scene, index, context, (path) =>
      decodePicture(path, [plate], either),
    );
    progress.finished("picture");
    return picture.path;
  });
  await allOrNone(making, failed);
  const assets = await Promise.all(making);
  progress.enter("film");
  const path = join(folder, "film.mp4");
  const hash = createHash("sha256").update(`${job.job_id}/${job.attempt}`);
  for (const asset of assets) hash.update(await readFile(asset));
  const bytes = Buffer.from(`tiny film ${hash.digest("hex")}`);
  await writeFile(path, bytes);
  progress.enter("publish");
  failpoint("film.before_upload");
  await storage.putFile(
    filmKey(job.dream_id, job.job_id, job.attempt, "film.mp4"),
    path,
    "video/mp4",
    signal,
  );
  failpoint("film.uploaded");
  return {
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
    timings: {},
  };
}
