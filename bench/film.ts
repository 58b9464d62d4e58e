/**
 * Compares production's film maker with the seed's single ffmpeg command on the same pictures, and with the
 * encoder alone on the worker's frames. The worker does all that it does for a film: decoding, alignment,
 * both sizes, the stream, images, sprite sheet, credentials, uploads to a store of this machine. Only the AI
 * is left out. One table comes from one run on one machine; do not compare figures of different runs.
 *
 * npm run bench -- film            a film of 3 scenes: two minutes on an idle machine; needs 2 GB of disk
 * npm run bench -- film --scenes 6   one of 6 scenes, the standard job
 * npm run bench -- film --long     also a film of 36 scenes
 * npm run bench -- film --vmaf <ffmpeg>  measures VMAF with this ffmpeg; without it only if the installed one can
 * npm run bench -- film --json     ends with the figures as one line of JSON
 */
import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { drawRawFrames } from "./film/encode-alone.ts";
import { makeInputs } from "./film/make-inputs.ts";
import { findVmaf, measureQuality } from "./film/measure-quality.ts";
import { type Figures, printGoals, printScaling, printWays } from "./film/print-tables.ts";
import { runSeed } from "./film/seed-job.ts";
import { shakeOfKernel } from "./film/shake-of-kernel.ts";
import { type MeasuredFilm, printSteps, runFilms } from "./worker/start-films.ts";

const longScenes = 36;
const say = (line: string) => process.stderr.write(`${line}\n`);

interface Options {
  scenes: number;
  long?: true | undefined;
  json?: true | undefined;
  vmaf?: string | undefined;
}

/** Prints the tables, and with `json` their figures. */
export async function run({ scenes, long, json, vmaf }: Options): Promise<void> {
  const withVmaf = await findVmaf([...(vmaf ? [vmaf] : []), "ffmpeg"]);
  const folder = await mkdtemp(join(tmpdir(), "dreamreel-bench-"));
  try {
    const figures = await benchFilm(folder, scenes, withVmaf, long === true);
    if (json) console.log(JSON.stringify(figures));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function benchFilm(folder: string, scenes: number, withVmaf: string | null, isLong: boolean) {
  say(`${availableParallelism()} cores, ${cpus()[0]?.model.trim()}`);
  say("painting pictures …");
  const inputs = await makeInputs(join(folder, "inputs"), scenes);
  const pictures = inputs.scenes.map(({ picture }) => picture);
  say("the seed's command …");
  const seed = await runSeed(inputs.scenes, inputs.seedCaptions);
  say("the worker …");
  const { measured, file, captions } = await runWorker(join(folder, "worker"), pictures, scenes);
  say("the encoder alone …");
  const raw = await drawRawFrames({
    ...{ pictures, frames: measured.frames, captions },
    folder: join(folder, "raw"),
  });
  const alone = await raw.encodeAlone();
  const quality = await measureQuality(file, raw.input, withVmaf);
  await raw.remove();
  say("the camera …");
  const shakePx = await shakeOfKernel(folder);

  const { durationSeconds: seconds, megabytes, wallSeconds, peakMegabytes, timings } = measured;
  const cost = { wallSeconds, cpuSeconds: measured.allCpuSeconds, peakMegabytes };
  printWays([
    { name: "the seed's command", ...seed },
    { name: "the worker", seconds, megabytes, ...cost, ...quality },
    { name: "x264 alone, same frames", seconds, ...alone },
  ]);
  console.log();
  printSteps(measured);
  const figures: Figures = {
    cpu_of_encoder_alone: cost.cpuSeconds / alone.cpuSeconds,
    wall_of_seed: wallSeconds / seed.wallSeconds,
    megabytes,
    ...quality,
    shake_px: shakePx,
    peak_megabytes: peakMegabytes,
    first_scene_seconds: timings.first_scene ?? Number.NaN,
    last_scene_to_film_seconds: timings.film ?? Number.NaN,
  };
  printGoals(figures);
  if (isLong) {
    say(`${longScenes} scenes …`);
    const long = await runWorker(join(folder, "long"), pictures, longScenes);
    printScaling([measured, long.measured]);
  }
  return figures;
}

/** A film of the worker, its file, and the folder of its captions. */
async function runWorker(folder: string, pictures: string[], scenes: number) {
  const file = join(folder, "film.mp4");
  let measured: MeasuredFilm | undefined;
  await runFilms({ folder, pictures, scenes, films: ["film"] }, async (film, storeUrl) => {
    measured = film;
    const { body } = await fetch(`${storeUrl}${film.path}`);
    if (body) await pipeline(Readable.fromWeb(body), createWriteStream(file));
  });
  if (!measured) throw new Error("the worker made no film");
  return { measured, file, captions: join(folder, "bin", "captions") };
}
