/**
 * Production's worker with films a quarter as wide and as high. A 1080p film takes sixteen times as long to
 * encode and to decode, and has the same form. `tests/stack/demo-film.test.ts` makes one in full size.
 *
 * For the local cloud: the variable DREAMREEL_WORKER names this file.
 */
import { type Aspect, filmSizes, previewSizes } from "../../contract/film.ts";
import { createFilmPorts, createTranscriptionPorts } from "../../render-worker/film-ports.ts";
import { buyTakes } from "../../render-worker/pipeline/buy-takes.ts";
import { makeFilm } from "../../render-worker/pipeline/make-film.ts";
import { transcribeSegment } from "../../render-worker/pipeline/transcribe-segment.ts";
import { runWorker } from "../../render-worker/run-worker.ts";

/** Encoders take even numbers of pixels only. */
const quarter = (pixels: number) => 2 * Math.round(pixels / 8);
const shrink = (sizes: typeof filmSizes | typeof previewSizes) => {
  const small = (aspect: Aspect) => {
    const { width, height } = sizes[aspect];
    return { width: quarter(width), height: quarter(height) };
  };
  return { "16:9": small("16:9"), "9:16": small("9:16"), "1:1": small("1:1") };
};

await runWorker((config, metrics, log) => {
  const ports = {
    ...createFilmPorts(config, metrics, log),
    sizes: { film: shrink(filmSizes), preview: shrink(previewSizes) },
  };
  const telling = createTranscriptionPorts(config, ports, metrics);
  return {
    makeFilm: (job, folder, progress, signal) => makeFilm(job, folder, progress, signal, ports),
    buyTakes: (job, folder, progress, signal) => buyTakes(job, folder, progress, signal, ports),
    transcribe: (job, folder, progress, signal) => transcribeSegment(job, folder, progress, signal, telling),
  };
});
