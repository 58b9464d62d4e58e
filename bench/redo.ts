/**
 * `npm run bench -- redo`: what a redo of one scene of a long film takes, by production's film maker with an
 * object store of this machine. The AI answers at once, so all time is the worker's. CPU seconds tell more
 * than wall seconds on a busy machine.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { paintPicture } from "./film/paint-picture.ts";
import { printWaterfall } from "./redo/print-waterfall.ts";
import { type MeasuredFilm, printSteps, runFilms } from "./worker/start-films.ts";

/** Pictures are painted slowly, so scenes share them; their keys differ. */
const paintedPictures = 4;

/** Prints a table for the film, and for each redo. */
export async function run({ scenes, delay }: { scenes: number; delay: number }): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "dreamreel-redo-"));
  try {
    const pictures = Array.from({ length: paintedPictures }, (_, i) => join(folder, `picture-${i}.png`));
    for (const [i, file] of pictures.entries())
      await paintPicture(i % 2 === 0 ? "photograph" : "drawing", i, file);
    const films = ["film", "new picture", "new voice"] as const;
    const setup = { folder, delayMs: delay, pictures, scenes, films: [...films] };
    await runFilms(setup, async (film) => print(film, scenes));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function print(film: MeasuredFilm, scenes: number): void {
  const what = film.film === "film" ? `film of ${scenes} scenes` : `redo of one of ${scenes}: ${film.film}`;
  console.log(
    `\n${what}: ${film.durationSeconds.toFixed(1)} s of film, ${film.megabytes.toFixed(1)} MB, ${film.reusedSegments} scenes not encoded`,
  );
  console.log(
    `wall ${film.wallSeconds.toFixed(2)} s, CPU ${film.allCpuSeconds.toFixed(2)} s, peak memory of all processes ${film.peakMegabytes.toFixed(0)} MB, load average ${loadavg()[0]?.toFixed(1)}\n`,
  );
  printSteps(film);
  const counts = (list: Record<string, number>) =>
    Object.entries(list).map(([name, value]) => `${name} ${Number(value.toFixed(2))}`);
  console.log(`\nrequests to the store: ${counts(film.store.counts).join(", ")}`);
  console.log(`wall by stage, s: ${counts(film.timings).join(", ")}`);
  // A whole film has hundreds of runs.
  if (film.film === "film") return;
  const to = film.startedAt + film.wallSeconds * 1000;
  const requests = { name: "requests to the store", spans: film.store.spans };
  printWaterfall({ from: film.startedAt, to }, film.runs.spans, requests);
}
