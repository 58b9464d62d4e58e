/**
 * `npm run bench -- cost`: what a film costs, from the counts of a real run: two films of four passages by
 * production's worker, the second with one viewer of its live stream, with an AI that takes as long as the
 * real one. Prices are those of deploy/cost-model.ts.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import type { VideoStatus } from "../contract/job.ts";
import { startGroup } from "../local/process-group.ts";
import { root } from "../local/root.ts";
import { type Cloud, startCloud } from "../tests/chaos/cloud.ts";
import { startFaultProxy } from "../tests/chaos/fault-proxy.ts";
import { findDatabase } from "../tests/chaos/read-rows.ts";
import { workerEnvironment } from "../tests/chaos/worker-environment.ts";
import { placeMigratedState } from "../tests/stack/migrated-state.ts";
import { until } from "../tests/until.ts";
import type { Counts } from "./cost/counts.ts";
import { printTables, type Run } from "./cost/print-tables.ts";
import { replay } from "./cost/replay.ts";

const likeTheRealOne = { text: 2_000, picture: 6_000, voice: 3_000 };
const dream = `I was flying over a city made of glass. Every window held a different season.
When I landed, my grandmother was waiting with a lantern. The street turned into a slow green river.
We rowed to a lighthouse that hummed like a bell. At the top a whale swam past the lamp, and I woke up.`;
const polls = 100;
const filmSeconds = 600;

/** Prints the tables. */
export async function run(): Promise<void> {
  const stateDir = mkdtempSync(join(tmpdir(), "dreamreel-cost-"));
  const cloud = await startCloud(stateDir, { edgeEntry: join("bench", "cost", "counted-edge.ts") });
  const wires = await countWires(cloud);
  const worker = startGroup("worker", [process.execPath, join("render-worker", "main.ts")], {
    cwd: root,
    logPath: workerLog(cloud),
    env: {
      ...{ PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE },
      ...workerEnvironment(cloud, "cost"),
      ...{ WORKER_ID: "cost", WORKER_CONCURRENCY: "2", OPENAI_API_KEY: "unused" },
      OPENAI_BASE_URL: `${cloud.openaiUrl}/v1`,
      S3_ENDPOINT: `${wires.storeUrl}/cdn-cgi/local/r2/s3`,
      CLOUDFLARE_API_BASE_URL: `${wires.queueUrl}/client/v4`,
    },
  });
  try {
    await cloud.breakOpenai({ latency_ms: likeTheRealOne });
    await until(async () => (await readLog(cloud)).includes('"worker.started"'));
    const runs: { name: string; counts: Counts; run: Omit<Run, "writerMs"> }[] = [];
    const first = await takeCounts(cloud);
    for (const isWatched of [false, true]) {
      const name = isWatched ? "with-a-viewer" : "unwatched";
      console.log(`a film ${name} …`);
      wires.take();
      const key = await cloud.newKey(name);
      const { seconds, scenes, aiUsd } = await makeFilm(cloud, key, isWatched);
      const counts = await takeCounts(cloud);
      runs.push({ name, counts, run: { ...{ name, seconds, scenes, aiUsd, counts }, ...wires.take() } });
      if (!isWatched) {
        for (let n = 0; n < polls; n++) await askJson(cloud, key, "GET", `/dreams/${name}/video-status`);
        const polled = await takeCounts(cloud);
        runs.push({
          name: "polls",
          counts: polled,
          run: { ...{ name: "polls", seconds: 0, scenes: 0, aiUsd: 0, counts: polled }, ...wires.take() },
        });
      }
    }
    await placeMigratedState(join(stateDir, "replayed"));
    const batches = [first, ...runs.map(({ counts }) => counts)].map((counts) => counts.batches);
    const times = replay(await findDatabase(join(stateDir, "replayed")), batches.flat());
    let at = first.batches.length;
    const timed = runs.map(({ run }): Run => {
      const own = times.slice(at, at + run.counts.batches.length);
      at += own.length;
      return { ...run, writerMs: own.reduce((sum, ms) => sum + ms, 0) };
    });
    console.log(`\nload average ${loadavg()[0]?.toFixed(1)}\n`);
    printTables(timed as [Run, Run, Run], polls);
  } finally {
    await worker.stop(5_000);
    wires.close();
    await cloud.stop();
    rmSync(stateDir, { recursive: true, force: true });
  }
}

const workerLog = (cloud: Cloud) => join(cloud.logDir, "worker-cost.log");
const readLog = (cloud: Cloud) => readFile(workerLog(cloud), "utf8");
const takeCounts = async (cloud: Cloud) => (await (await fetch(`${cloud.edgeUrl}/_counts`)).json()) as Counts;

/** The worker's calls to the object store and to the queue. */
async function countWires(cloud: Cloud) {
  let counted = { storeWrites: 0, storeReads: 0, storeBytes: 0, emptyPulls: 0 };
  const rules = { decide: () => "carry" as const, now: () => performance.now() };
  const store = await startFaultProxy({
    ...{ ...rules, target: cloud.edgeUrl },
    report({ method, path, body }) {
      const isRead = (method === "GET" && !path.includes("list-type=")) || method === "HEAD";
      if (isRead) counted.storeReads++;
      else if (method !== "DELETE") counted.storeWrites++;
      counted.storeBytes += body.length;
    },
  });
  const queue = await startFaultProxy({
    ...{ ...rules, target: cloud.queueUrl },
    report({ path }, reply) {
      const isEmpty = path.endsWith("/pull") && reply?.body.includes('"messages":[]');
      if (isEmpty) counted.emptyPulls++;
    },
  });
  return {
    storeUrl: store.url,
    queueUrl: queue.url,
    take() {
      const taken = counted;
      counted = { storeWrites: 0, storeReads: 0, storeBytes: 0, emptyPulls: 0 };
      return taken;
    },
    close() {
      store.close();
      queue.close();
    },
  };
}

/** Makes a film, and waits for its end by the worker's log, so that no client's call is counted. */
async function makeFilm(cloud: Cloud, key: string, isWatched: boolean) {
  const id = isWatched ? "with-a-viewer" : "unwatched";
  await askJson(cloud, key, "POST", "/dreams", { id, transcript: dream });
  const watching = new AbortController();
  const ends = (await readLog(cloud)).split('"job.completed"').length;
  await askJson(cloud, key, "POST", `/dreams/${id}/finish`, { length_seconds: 33 });
  if (isWatched) void watch(cloud, key, id, watching.signal);
  await until(
    async () => (await readLog(cloud)).split('"job.completed"').length > ends,
    Boolean,
    filmSeconds * 1000,
  );
  watching.abort();
  const line = (await readLog(cloud)).split("\n").findLast((text) => text.includes('"job.completed"'));
  const { total_usd } = await askJson<{ total_usd: number }>(cloud, key, "GET", `/dreams/${id}/cost`);
  const status = await askJson<VideoStatus>(cloud, key, "GET", `/dreams/${id}/video-status`);
  const { seconds } = JSON.parse(line ?? "{}") as { seconds: number };
  return { seconds, scenes: status.scenes.total ?? 0, aiUsd: total_usd };
}

/** Reads the dream's live stream until the signal. */
async function watch(cloud: Cloud, key: string, id: string, signal: AbortSignal): Promise<void> {
  const headers = { authorization: `Bearer ${key}` };
  try {
    const answer = await fetch(`${cloud.edgeUrl}/dreams/${id}/video-events`, { headers, signal });
    for await (const _ of answer.body ?? []);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

async function askJson<T>(
  cloud: Cloud,
  key: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<T> {
  const answer = await fetch(cloud.edgeUrl + path, {
    method,
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}
