/**
 * `npm run bench -- jobs [--jobs 100]`: measures the platform's overhead with empty films: edge, queue and
 * one worker as processes of this machine, with production's wires.
 */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { VideoStatus } from "../contract/job.ts";
import { type Cloud, startCloud } from "../tests/chaos/cloud.ts";
import { freePort } from "../tests/free-port.ts";
import {
  askForFilm,
  finishDream,
  startQuickWorker,
  untilCompleted,
  waitMs,
  writeDream,
} from "../tests/pool/quick-pool.ts";
import { cpuSecondsByGroup } from "./jobs/cpu-by-group.ts";

const idleSeconds = 20;
/** By then an idle worker polls at its longest interval. */
const settleSeconds = 12;

/** Prints the table of `jobs` films, one after another and all at once. */
export async function run({ jobs }: { jobs: number }): Promise<void> {
  const stateDir = mkdtempSync(join(tmpdir(), "dreamreel-bench-"));
  const port = await freePort();
  const cloud = await startCloud(stateDir, { wakeUrl: `http://127.0.0.1:${port}/wake` });
  const startedAt = performance.now();
  const worker = await startQuickWorker(cloud, { port, slots: 2, filmMs: 0 });
  const readyMs = performance.now() - startedAt;
  try {
    const key = await cloud.newKey("bench");
    await untilCompleted(cloud, [await askForFilm(cloud, key)], 30);
    const single = await oneAfterAnother(cloud, key, jobs);
    const burst = await allAtOnce(cloud, key, jobs, {
      ...{ clients: process.pid, worker: worker.pid },
      ...cloud.pids(),
    });
    const idle = await watchIdle(port, worker.pid);
    const row = (what: string, values: readonly number[]) => console.log(tableRow(what, values));
    console.log(`\n${jobs} empty films, two slots; load average ${loadavg()[0]?.toFixed(1)}\n`);
    console.log(`${"".padEnd(34)}${["p50", "p95", "p99"].map((name) => name.padStart(9)).join("")}   ms`);
    row("warm pick-up, finish to claimed", single.map(waitMs));
    row("overhead, finish to completed", single.map(totalMs));
    row("all at once, finish to claimed", burst.statuses.map(waitMs));
    console.log(`\n${(jobs / burst.seconds).toFixed(1)} films a second with two slots`);
    const cpu = burst.cpuMs.map(([name, ms]) => `${name} ${ms.toFixed(1)}`).join(", ");
    console.log(`CPU of a film in ms: ${cpu}`);
    console.log(`worker ready ${Math.round(readyMs)} ms after its start`);
    console.log(
      `idle worker: ${idle.cpuPercent.toFixed(2)} % of a core, ${idle.pullsPerMinute.toFixed(0)} pulls a minute over two queues, ${idle.memoryMiB} MiB`,
    );
  } finally {
    await worker.stop(10_000);
    await cloud.stop();
    rmSync(stateDir, { recursive: true, force: true });
  }
}

async function oneAfterAnother(cloud: Cloud, key: string, jobs: number): Promise<VideoStatus[]> {
  const statuses: VideoStatus[] = [];
  for (let i = 0; i < jobs; i++)
    statuses.push(...(await untilCompleted(cloud, [await askForFilm(cloud, key)], 30)));
  return statuses;
}

/**
 * Finishes `jobs` dreams at once. Measured by the edge's clock, from the first finish to the last completion;
 * the dreams are written before, and only the last film is asked for until it is completed, because all
 * processes share the machine.
 */
async function allAtOnce(cloud: Cloud, key: string, jobs: number, groups: Record<string, number>) {
  const films = await Promise.all(Array.from({ length: jobs }, () => writeDream(cloud, key)));
  const before = cpuSecondsByGroup(groups);
  await Promise.all(films.map((film) => finishDream(cloud, film)));
  await untilCompleted(cloud, films.slice(-1), 300);
  const after = cpuSecondsByGroup(groups);
  const statuses = await untilCompleted(cloud, films, 300);
  const at = (time: string | null | undefined) => Date.parse(time ?? "");
  const startMs = Math.min(...statuses.map(({ created_at }) => at(created_at)));
  const endMs = Math.max(...statuses.map(({ completed_at }) => at(completed_at)));
  const cpuMs = Object.keys(groups).map((name): [string, number] => [
    name,
    (1000 * ((after[name] ?? 0) - (before[name] ?? 0))) / jobs,
  ]);
  return { statuses, seconds: (endMs - startMs) / 1000, cpuMs };
}

/** What an idle worker costs. @source proc(5): /proc/pid/stat counts in 100ths of a second */
async function watchIdle(port: number, pid: number) {
  await sleep(settleSeconds * 1000);
  const look = async () => ({
    at: performance.now(),
    pulls: await countPulls(port),
    cpuSeconds:
      readFileSync(`/proc/${pid}/stat`, "utf8")
        .split(" ")
        .slice(13, 15)
        .reduce((sum, ticks) => sum + Number(ticks), 0) / 100,
  });
  const before = await look();
  await sleep(idleSeconds * 1000);
  const after = await look();
  const seconds = (after.at - before.at) / 1000;
  const [, kib] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return {
    cpuPercent: (100 * (after.cpuSeconds - before.cpuSeconds)) / seconds,
    pullsPerMinute: (60 * (after.pulls - before.pulls)) / seconds,
    memoryMiB: Math.round(Number(kib) / 1024),
  };
}

async function countPulls(port: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return [...text.matchAll(/^dream_queue_pulls_total\{.*\} (\d+)/gm)].reduce(
    (sum, [, n]) => sum + Number(n),
    0,
  );
}

const totalMs = ({ created_at, completed_at }: VideoStatus) =>
  Date.parse(completed_at ?? "") - Date.parse(created_at ?? "");

function tableRow(what: string, values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return `${what.padEnd(34)}${[0.5, 0.95, 0.99].map((share) => String(at(share)).padStart(9)).join("")}`;
}
