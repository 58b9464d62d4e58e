/**
 * `npm run bench -- queues`: measures waiting times when more films are requested than two workers can make.
 * Films take a fixed time, so waits depend on the queues only. Exits with 1 if a promise is broken.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { VideoStatus } from "../contract/job.ts";
import { type Cloud, startCloud } from "../tests/chaos/cloud.ts";
import { freePort } from "../tests/free-port.ts";
import { askForFilm, startQuickWorker, untilCompleted, waitMs } from "../tests/pool/quick-pool.ts";

const slots = 2;
const filmMs = 400;

interface Share {
  who: string;
  priority: "premium" | "standard";
  jobs: number;
}

export interface Served extends Share {
  /** Milliseconds from finish to claim, ascending. */
  waits: number[];
  /** Positions in the order of all claims, from 0. */
  places: number[];
}

export async function run(): Promise<void> {
  const [mixed, owners] = await serveAll();
  console.log(`\nTwo workers with ${slots} slots each, films of ${filmMs} ms\n`);
  const columns = ["jobs", "p50 ms", "p95 ms", "longest", "first place", "last place"];
  console.log(`${"".padEnd(18)}${columns.map((name) => name.padStart(13)).join("")}`);
  for (const one of [...mixed, ...owners]) {
    const { jobs, waits, places } = one;
    const cells = [jobs, rank(waits, 0.5), rank(waits, 0.95), Math.max(...waits), places[0], places.at(-1)];
    console.log(`${one.who.padEnd(18)}${cells.map((cell) => String(cell).padStart(13)).join("")}`);
  }
  const broken = findBroken(mixed, owners);
  for (const what of broken) console.log(`broken: ${what}`);
  process.exitCode = broken.length === 0 ? 0 : 1;
}

/** The broken promises. */
export function findBroken(mixed: readonly Served[], owners: readonly Served[]): string[] {
  const [premium, standard] = mixed as [Served, Served];
  const [many, single] = owners as [Served, Served];
  // All films were requested before the pool was up, so the position in the order of claims measures the
  // wait, on any machine.
  const share = rank(premium.places, 0.95) / rank(standard.places, 0.95);
  const lastPremium = premium.places.at(-1) ?? 0;
  const servedMeanwhile = standard.places.filter((place) => place < lastPremium).length;
  // Requested last, when all of the other owner's were waiting.
  const before = many.places.filter((place) => place < (single.places[0] ?? 0)).length;
  return [
    ...(share > 1 / 3 ? [`premium waits ${share.toFixed(2)} times as long as standard`] : []),
    // Only zero fails: one pull in five begins with standard and takes as many jobs as there are free slots,
    // so the number is random.
    ...(servedMeanwhile === 0 ? ["standard starves until all premium is served"] : []),
    ...(before > 2 ? [`the single job waited for ${before} of the other owner's`] : []),
  ];
}

/**
 * Premium and standard jobs together, then an owner of many jobs (fifty by default) and an owner of one, on
 * one cloud.
 */
export async function serveAll(many = 50): Promise<[mixed: Served[], owners: Served[]]> {
  const stateDir = mkdtempSync(join(tmpdir(), "dreamreel-queues-"));
  const cloud = await startCloud(stateDir);
  try {
    const mixed = await serve(cloud, [
      { who: "premium", priority: "premium", jobs: 12 },
      { who: "standard", priority: "standard", jobs: 48 },
    ]);
    const owners = await serve(cloud, [
      { who: `ada, ${many} jobs`, priority: "standard", jobs: many },
      { who: "bob, one job", priority: "standard", jobs: 1 },
    ]);
    return [mixed, owners];
  } finally {
    await cloud.stop();
    rmSync(stateDir, { recursive: true, force: true });
  }
}

/**
 * Requests every share's films before the pool is up, the last share last, and lets two workers make them.
 */
async function serve(cloud: Cloud, shares: readonly Share[]): Promise<Served[]> {
  const films = [];
  for (const share of shares) {
    const key = await cloud.newKey(share.who.replace(/\W.*/, ""), share.priority);
    const asked = Array.from({ length: share.jobs }, () => askForFilm(cloud, key, share.priority));
    films.push({ share, films: await Promise.all(asked) });
  }
  const workers = [];
  try {
    for (let i = 0; i < 2; i++)
      workers.push(await startQuickWorker(cloud, { port: await freePort(), slots, filmMs }));
    return await inOrder(cloud, films);
  } finally {
    await Promise.all(workers.map((worker) => worker.stop(10_000)));
  }
}

async function inOrder(
  cloud: Cloud,
  asked: readonly { share: Share; films: Awaited<ReturnType<typeof askForFilm>>[] }[],
): Promise<Served[]> {
  const done: { share: Share; status: VideoStatus }[] = [];
  for (const { share, films } of asked)
    for (const status of await untilCompleted(cloud, films, 180)) done.push({ share, status });
  const claimedAt = ({ status }: (typeof done)[number]) => Date.parse(status.started_at ?? "");
  const order = done.toSorted((a, b) => claimedAt(a) - claimedAt(b));
  // All jobs wait for the pool to start, which does not depend on the queues.
  const poolStartMs = claimedAt(order[0] as (typeof done)[number]);
  return asked.map(({ share }) => {
    const theirs = order.flatMap((one, place) => (one.share === share ? [{ ...one, place }] : []));
    const sinceStart = ({ status }: { status: VideoStatus }) =>
      Math.min(waitMs(status), Date.parse(status.started_at ?? "") - poolStartMs);
    return {
      ...share,
      waits: theirs.map(sinceStart).toSorted((a, b) => a - b),
      places: theirs.map(({ place }) => place),
    };
  });
}

const rank = (sorted: readonly number[], share: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
