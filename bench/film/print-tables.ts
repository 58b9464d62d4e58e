import { loadavg } from "node:os";
import type { MeasuredFilm } from "../worker/start-films.ts";
import type { Cost } from "./measure.ts";
import type { Quality } from "./measure-quality.ts";

/** One way to make a film, and what it took. */
export interface Way extends Omit<Cost, "stdout">, Partial<Quality> {
  name: string;
  /** Of the film. */
  seconds: number;
  megabytes: number;
}

/** The table of all ways. The first one is the seed's. */
export function printWays(ways: readonly Way[]): void {
  const [seed] = ways as [Way];
  const head = ["film s", "wall s", "CPU s", "peak MB", "MB", "SSIM", "VMAF", "wall/seed", "CPU/seed"];
  console.log(`\n${"way".padEnd(34)}${head.map(right).join("")}`);
  for (const way of ways) {
    const figures = [
      way.seconds.toFixed(1),
      way.wallSeconds.toFixed(1),
      way.cpuSeconds.toFixed(1),
      way.peakMegabytes.toFixed(0),
      way.megabytes.toFixed(1),
      way.ssim?.toFixed(4) ?? "",
      way.vmaf === undefined || Number.isNaN(way.vmaf) ? "" : way.vmaf.toFixed(1),
      (way.wallSeconds / seed.wallSeconds).toFixed(2),
      (way.cpuSeconds / seed.cpuSeconds).toFixed(2),
    ];
    console.log(way.name.padEnd(34) + figures.map(right).join(""));
  }
  console.log(`load average ${loadavg()[0]?.toFixed(1)}`);
}

export interface Figures {
  cpu_of_encoder_alone: number;
  wall_of_seed: number;
  megabytes: number;
  ssim: number;
  vmaf: number;
  shake_px: number;
  peak_megabytes: number;
  first_scene_seconds: number;
  last_scene_to_film_seconds: number;
}

const atMost = (limit: number) => (value: number) => value <= limit;
const goals: Record<keyof Figures, [label: string, goal: string, isReached: (value: number) => boolean]> = {
  cpu_of_encoder_alone: ["CPU of the worker / of x264 alone", "<= 1.05", atMost(1.05)],
  wall_of_seed: ["wall of the worker / of the seed's command", "<= 0.36, aim 0.30", atMost(0.36)],
  megabytes: ["size of the film, MB", "<= 8.5", atMost(8.5)],
  ssim: ["SSIM against the frames before encoding", ">= 0.98", (value) => value >= 0.98],
  vmaf: ["VMAF", ">= 97", (value) => value >= 97],
  shake_px: ["camera shake, rms frame to frame, px", "<= 0.02", atMost(0.02)],
  peak_megabytes: ["peak memory, whole process tree, MB", "<= 600", atMost(600)],
  first_scene_seconds: ["start -> the first scene plays in 360p, s", "<= 1", atMost(1)],
  last_scene_to_film_seconds: ["last scene encoded -> film verified, s", "<= 1.5", atMost(1.5)],
};

/** The figures beside their goals. */
export function printGoals(figures: Figures): void {
  console.log(`\n${"figure".padEnd(46)}${right("measured")}   goal`);
  for (const key of Object.keys(goals) as (keyof Figures)[]) {
    const [label, goal, isReached] = goals[key];
    const value = figures[key];
    const verdict = Number.isNaN(value) ? "   NOT MEASURED" : isReached(value) ? "" : "   NOT REACHED";
    console.log(`${label.padEnd(46)}${right(value.toFixed(4))}   ${goal}${verdict}`);
  }
}

/** How time and memory grow with the number of scenes. */
export function printScaling(films: readonly MeasuredFilm[]): void {
  const head = ["scenes", "film s", "wall s", "wall/film", "CPU/film", "peak MB"];
  console.log(`\n${head.map(right).join("")}`);
  for (const { frames, durationSeconds, wallSeconds, allCpuSeconds, peakMegabytes } of films) {
    const figures = [
      String(frames.length),
      durationSeconds.toFixed(1),
      wallSeconds.toFixed(1),
      (wallSeconds / durationSeconds).toFixed(3),
      (allCpuSeconds / durationSeconds).toFixed(3),
      peakMegabytes.toFixed(0),
    ];
    console.log(figures.map(right).join(""));
  }
}

const right = (text: string) => text.padStart(10);
