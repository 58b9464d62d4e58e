/** The container's entry point: connects the pipeline to its real providers and runs the worker. */

import { createFilmPorts, createTranscriptionPorts } from "./film-ports.ts";
import { buyTakes } from "./pipeline/buy-takes.ts";
import { makeFilm } from "./pipeline/make-film.ts";
import { transcribeSegment } from "./pipeline/transcribe-segment.ts";
import { runWorker } from "./run-worker.ts";

await runWorker((config, metrics, log) => {
  const ports = createFilmPorts(config, metrics, log);
  const telling = createTranscriptionPorts(config, ports, metrics);
  return {
    makeFilm: (job, folder, progress, signal) => makeFilm(job, folder, progress, signal, ports),
    buyTakes: (job, folder, progress, signal) => buyTakes(job, folder, progress, signal, ports),
    transcribe: (job, folder, progress, signal) => transcribeSegment(job, folder, progress, signal, telling),
  };
});
