/**
 * Runs the production worker in this process: its loop, job, clients and film, but with an AI provider per
 * dream.
 */

import { createAi } from "../../render-worker/ai/create-ai.ts";
import { type GuardedAi, guardAi } from "../../render-worker/ai/guard-ai.ts";
import { createEdgeClient } from "../../render-worker/clients/edge.ts";
import { createQueue } from "../../render-worker/clients/queue.ts";
import { createStorage } from "../../render-worker/clients/storage.ts";
import { makeLocalIdentity } from "../../render-worker/credentials/make-local-identity.ts";
import { createMarker } from "../../render-worker/credentials/sign-media.ts";
import { Slots } from "../../render-worker/flow/slots.ts";
import { runJob, ShuttingDown } from "../../render-worker/job.ts";
import { Loop } from "../../render-worker/loop.ts";
import { makeFilm } from "../../render-worker/pipeline/make-film.ts";
import { parseConfig } from "../../render-worker/runtime/config.ts";
import { createLog } from "../../render-worker/runtime/log.ts";
import { createMetrics } from "../../render-worker/runtime/metrics.ts";
import { parseProviders } from "../../render-worker/runtime/providers.ts";
import type { Cloud } from "../../tests/chaos/cloud.ts";
import { workerEnvironment } from "../../tests/chaos/worker-environment.ts";

export interface AnswersWorker {
  /** The AI at this address, with new circuit breakers, as on a machine that has not called it before. */
  aiAt(origin: string, timeoutSeconds?: number): GuardedAi;
  /** Sets the AI for dreams of this title. */
  serve(title: string, ai: GuardedAi): void;
  stop(): Promise<void>;
}

export function startAnswersWorker(cloud: Cloud, slots: number): AnswersWorker {
  const config = parseConfig({
    ...workerEnvironment(cloud, "answers"),
    VOICE_CHAIN: "speech",
    OPENAI_API_KEY: "local",
    WORKER_ID: "answers",
    LOG_LEVEL: "fatal",
  });
  const log = createLog(config.logLevel, {});
  const metrics = createMetrics(
    { version: "bench", region: "local" },
    { activeJobs: () => loop.activeJobs, slots },
  );
  const edge = createEdgeClient(config.edgeUrl, config.callbackSecret, config.workerId);
  const ports = {
    ...{ edge, metrics, storage: createStorage(config.storage), graceMs: config.purchaseGraceMs },
    ...{ encoders: new Slots(config.encoders), purchases: new Slots(slots * 6) },
    markMedia: createMarker({ identity: makeLocalIdentity(Date.now()), metrics, log }),
  };
  const served = new Map<string, GuardedAi>();
  const jobs = {
    ...{ edge, edgeUrl: config.edgeUrl, scratchDir: config.scratchDir, metrics, log },
    makeFilm: ((job, folder, progress, signal) => {
      const ai = served.get(job.dream.title ?? "");
      if (!ai) throw new Error(`no provider for ${job.dream.title}`);
      return makeFilm(job, folder, progress, signal, { ...ports, ai, providers: config.providers });
    }) satisfies Parameters<typeof runJob>[1]["makeFilm"],
  };
  const loop = new Loop({
    queues: [{ name: "standard", port: createQueue(config.queue, config.queue.standardId) }],
    ...{ slots, idleExitMs: 0, metrics, log },
    runJob: (hint, signal) => runJob(hint, jobs, signal),
  });
  const pulling = new AbortController();
  const working = new AbortController();
  const running = loop.run(pulling.signal, working.signal);
  return {
    aiAt: (origin, timeoutSeconds = 90) => {
      const timeout = String(timeoutSeconds);
      const providers = parseProviders({
        ...{ OPENAI_API_KEY: "local", OPENAI_BASE_URL: `${origin}/v1` },
        ...{
          TEXT_TIMEOUT_SECONDS: timeout,
          PICTURE_TIMEOUT_SECONDS: timeout,
          // The page is about answers over HTTP; tests/openai/voice-chain.test.ts is about the Realtime
          // socket.
          VOICE_CHAIN: "speech",
          VOICE_TIMEOUT_SECONDS: timeout,
        },
      });
      return guardAi(createAi(providers), metrics);
    },
    serve: (title, ai) => void served.set(title, ai),
    async stop() {
      pulling.abort();
      working.abort(new ShuttingDown());
      await running;
    },
  };
}
