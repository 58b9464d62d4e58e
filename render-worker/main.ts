/** The container's entry point: connects the pipeline to its real providers and runs the worker. */

import { createAi } from "./ai/create-ai.ts";
import { guardAi } from "./ai/guard-ai.ts";
import { createEdgeClient } from "./clients/edge.ts";
import { createStorage } from "./clients/storage.ts";
import { Slots } from "./flow/slots.ts";
import { makeFilm } from "./pipeline/make-film.ts";
import { runWorker } from "./run-worker.ts";

const purchasesPerJob = 6;

await runWorker((config, metrics) => {
  const film = {
    ai: guardAi(createAi(config.providers), metrics),
    edge: createEdgeClient(config.edgeUrl, config.callbackSecret, config.workerId),
    metrics,
    storage: createStorage(config.storage),
    providers: config.providers,
    encoders: new Slots(config.encoders),
    purchases: new Slots(config.concurrency * purchasesPerJob),
    graceMs: config.purchaseGraceMs,
  };
  return (job, folder, progress, signal) => makeFilm(job, folder, progress, signal, film);
});
