/** The container's entry point: connects the pipeline to its real providers and runs the worker. */

import { createFilmPorts } from "./film-ports.ts";
import { makeFilm } from "./pipeline/make-film.ts";
import { runWorker } from "./run-worker.ts";

await runWorker((config, metrics) => {
  const ports = createFilmPorts(config, metrics);
  return (job, folder, progress, signal) => makeFilm(job, folder, progress, signal, ports);
});
