/**
 * Runs production's film maker with an object store of this machine, each in a process of its own, and
 * measures every film: wall and CPU time, ffmpeg's steps, the memory of all processes, and the requests to
 * the store.
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type ProcessMemory, readTree } from "../film/measure.ts";
import type { Span } from "../redo/print-waterfall.ts";
import { type FfmpegRuns, placeCounters, stepOf, takeRuns } from "./count-ffmpeg.ts";
import type { FilmRun, FilmsToRun } from "./run-films.ts";

/** A sample reads the whole process table: 40 ms of CPU on a busy machine. */
const sampleMs = 400;

interface StoreUse {
  counts: Record<string, number>;
  spans: Omit<Span, "name">[];
}

export interface MeasuredFilm extends FilmRun {
  /** Of the whole process tree. */
  peakMegabytes: number;
  /** What the processes had at that moment. */
  atPeak: { name: string; megabytes: number }[];
  runs: FfmpegRuns;
  store: StoreUse;
  /** Of the worker and of all that it started. */
  allCpuSeconds: number;
}

export interface FilmsSetup extends Pick<FilmsToRun, "pictures" | "scenes" | "films"> {
  /** An empty folder. The captions of its films stay in `folder`/bin/captions. */
  folder: string;
  /** That the store waits before each answer. */
  delayMs?: number;
}

/**
 * Makes the films one after the other. The store answers until the caller has taken the last one.
 *
 * @param take gets each film, and an address of the store from which its files can be read
 */
export async function runFilms(
  { folder, delayMs = 0, ...films }: FilmsSetup,
  take: (film: MeasuredFilm, storeUrl: string) => Promise<void>,
): Promise<void> {
  const counters = join(folder, "bin");
  await mkdir(join(folder, "store"), { recursive: true });
  placeCounters(counters);
  const store = startScript("serve-store.ts", { folder: join(folder, "store"), delayMs });
  try {
    const storeUrl = String((await store.lines.next()).value);
    const jobs = { folder: join(folder, "jobs"), storeUrl, ...films } satisfies FilmsToRun;
    const PATH = `${counters}:${process.env.PATH}`;
    const worker = startScript("run-films.ts", jobs, { ...memoryOfImage(), PATH });
    let peak: ProcessMemory[] = [];
    const sampler = setInterval(() => {
      const now = readTree(worker.child.pid as number);
      if (sumOf(now) > sumOf(peak)) peak = now;
    }, sampleMs);
    try {
      for await (const line of worker.lines) {
        const run = JSON.parse(line) as FilmRun;
        const used = (await (await fetch(`${storeUrl}/_counts`)).json()) as StoreUse;
        const runs = takeRuns(counters);
        const ffmpeg = [...runs.steps.values()].reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
        const measured = {
          ...{ peakMegabytes: sumOf(peak) / 1e6, atPeak: nameProcesses(peak) },
          ...{ runs, store: used },
        };
        await take({ ...run, ...measured, allCpuSeconds: run.cpuSeconds + ffmpeg }, storeUrl);
        peak = [];
        worker.child.stdin.write("\n");
      }
    } finally {
      clearInterval(sampler);
      worker.child.kill();
    }
  } finally {
    store.child.kill();
  }
}

const sumOf = (tree: readonly ProcessMemory[]) => tree.reduce((sum, { bytes }) => sum + bytes, 0);

/** The shells that count ffmpeg's runs are left out. */
const nameProcesses = (tree: readonly ProcessMemory[]) =>
  tree
    .filter(({ command }) => !command.startsWith("/bin/bash"))
    .map(({ command, bytes }) => ({
      name: command.includes("run-films") ? "the worker itself" : stepOf(command),
      megabytes: bytes / 1e6,
    }));

/** What the Dockerfile sets about memory, so that the bench measures the worker as it runs in production. */
function memoryOfImage(): NodeJS.ProcessEnv {
  const dockerfile = readFileSync(new URL("../../Dockerfile", import.meta.url), "utf8");
  const found = dockerfile.matchAll(/\b(NODE_OPTIONS|MALLOC_[A-Z_]+)=(\S+)/g);
  return Object.fromEntries([...found].map(([, name, value]) => [name, value]));
}

function startScript(name: string, options: object, env: NodeJS.ProcessEnv = {}) {
  const file = new URL(`./${name}`, import.meta.url).pathname;
  const child = spawn(process.execPath, [file, JSON.stringify(options)], {
    env: { ...process.env, ...env },
    stdio: ["pipe", "pipe", "inherit"],
  });
  return { child, lines: createInterface(child.stdout)[Symbol.asyncIterator]() };
}

/** Prints what each step took, as rows below each other. */
export function printSteps({ runs: { steps }, ...run }: MeasuredFilm): void {
  const starts = [...steps.values()].reduce((sum, use) => sum + use.starts, 0);
  console.log(`${"step".padEnd(40)}${"starts".padStart(8)}${"CPU s".padStart(9)}`);
  for (const [name, use] of [...steps].sort(([, a], [, b]) => b.cpuSeconds - a.cpuSeconds))
    console.log(row(name, use.starts, use.cpuSeconds));
  console.log(row("the worker itself", null, run.cpuSeconds));
  console.log(row("all", starts, run.allCpuSeconds));
  const held = run.atPeak.map(({ name, megabytes }) => `${name} ${megabytes.toFixed(0)}`);
  console.log(`\nmemory at the peak, MB: ${held.join(", ")}`);
}

const row = (name: string, starts: number | null, cpuSeconds: number) =>
  `${name.padEnd(40)}${String(starts ?? "").padStart(8)}${cpuSeconds.toFixed(2).padStart(9)}`;
