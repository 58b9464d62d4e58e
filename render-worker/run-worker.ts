/**
 * The life of a worker's process.
 *
 * Stopping has two steps. On the first signal the worker pulls no more; when half of the deadline has passed
 * it hands the running jobs back, and exits with 0 when they have ended. On a second signal, or at the
 * deadline, it exits with 1: the leases end and other workers take over.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { writePrices } from "../contract/prices.ts";
import packageJson from "../package.json" with { type: "json" };
import { type ConfiguredModel, endingModels, readModelEnds, refuseEndedModels } from "./ai/model-ends.ts";
import { createEdgeClient } from "./clients/edge.ts";
import { createQueue } from "./clients/queue.ts";
import { findSigningFault } from "./credentials/sign-media.ts";
import { type JobPorts, runJob, ShuttingDown } from "./job.ts";
import { Loop } from "./loop.ts";
import { type Config, parseConfig } from "./runtime/config.ts";
import { ConfigError } from "./runtime/environment.ts";
import { startHeartbeat } from "./runtime/heartbeat.ts";
import { serveHttp } from "./runtime/http.ts";
import { createLog, type Logger } from "./runtime/log.ts";
import { createMetrics, type Metrics } from "./runtime/metrics.ts";
import { keepPresence } from "./runtime/presence.ts";
import { clearScratch } from "./runtime/scratch.ts";

/** Builds the functions that do the jobs from what the process has. Called once. */
type Prepare = (
  config: Config,
  metrics: Metrics,
  log: Logger,
) => JobPorts["makeFilm"] | Pick<JobPorts, "makeFilm" | "transcribe" | "buyTakes">;

/**
 * Runs the worker until it is stopped or idle for `idleExitMs`, then ends the process: with 0, with 1 at the
 * stop deadline, or with 78 if the configuration is wrong.
 */
export async function runWorker(prepare: Prepare): Promise<never> {
  const config = readConfig();
  const log = createLog(config.logLevel, { worker_id: config.workerId, region: config.region });
  const [cleared, models] = await Promise.all([
    clearScratch(config.scratchDir),
    readModels(config),
    checkSigning(config),
  ]);
  if (cleared > 0) log.warn({ folders: cleared }, "worker.cleared_scratch");
  const pulling = new AbortController();
  const working = new AbortController();
  const metrics = createMetrics(
    { version: packageJson.version, region: config.region },
    { slots: config.concurrency, activeJobs: () => loop.activeJobs },
  );
  metrics.modelsEnding(endingModels(models));
  const edge = createEdgeClient(config.edgeUrl, config.callbackSecret, config.workerId);
  const presence = keepPresence(edge, log);
  const prepared = prepare(config, metrics, log);
  const jobs: JobPorts = {
    edge,
    edgeUrl: config.edgeUrl,
    scratchDir: config.scratchDir,
    metrics,
    log,
    presence,
    ...(typeof prepared === "function" ? { makeFilm: prepared } : prepared),
  };
  const loop = new Loop({
    queues: [
      { name: "premium", port: createQueue(config.queue, config.queue.premiumId) },
      { name: "standard", port: createQueue(config.queue, config.queue.standardId) },
    ],
    slots: config.concurrency,
    idleExitMs: config.idleExitMs,
    runJob: (hint, signal) => runJob(hint, jobs, signal),
    onQueueFault: (code) => heartbeat.noteQueueFault(code),
    metrics,
    log,
  });
  const server = await serveHttp(config.host, config.port, config.metricsPort, {
    slots: config.concurrency,
    activeJobs: () => loop.activeJobs,
    notReadyReason: () => (pulling.signal.aborted ? "stopping" : null),
    callbackSecret: config.callbackSecret,
    wake: (queue) => loop.wake(queue),
    untilFree: (ms) => loop.untilFree(ms),
    metrics: async () => ({ type: metrics.registry.contentType, text: await metrics.registry.metrics() }),
  });
  for (const name of ["SIGTERM", "SIGINT"] as const) process.on(name, () => void stop(name));
  log.info({ slots: config.concurrency, encoders: config.encoders }, "worker.started");
  const heartbeat = startHeartbeat(
    edge,
    {
      region: config.region,
      version: packageJson.version,
      slots: config.concurrency,
      prices: writePrices(config.providers),
      ending_models: endingModels(models),
    },
    metrics,
    log,
  );
  await presence.untilTried(presenceTryMs);
  await loop.run(pulling.signal, working.signal);
  server.close();
  server.closeAllConnections();
  presence.leave();
  await heartbeat.leave();
  log.info("worker.stopped");
  process.exit(0);

  async function stop(name: string): Promise<void> {
    if (pulling.signal.aborted) process.exit(1);
    log.info({ signal: name, active_jobs: loop.activeJobs }, "worker.stopping");
    pulling.abort();
    await sleep(config.stopDeadlineMs / 2);
    working.abort(new ShuttingDown());
    await sleep(config.stopDeadlineMs / 2);
    log.error({ active_jobs: loop.activeJobs }, "worker.stop_deadline");
    process.exit(1);
  }
}

/** An edge that does not answer delays the first pull by no more than this. */
const presenceTryMs = 2_000;

function readConfig(): Config {
  try {
    return parseConfig(process.env);
  } catch (error) {
    return refuseConfiguration(error);
  }
}

/** The configured models and their ends. Ends the process if one has ended: every film would fail. */
async function readModels({ providers }: Config): Promise<ConfiguredModel[]> {
  const models = await readModelEnds(providers, fetch);
  try {
    refuseEndedModels(models, Date.now());
  } catch (error) {
    refuseConfiguration(error);
  }
  return models;
}

/** Ends the process if the configured certificate signs nothing: every film would stay unmarked. */
async function checkSigning({ signing }: Config): Promise<void> {
  if (signing === null) return;
  const fault = await findSigningFault(signing);
  if (fault !== null) refuseConfiguration(new ConfigError(`C2PA_CERT: ${fault}`));
}

function refuseConfiguration(error: unknown): never {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`The configuration is wrong:\n${error.message}\n`);
  process.exit(78);
}
