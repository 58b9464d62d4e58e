/**
 * `npm run bench -- redo`: what a redo of one scene of a long film takes, by production's film maker with an object
 * store of this machine. The AI answers at once, so all time is the worker's. CPU seconds tell more than wall seconds
 * on a busy machine.
 */
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { treeBytes } from "./film/measure.ts";
import { paintPicture } from "./film/paint-picture.ts";
import { printWaterfall, type Span } from "./redo/print-waterfall.ts";
import { type FfmpegRuns, placeCounters, takeRuns } from "./worker/count-ffmpeg.ts";
import type { FilmRun, FilmsToRun } from "./worker/run-films.ts";

/** Pictures are painted slowly, so scenes share them; their keys differ. */
const paintedPictures = 4;

/** A sample reads the whole process table: 40 ms of CPU on a busy machine. */
const sampleMs = 500;

interface StoreUse {
  counts: Record<string, number>;
  spans: Omit<Span, "name">[];
}

interface Measured extends FilmRun {
  /** Of the whole process tree. */
  peakMegabytes: number;
  runs: FfmpegRuns;
  store: StoreUse;
}

/** Prints a table for the film, and for each redo. */
export async function run({ scenes, delay }: { scenes: number; delay: number }): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), "dreamreel-redo-"));
  const counters = join(scratch, "bin");
  await mkdir(join(scratch, "store"));
  const store = startScript("serve-store.ts", { folder: join(scratch, "store"), delayMs: delay });
  try {
    const storeUrl = String((await store.lines.next()).value);
    const pictures = Array.from({ length: paintedPictures }, (_, i) => join(scratch, `picture-${i}.png`));
    for (const [i, file] of pictures.entries())
      await paintPicture(i % 2 === 0 ? "photograph" : "drawing", i, file);
    placeCounters(counters);
    const films: FilmsToRun["films"] = ["film", "new picture", "new voice"];
    const worker = startScript(
      "run-films.ts",
      { folder: join(scratch, "jobs"), storeUrl, pictures, scenes, films } satisfies FilmsToRun,
      { PATH: `${counters}:${process.env.PATH}` },
    );
    let peakBytes = 0;
    const sampler = setInterval(() => {
      peakBytes = Math.max(peakBytes, treeBytes(worker.child.pid as number));
    }, sampleMs);
    for await (const line of worker.lines) {
      const store = (await (await fetch(`${storeUrl}/_counts`)).json()) as StoreUse;
      const peakMegabytes = peakBytes / 1e6;
      print({ ...(JSON.parse(line) as FilmRun), peakMegabytes, runs: takeRuns(counters), store }, scenes);
      peakBytes = 0;
      worker.child.stdin.write("\n");
    }
    clearInterval(sampler);
  } finally {
    store.child.kill();
    await rm(scratch, { recursive: true, force: true });
  }
}

function startScript(name: string, options: object, env: NodeJS.ProcessEnv = {}) {
  const file = new URL(`./worker/${name}`, import.meta.url).pathname;
  const child = spawn(process.execPath, [file, JSON.stringify(options)], {
    env: { ...process.env, ...env },
    stdio: ["pipe", "pipe", "inherit"],
  });
  return { child, lines: createInterface(child.stdout)[Symbol.asyncIterator]() };
}

function print({ runs: { steps, spans }, store, ...run }: Measured, scenes: number): void {
  const what = run.film === "film" ? `film of ${scenes} scenes` : `redo of one of ${scenes}: ${run.film}`;
  const ffmpeg = [...steps.values()].reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
  const starts = [...steps.values()].reduce((sum, use) => sum + use.starts, 0);
  console.log(
    `\n${what}: ${run.durationSeconds.toFixed(1)} s of film, ${run.megabytes.toFixed(1)} MB, ${run.reusedSegments} scenes not encoded`,
  );
  console.log(
    `wall ${run.wallSeconds.toFixed(2)} s, CPU ${(ffmpeg + run.cpuSeconds).toFixed(2)} s, peak memory of all processes ${run.peakMegabytes.toFixed(0)} MB, load average ${loadavg()[0]?.toFixed(1)}\n`,
  );
  console.log(`${"step".padEnd(40)}${"starts".padStart(8)}${"CPU s".padStart(9)}`);
  for (const [name, use] of [...steps].sort(([, a], [, b]) => b.cpuSeconds - a.cpuSeconds))
    console.log(row(name, use.starts, use.cpuSeconds));
  console.log(row("the worker itself", null, run.cpuSeconds));
  console.log(row("all", starts, ffmpeg + run.cpuSeconds));
  const counts = (list: Record<string, number>) =>
    Object.entries(list).map(([name, value]) => `${name} ${Number(value.toFixed(2))}`);
  console.log(`\nrequests to the store: ${counts(store.counts).join(", ")}`);
  console.log(`wall by stage, s: ${counts(run.timings).join(", ")}`);
  // A whole film has hundreds of runs.
  if (run.film === "film") return;
  const to = run.startedAt + run.wallSeconds * 1000;
  const requests = { name: "requests to the store", spans: store.spans };
  printWaterfall({ from: run.startedAt, to }, spans, requests);
}

const row = (name: string, starts: number | null, cpuSeconds: number) =>
  `${name.padEnd(40)}${String(starts ?? "").padStart(8)}${cpuSeconds.toFixed(2).padStart(9)}`;
