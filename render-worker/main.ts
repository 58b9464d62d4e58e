/** The container: pulls jobs, makes films, calls back. */
import { createAi } from "./clients/openai.ts";
import { createStorage } from "./clients/storage.ts";
import { countCalls } from "./metrics.ts";
import { makeFilm } from "./pipeline/make-film.ts";
import { runWorker } from "./run-worker.ts";
import { Slots } from "./slots.ts";

const purchasesPerJob = 6;

await runWorker((config, metrics) => {
  const film = {
    ai: countCalls(createAi(config.providers), metrics),
    metrics,
    storage: createStorage(config.storage),
    providers: config.providers,
    encoders: new Slots(config.encoders),
    purchases: new Slots(config.concurrency * purchasesPerJob),
  };
  return (job, folder, progress, signal) => makeFilm(job, folder, progress, signal, film);
});
