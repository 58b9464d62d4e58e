/**
 * `npm run bench -- api [--seconds 4]`: what a client waits for `finish` and `video-status`, beside the
 * smallest Worker on the same runtime in the same run, so that the emulator's share can be told from the
 * edge's. No worker runs: the jobs stay queued.
 */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { root } from "../local/root.ts";
import { type Cloud, startCloud } from "../tests/chaos/cloud.ts";
import { freePort } from "../tests/free-port.ts";
import { askForFilm, startQuickWorker, untilCompleted } from "../tests/pool/quick-pool.ts";
import type { D1Use } from "./api/d1-use.ts";
import { type Load, load, type Target } from "./api/load.ts";

const connections = [1, 16, 64];
/** Dreams to finish for each number of connections and second. */
const finishesPerSecond = 150;

/** A machine whose load changes slows both of a pair alike. */
const pairs = 6;
const pairSeconds = 2;
const pairedConnections = 16;

/** Prints the tables; each figure comes from so many seconds of requests. */
export async function run({ seconds }: { seconds: number }): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "dreamreel-bench-"));
  const cloud = await startCloud(folder);
  const baseline = await startBaseline(folder);
  try {
    const rows: [what: string, load: Load[]][] = [];
    const measure = async (what: string, target: (n: number) => Promise<Target>) => {
      const loads: Load[] = [];
      for (const n of connections) loads.push(await load(await target(n), n, seconds));
      rows.push([what, loads]);
    };
    const one =
      (method: Target["method"], url: string, headers = {}) =>
      async () => ({
        ...{ method, headers, nextUrl: () => url },
      });
    await measure("hello", one("GET", `${baseline.url}/hello`));
    await measure("read one row", one("GET", `${baseline.url}/read`));
    await measure("write one row", one("POST", `${baseline.url}/write`));
    const key = await cloud.newKey("bench");
    const headers = { authorization: `Bearer ${key}` };
    const queued = await askForFilm(cloud, key);
    const status = (dream: string) => one("GET", `${cloud.edgeUrl}/dreams/${dream}/video-status`, headers);
    await measure("status, queued", status(queued.dream));
    await completeFilm(cloud, queued);
    await measure("status, completed", status(queued.dream));
    await measure("finish", (n) => freshDreams(cloud, `bench-${n}`, finishesPerSecond * seconds));
    const shares = await inPairs(cloud, await one("POST", `${baseline.url}/write`)());
    print(rows, await countD1());
    console.log(
      `\nfinish as a share of "write one row" at ${pairedConnections} connections, in pairs of ${pairSeconds} s:`,
    );
    console.log(shares.map((share) => share.toFixed(2)).join("  "));
  } finally {
    await Promise.all([baseline.stop(), cloud.stop()]);
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * How many requests `finish` answers for each of the smallest Worker's writes, ascending: one after the
 * other.
 */
async function inPairs(cloud: Cloud, write: Target): Promise<number[]> {
  const shares: number[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    const finish = await freshDreams(cloud, `bench-pair-${pair}`, finishesPerSecond * pairSeconds);
    const ours = await load(finish, pairedConnections, pairSeconds);
    const bare = await load(write, pairedConnections, pairSeconds);
    shares.push(ours.requestsPerSecond / bare.requestsPerSecond);
  }
  return shares.sort((a, b) => a - b);
}

/** The Worker of api/baseline.ts, on the same workerd and served like the edge, with its own D1. */
async function startBaseline(folder: string) {
  const { outputFiles } = await build({
    entryPoints: [join(root, "bench", "api", "baseline.ts")],
    ...{ bundle: true, format: "esm", write: false, minify: true },
  });
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      ...{ host: "127.0.0.1", port: await freePort(), logRequests: false },
      resourcePersistencePath: join(folder, "baseline"),
      ...{ name: "baseline", modules: true, script: outputFiles[0]?.text ?? "" },
      ...{ compatibilityDate: "2026-11-01", d1Databases: { DB: "rows" } },
    }),
  );
  const url = (await miniflare.ready).origin;
  const made = await fetch(`${url}/table`, { method: "POST" });
  if (!made.ok) throw new Error(`The baseline made no table: ${made.status}`);
  return { url, stop: () => miniflare.dispose() };
}

async function completeFilm(cloud: Cloud, film: Awaited<ReturnType<typeof askForFilm>>): Promise<void> {
  const worker = await startQuickWorker(cloud, { port: await freePort(), slots: 1, filmMs: 0 });
  await untilCompleted(cloud, [film], 30);
  await worker.stop(10_000);
}

/** `count` new dreams of one owner, each to be finished once. */
async function freshDreams(cloud: Cloud, owner: string, count: number): Promise<Target> {
  const key = await cloud.newKey(owner);
  const headers = { authorization: `Bearer ${key}` };
  const ids = Array.from({ length: count }, (_, index) => `dream-${index}`);
  const left = ids.values();
  const create = async () => {
    for (const id of left) {
      const body = JSON.stringify({ id, transcript: "A lantern swam over the sea." });
      const init = { method: "POST", headers: { ...headers, "content-type": "application/json" }, body };
      const made = await fetch(`${cloud.edgeUrl}/dreams`, init);
      if (!made.ok) throw new Error(`POST /dreams: ${made.status} ${await made.text()}`);
      await made.body?.cancel();
    }
  };
  await Promise.all(Array.from({ length: 16 }, create));
  const urls = ids.map((id) => `${cloud.edgeUrl}/dreams/${id}/finish`).values();
  return { method: "POST", headers, nextUrl: () => urls.next().value ?? null };
}

async function countD1(): Promise<Record<string, D1Use>> {
  const { stdout } = await promisify(execFile)(process.execPath, ["bench/api/count-d1.ts"], { cwd: root });
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
}

function print(rows: readonly [string, Load[]][], uses: Record<string, D1Use>): void {
  const [, hello] = rows[0] ?? [];
  console.log(`\nrequests a second, p50 and p95 in ms; load average ${loadavg()[0]?.toFixed(1)}\n`);
  const heads = connections.map((n) => `${n} connection${n > 1 ? "s" : ""}`.padStart(21)).join("");
  console.log(`${"".padEnd(20)}${heads}   of hello at 16    trips  statements  rows read  written`);
  for (const [what, loads] of rows) {
    const cells = loads.map(
      ({ requestsPerSecond, p50, p95 }) =>
        requestsPerSecond.toFixed(0).padStart(7) + p50.toFixed(1).padStart(7) + p95.toFixed(1).padStart(7),
    );
    const share = (loads[1]?.requestsPerSecond ?? 0) / (hello?.[1]?.requestsPerSecond ?? 1);
    const use = uses[what];
    const counts = use
      ? [use.trips, use.statements, use.rowsRead, use.rowsWritten].map((n) => String(n).padStart(10)).join("")
      : "";
    console.log(`${what.padEnd(20)}${cells.join("")}${share.toFixed(2).padStart(17)}${counts}`);
  }
}
