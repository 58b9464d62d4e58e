/** The tables of `npm run bench -- cost`, in Markdown, from the counts of its run. */
import { prices } from "../../deploy/cost-model.ts";
import type { Counts } from "./counts.ts";

/** What one film of the run used, or the polls. */
export interface Run {
  name: string;
  /** From claim to completion. */
  seconds: number;
  scenes: number;
  aiUsd: number;
  counts: Counts;
  storeWrites: number;
  storeReads: number;
  storeBytes: number;
  emptyPulls: number;
  /** Milliseconds of D1's writer. */
  writerMs: number;
}

/** CPU milliseconds of a request, as an estimate: a laptop's runtime does not tell. */
const cpuMs = { worker: 4, client: 2 };
/** @source fly.worker.toml, WORKER_CONCURRENCY */
const slotsPerMachine = 2;
/** @source developers.cloudflare.com/queues/platform/pricing: a message is written, read and deleted */
const operationsPerMessage = 3;
/** @source developers.cloudflare.com/durable-objects/platform/pricing: 128 MB while it is in memory */
const objectGigabytes = 0.128;
/** Above this share of its time the writer's queue grows: waits double. */
const busyShare = 0.5;

const sum = (counts: Record<string, number>) => Object.values(counts).reduce((a, b) => a + b, 0);
const of = (run: Run, caller: "worker" | "client") =>
  sum(Object.fromEntries(Object.entries(run.counts.requests).filter(([kind]) => kind.startsWith(caller))));

/** Prints what was counted, the dollars, what grows with viewers, and the writer's limit. */
export function printTables([unwatched, polled, watched]: [Run, Run, Run], polls: number): void {
  console.log(countTable([unwatched, watched]));
  console.log(`\n${kindTable([unwatched, watched])}`);
  console.log(`\n${dollarTable(unwatched)}`);
  console.log(`\n${viewerTable(polled, polls)}`);
  console.log(`\n${writerTable(unwatched)}`);
}

function countTable(runs: Run[]): string {
  const rows: [string, (run: Run) => number | string][] = [
    ["scenes", ({ scenes }) => scenes],
    ["seconds from claim to completion", ({ seconds }) => seconds.toFixed(1)],
    ["signed requests of the worker", (run) => of(run, "worker")],
    ["requests of clients", (run) => of(run, "client")],
    ["D1 batches", ({ counts }) => counts.batches.length],
    ["D1 statements", ({ counts }) => counts.batches.flat().length],
    ["D1 rows written", ({ counts }) => counts.rowsWritten],
    ["D1 rows read", ({ counts }) => counts.rowsRead],
    ["milliseconds of D1's writer", ({ writerMs }) => writerMs.toFixed(1)],
    ["calls of Durable Objects", ({ counts }) => sum(counts.objects)],
    ["their alarms", ({ counts }) => sum(counts.alarms)],
    ["R2 operations of class A", (run) => run.storeWrites + run.counts.mediaWrites],
    ["R2 operations of class B", (run) => run.storeReads + run.counts.mediaReads],
    ["megabytes uploaded", ({ storeBytes }) => (storeBytes / 1e6).toFixed(1)],
    ["queue messages", ({ counts }) => counts.queueMessages],
    ["empty pulls", ({ emptyPulls }) => emptyPulls],
    ["AI, US dollars", ({ aiUsd }) => aiUsd.toFixed(4)],
  ];
  return table(
    ["one film", ...runs.map(({ name }) => name)],
    rows.map(([what, value]) => [what, ...runs.map((run) => String(value(run)))]),
  );
}

function kindTable(runs: Run[]): string {
  const kinds = [...new Set(runs.flatMap(({ counts }) => Object.keys(counts.requests)))].sort();
  return table(
    ["requests", ...runs.map(({ name }) => name)],
    kinds.map((kind) => [kind, ...runs.map(({ counts }) => String(counts.requests[kind] ?? 0))]),
  );
}

function dollarTable(run: Run): string {
  const { counts } = run;
  const requests = { worker: of(run, "worker"), client: of(run, "client") };
  const cpu = requests.worker * cpuMs.worker + requests.client * cpuMs.client;
  const alarms = sum(counts.alarms);
  const lines: [string, number][] = [
    ["AI", run.aiUsd],
    ["Fly: machines", (run.seconds / slotsPerMachine) * prices.machineSecond],
    ["Fly: uploads to R2", (run.storeBytes / 1e9) * prices.egressGigabyte],
    ["R2: a month of storage", (run.storeBytes / 1e9) * prices.r2GigabyteMonth],
    [
      "R2: operations",
      (run.storeWrites + counts.mediaWrites) * prices.r2Write +
        (run.storeReads + counts.mediaReads) * prices.r2Read,
    ],
    ["Workers", (requests.worker + requests.client) * prices.workerRequest + cpu * prices.workerCpuMs],
    ["D1", counts.rowsWritten * prices.d1RowWritten + counts.rowsRead * prices.d1RowRead],
    ["Durable Objects", (sum(counts.objects) + alarms) * prices.objectRequest + alarms * prices.d1RowWritten],
    ["Queues", (counts.queueMessages * operationsPerMessage + run.emptyPulls) * prices.queueOperation],
  ];
  const total = lines.reduce((all, [, dollars]) => all + dollars, 0);
  const line = (what: string, dollars: number) => [
    what,
    (1_000 * dollars).toFixed(2),
    `${((100 * dollars) / total).toFixed(1)} %`,
  ];
  return table(
    ["1,000 films like this", "US dollars", "share"],
    [...lines.map(([what, dollars]) => line(what, dollars)), line("**together**", total)],
  );
}

function viewerTable({ counts, writerMs }: Run, polls: number): string {
  const poll =
    prices.workerRequest + cpuMs.client * prices.workerCpuMs + (counts.rowsRead / polls) * prices.d1RowRead;
  const minuteOfObject = 60 * objectGigabytes * prices.objectGigabyteSecond;
  const stream = prices.workerRequest + cpuMs.client * prices.workerCpuMs + prices.objectRequest;
  const rows: [string, number, string][] = [
    ["poll the status every 5 s", 12_000 * poll, ((12_000 * writerMs) / polls / 1000).toFixed(1)],
    ["listen to the streams of 1,000 dreams", 1_000 * (minuteOfObject + stream), "0"],
    ["listen to the stream of one dream", minuteOfObject + 1_000 * stream, "0"],
  ];
  return table(
    ["1,000 viewers for a minute, who", "US dollars", "seconds of D1 (replicas share them)"],
    rows.map(([what, dollars, seconds]) => [what, dollars.toFixed(4), seconds]),
  );
}

function writerTable({ writerMs, seconds }: Run): string {
  const most = Math.floor((busyShare * 60_000) / writerMs);
  const machines = (films: number) => Math.ceil((films * seconds) / 60 / slotsPerMachine);
  const row = (films: number) => [
    films.toLocaleString("en"),
    `${((100 * films * writerMs) / 60_000).toFixed(1)} %`,
    machines(films).toLocaleString("en"),
  ];
  return table(
    ["films a minute", "of the writer's time", "machines with two slots"],
    [
      ...[1, 10, 60, 300, 600].filter((films) => films < most).map(row),
      [`**${most.toLocaleString("en")}: shard here**`, ...row(most).slice(1)],
    ],
  );
}

function table(heads: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [line(heads), `|---${"|---:".repeat(heads.length - 1)}|`, ...rows.map(line)].join("\n");
}
