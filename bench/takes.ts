/**
 * `npm run bench -- takes`: what a chosen take costs in time, beside the making of one scene. Pairs in one
 * run, by production's film maker with an object store of this machine: a film of one scene from a bought
 * picture and voice, and the whole film with another picture of that scene, which encodes the scene and the
 * crossfade after it. Both buy nothing. The order alternates, so that a machine that gets slower favours
 * neither.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { paintPicture } from "./film/paint-picture.ts";
import { type MeasuredFilm, printSteps, runFilms } from "./worker/start-films.ts";

/** Pictures are painted slowly, so scenes and takes share them; their keys differ. */
const paintedPictures = 2;
/** The most that a choice may take, as a factor on the making of one scene. */
const goal = 1.5;

/** Prints a row for each film, the medians of the ratios, and where the time of a choice goes. */
export async function run({ scenes, pairs }: { scenes: number; pairs: number }): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "dreamreel-takes-"));
  try {
    const pictures = Array.from({ length: paintedPictures }, (_, i) => join(folder, `picture-${i}.png`));
    for (const [i, file] of pictures.entries())
      await paintPicture(i % 2 === 0 ? "photograph" : "drawing", i, file);
    const kinds = ["one scene", "chosen take"] as const;
    // The first pair warms up.
    const orders = Array.from({ length: pairs + 1 }, (_, i) => (i % 2 === 0 ? kinds : kinds.toReversed()));
    const films = ["film" as const, ...orders.flat()];
    const made: MeasuredFilm[] = [];
    console.log(row("film", "wall s", "CPU s", "encoded", "stages, wall s"));
    await runFilms({ folder, pictures, scenes, films }, async (film) => {
      made.push(film);
      console.log(describe(film));
    });
    print(made.slice(3));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function print(films: readonly MeasuredFilm[]): void {
  const of = (kind: MeasuredFilm["film"]) => films.filter(({ film }) => film === kind);
  const [ones, choices] = [of("one scene"), of("chosen take")];
  const ratio = (value: (film: MeasuredFilm) => number) =>
    median(choices.map((choice, i) => value(choice) / value(ones[i] as MeasuredFilm))).toFixed(2);
  console.log(`\na choice beside one scene, medians of ${choices.length} pairs (goal: wall at most ${goal})`);
  console.log(
    `wall ${ratio(({ wallSeconds }) => wallSeconds)}, CPU ${ratio(({ allCpuSeconds }) => allCpuSeconds)}, ` +
      `load average ${loadavg()[0]?.toFixed(1)}`,
  );
  for (const last of [ones.at(-1), choices.at(-1)]) {
    if (last === undefined) continue;
    console.log(`\nthe last ${last.film}`);
    printSteps(last);
  }
}

function describe({ film, frames, timings, reusedSegments, ...used }: MeasuredFilm): string {
  const stages = Object.entries(timings).map(([name, seconds]) => `${name} ${seconds.toFixed(2)}`);
  const encoded = `${frames.length - reusedSegments} of ${frames.length}`;
  return row(film, used.wallSeconds.toFixed(2), used.allCpuSeconds.toFixed(2), encoded, stages.join(", "));
}

const row = (film: string, wall: string, cpu: string, encoded: string, stages: string) =>
  `${film.padEnd(14)}${wall.padStart(8)}${cpu.padStart(8)}${encoded.padStart(9)}   ${stages}`;

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = 0, high = 0] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
}
