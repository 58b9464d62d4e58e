/**
 * Compares the worker's film maker with the seed's single ffmpeg command, on the same pictures, narrations
 * and captions, and with the encoder alone, which is the lower bound. One table comes from one run on one
 * machine; do not compare figures of different runs.
 *
 * npm run bench -- film            about three minutes; wants 4 GB of disk npm run bench -- film --long
 * also films of 12 and 24 scenes npm run bench -- film --json     ends with the figures as one line of JSON
 */
import { mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { drawShot } from "../render-worker/media/camera/draw-shot.ts";
import { loadKernel } from "../render-worker/media/camera/load-kernel.ts";
import { plainLook } from "../render-worker/media/camera/looks.ts";
import { planCamera } from "../render-worker/media/camera/plan.ts";
import { filmSize, makeInputs, type SceneInput } from "./film/make-inputs.ts";
import { type Cost, measure } from "./film/measure.ts";
import { drawDots, measureShake } from "./film/measure-shake.ts";
import { measureSsim } from "./film/measure-ssim.ts";
import type { StandardJobReport } from "./film/run-standard-job.ts";
import { buildSeedArgs, losslessEncoder, seedEncoder } from "./film/seed-job.ts";

interface Way extends Cost {
  name: string;
  seconds: number;
  megabytes: number;
  ssim: number;
}

/**
 * The worker runs ffmpeg at a lower priority. All ways get the same priority, so that a busy machine slows
 * them alike.
 */
const asNice = ["-n", "10"];
const say = (line: string) => process.stderr.write(`${line}\n`);

/** Prints the table, and with `json` its figures. */
export async function run({
  long,
  json,
}: {
  long?: true | undefined;
  json?: true | undefined;
}): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), "dreamreel-bench-"));
  try {
    const figures = await benchFilm(scratch, long ? [6, 12, 24] : [6]);
    if (json) console.log(JSON.stringify(figures));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function benchFilm(scratch: string, sceneCounts: readonly number[]) {
  say(`${availableParallelism()} cores, ${cpus()[0]?.model.trim()}`);
  say("painting pictures …");
  const inputs = await makeInputs(join(scratch, "inputs"), Math.max(...sceneCounts));
  const six = inputs.scenes.slice(0, 6);
  const six30 = await makeInputs(join(scratch, "six"), 6);
  say("the seed's command …");
  const seed = await runSeed(scratch, six30.scenes, six30.seedCaptions);
  say("the standard job …");
  const ours = await runStandard(scratch, six);
  say("the encoder alone …");
  const alone = await runEncoderAlone(scratch, six, ours.report);
  const ssim = await measureSsim(ours.report.film, rawInput(scratch, six.length));
  await rm(join(scratch, "raw"), { recursive: true, force: true });
  say("the first scene …");
  const firstScene = await runChild<{ preview: number; film: number }>(
    "run-first-scene.ts",
    scratch,
    "first",
    six,
  );
  say("the camera …");
  const shakePx = await runShake(scratch);

  const ways: Way[] = [
    seed,
    { name: "standard job, ours", seconds: ours.seconds, megabytes: ours.megabytes, ssim, ...ours.cost },
    alone,
  ];
  printWays(ways);
  const figures = {
    cpu_of_encoder_alone: ours.cost.cpuSeconds / alone.cpuSeconds,
    wall_of_seed: ours.cost.wallSeconds / seed.wallSeconds,
    ssim,
    shake_px: shakePx,
    peak_megabytes: ours.cost.peakMegabytes,
    first_preview_seconds: firstScene.report.preview / 1000,
    first_scene_seconds: firstScene.report.film / 1000,
    last_scene_to_film_seconds: ours.report.endSeconds,
  };
  printGoals(figures);
  const scaling = [{ scenes: 6, ...pick(ours) }];
  for (const count of sceneCounts.slice(1)) {
    say(`${count} scenes …`);
    scaling.push({ scenes: count, ...pick(await runStandard(scratch, inputs.scenes.slice(0, count))) });
  }
  if (scaling.length > 1) printScaling(scaling);
  return { ...figures, scaling };
}

async function runSeed(scratch: string, scenes: readonly SceneInput[], captions: string): Promise<Way> {
  const folder = join(scratch, "seed");
  await mkdir(folder);
  const [encoded, lossless] = [join(folder, "film.mp4"), join(folder, "lossless.mp4")];
  const cwd = join(captions, "..");
  const cost = await measure(
    "nice",
    [...asNice, "ffmpeg", ...buildSeedArgs(scenes, captions, seedEncoder, encoded)],
    cwd,
  );
  await measure("ffmpeg", buildSeedArgs(scenes, captions, losslessEncoder, lossless), cwd);
  const ssim = await measureSsim(encoded, ["-i", lossless]);
  await rm(lossless);
  return {
    name: "seed job, the seed's command",
    seconds: 30,
    megabytes: await megabytes(encoded),
    ssim,
    ...cost,
  };
}

async function runStandard(scratch: string, scenes: readonly SceneInput[]) {
  const { report, cost } = await runChild<StandardJobReport>(
    "run-standard-job.ts",
    scratch,
    `ours-${scenes.length}`,
    scenes,
  );
  const seconds = report.frames.reduce((a, b) => a + b, 0) / 30;
  return { report, cost, seconds, megabytes: await megabytes(report.film) };
}

/** The same frames through x264 only, in one process per core. */
async function runEncoderAlone(
  scratch: string,
  scenes: readonly SceneInput[],
  { frames }: StandardJobReport,
): Promise<Way> {
  await runChild("run-raw-frames.ts", scratch, "raw", scenes, { frames });
  const cwd = join(scratch, "raw");
  const input = `-f rawvideo -pixel_format yuv420p -video_size ${filmSize.width}x${filmSize.height} -framerate 30`;
  const slides = "bframes=7:b-adapt=0:subme=1:me=dia:weightp=0";
  const encoder = `-c:v libx264 -preset veryfast -crf 18 -x264-params ${slides} -threads 1`;
  const one = `ffmpeg -v error -nostdin -y ${input} -i frames-{}.yuv ${encoder} alone-{}.mp4`;
  const all = `seq 0 ${scenes.length - 1} | xargs -P ${availableParallelism()} -I{} ${one}`;
  const cost = await measure("nice", [...asNice, "sh", "-c", all], cwd);
  let bytes = 0;
  let ssim = 0;
  const total = frames.reduce((a, b) => a + b, 0);
  for (let scene = 0; scene < scenes.length; scene++) {
    const file = join(cwd, `alone-${scene}.mp4`);
    bytes += await megabytes(file);
    ssim += ((await measureSsim(file, rawFile(cwd, scene))) * (frames[scene] ?? 0)) / total;
  }
  return { name: "x264 alone (slides), same frames", seconds: total / 30, megabytes: bytes, ssim, ...cost };
}

const rawOptions = [
  "-f",
  "rawvideo",
  "-pixel_format",
  "yuv420p",
  "-video_size",
  `${filmSize.width}x${filmSize.height}`,
];
const rawFile = (folder: string, scene: number) => [
  ...rawOptions,
  "-framerate",
  "30",
  "-i",
  join(folder, `frames-${scene}.yuv`),
];
const rawInput = (scratch: string, count: number) => {
  const files = Array.from({ length: count }, (_, scene) => join(scratch, "raw", `frames-${scene}.yuv`));
  return [...rawOptions, "-framerate", "30", "-i", `concat:${files.join("|")}`];
};

async function runChild<Report>(
  script: string,
  scratch: string,
  name: string,
  scenes: readonly SceneInput[],
  more: object = {},
): Promise<{ report: Report; cost: Cost }> {
  const folder = join(scratch, name);
  await mkdir(folder, { recursive: true });
  const file = new URL(`./film/${script}`, import.meta.url).pathname;
  const cost = await measure(process.execPath, [file, JSON.stringify({ scenes, folder, ...more })], folder);
  return { report: JSON.parse(cost.stdout.trim().split("\n").at(-1) || "null"), cost };
}

async function runShake(scratch: string): Promise<number> {
  const kernel = loadKernel();
  if (!kernel) return Number.NaN;
  const plate = { file: join(scratch, "dots.yuv"), width: 2150, height: 1354 };
  await writeFile(plate.file, drawDots(plate.width, plate.height));
  const frames = 96;
  const shot = {
    filmSize,
    frames,
    closing: false,
    look: plainLook,
    layer: { plate, move: planCamera({ scene: 0 }, plate, filmSize, frames), startFrame: 0, scene: 0 },
  };
  const drawing = drawShot(kernel, shot);
  const shakePx = await measureShake(drawing.frames, shot);
  await drawing.end();
  return shakePx;
}

const megabytes = async (file: string) => (await stat(file)).size / 1e6;
const pick = (run: { cost: Cost; seconds: number }) => ({
  wall: run.cost.wallSeconds,
  peak: run.cost.peakMegabytes,
  filmSeconds: run.seconds,
});

function printWays(ways: readonly Way[]): void {
  const [seed] = ways as [Way];
  console.log(
    `\n${pad("way", 34)}${["film s", "wall s", "CPU s", "peak MB", "MB", "SSIM", "wall/seed", "CPU/seed"].map(right).join("")}`,
  );
  for (const way of ways)
    console.log(
      pad(way.name, 34) +
        [
          way.seconds.toFixed(1),
          way.wallSeconds.toFixed(1),
          way.cpuSeconds.toFixed(1),
          way.peakMegabytes.toFixed(0),
          way.megabytes.toFixed(1),
          way.ssim.toFixed(4),
          (way.wallSeconds / seed.wallSeconds).toFixed(2),
          (way.cpuSeconds / seed.cpuSeconds).toFixed(2),
        ]
          .map(right)
          .join(""),
    );
}

function printGoals(figures: Record<string, number>): void {
  const goals: [string, string, string, number, number][] = [
    ["CPU of the standard job / of x264 alone", "cpu_of_encoder_alone", "<= 1.40, aim 1.15", 1.4, 2],
    ["wall of the standard job / of the seed's", "wall_of_seed", "<= 0.45, aim 0.30", 0.45, 2],
    ["SSIM against the lossless frames", "ssim", ">= 0.98", Number.NaN, 4],
    ["camera shake, rms frame to frame, px", "shake_px", "<= 0.02", 0.02, 4],
    ["peak memory, whole process tree, MB", "peak_megabytes", "<= 500", 500, 0],
    ["picture and voice there -> 360p plays, s", "first_preview_seconds", "<= 1, aim 0.5", 1, 2],
    ["picture and voice there -> 1080p plays, s", "first_scene_seconds", "<= 3, aim 1.5", 3, 2],
    ["last scene encoded -> film verified, s", "last_scene_to_film_seconds", "<= 1.5", 1.5, 2],
  ];
  console.log(`\n${pad("figure", 46)}${right("measured")}   goal`);
  for (const [label, key, goal, limit, digits] of goals) {
    const value = figures[key] ?? Number.NaN;
    const reached = key === "ssim" ? value >= 0.98 : value <= limit;
    console.log(
      `${pad(label, 46)}${right(value.toFixed(digits))}   ${goal}${reached ? "" : "   NOT REACHED"}`,
    );
  }
}

function printScaling(
  runs: readonly { scenes: number; wall: number; peak: number; filmSeconds: number }[],
): void {
  console.log(`\n${["scenes", "film s", "wall s", "wall/film", "peak MB"].map(right).join("")}`);
  for (const { scenes, wall, peak, filmSeconds } of runs)
    console.log(
      [scenes, filmSeconds.toFixed(1), wall.toFixed(1), (wall / filmSeconds).toFixed(3), peak.toFixed(0)]
        .map(String)
        .map(right)
        .join(""),
    );
}

const pad = (text: string, width: number) => text.padEnd(width);
const right = (text: string) => text.padStart(10);
