/**
 * One run: a cloud, a pool, clients that request films, and a fault generator. The seed decides the faults
 * and the lost calls. Timing depends on the machine, so a seed repeats a run's plan and not its every step.
 */
import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { isTerminal, JobStatus } from "../../contract/job.ts";
import { leaseSeconds } from "../../contract/limits.ts";
import type { FaultPlan } from "../../simulators/queue/faults.ts";
import { tally } from "../edge/harness.ts";
import { seeded } from "../seeded.ts";
import { until } from "../until.ts";
import { checkHistory } from "./check-history.ts";
import { askAgain, dreamMarker, fetchFilm, look, pry, type Submitted, submit } from "./clients.ts";
import { type Cloud, startCloud } from "./cloud.ts";
import { type Entry, entriesOf, History } from "./history.ts";
import { malformedAnswers } from "./malformed.ts";
import { countWaits } from "./promises/approvals.ts";
import { recoveriesOf } from "./promises/progress.ts";
import { countUnknownPurchases } from "./promises/purchases.ts";
import type { Limits, Violation } from "./promises/violation.ts";
import { decide, firstQuestion, questionOf } from "./questions.ts";
import { readBill, readRows } from "./read-rows.ts";
import { openReceivers, type Receivers } from "./receivers.ts";
import { type Leak, searchLogs } from "./search-logs.ts";
import type { WireFaults } from "./wires.ts";
import { Machine, openaiKey } from "./workers.ts";

export interface ChaosPlan {
  jobs: number;
  seed: number;
  workers: number;
  slots: number;
  stateDir: string;
  /** A worker is killed every so many seconds, plus or minus half. 0: never. */
  killEverySeconds: number;
  /** No more kills than this. */
  mostKills?: number;
  /** The edge is killed once, when this share of the jobs has ended. Null: never. */
  killEdgeAt: number | null;
  queue: Partial<FaultPlan>;
  wires: WireFaults;
  outageRetryWindowSeconds: number;
  signal?: AbortSignal;
}

/** Share of calls to AI providers that fail before they are paid. */
const providerFailures = 0.1;
/** Share of calls to AI providers that get one of the malformed answers. */
const malformedShare = 0.15;
/** The interval of the cron trigger. */
const sweepEverySeconds = 60;
/** The longest waits that a run of any length allows. */
const limits: Limits = { recoveryMs: 90_000, stuckMs: leaseSeconds * 1000 + 60_000, webhookMs: 90_000 };

export interface ChaosReport {
  seed: number;
  seconds: number;
  jobs: number;
  ends: Record<string, number>;
  kills: number;
  edgeKills: number;
  /** The number of calls on the provider's bill, and of paid calls in the history. */
  billed: number;
  bought: number;
  unknownPurchases: number;
  /** The edge's ledger. */
  ledger: { paid: number; unknown: number };
  /**
   * Films that failed (an asset unknown twice, three workers killed over one job) and were asked for once
   * more.
   */
  askedAgain: number;
  /** Films that waited for their owner, and what the owner did then. */
  waited: ReturnType<typeof countWaits>;
  recoveries: { count: number; p50Ms: number; p95Ms: number; maxMs: number };
  lostCalls: number;
  /** Calls to the object store that were never answered, or whose answer stopped half-way. */
  stalledCalls: number;
  /** Malformed answers, by kind. */
  malformed: Record<string, number>;
  webhooks: { heard: number; takenInSilence: number };
  duplicates: number;
  leaks: Leak[];
  violations: Violation[];
  exitCodes: (number | null)[];
  history: readonly Entry[];
}

/** All processes have ended when it returns. The state folder stays if a promise was broken. */
export async function runChaos(
  plan: ChaosPlan,
  say: (line: string) => void = () => {},
): Promise<ChaosReport> {
  const history = new History(null);
  const random = seeded(plan.seed);
  const cloud = await startCloud(plan.stateDir);
  const pool = Array.from(
    { length: plan.workers },
    (_, index) =>
      new Machine(`w${index + 1}`, cloud, history, {
        slots: plan.slots,
        faults: plan.wires,
        random,
      }),
  );
  const over = new AbortController();
  let receivers: Receivers | undefined;
  try {
    const owners = await Promise.all(
      ["alder", "birch"].map(async (name) => ({ name, key: await cloud.newKey(name) })),
    );
    await cloud.breakQueue({ seed: plan.seed, ...plan.queue });
    await cloud.breakOpenai({
      seed: plan.seed,
      latency_ms: { text: 100, voice: 150, picture: 200 },
      faults: [
        { kind: "server_error", rate: providerFailures / 2, status: 500 },
        { kind: "connection_reset", rate: providerFailures / 2, status: 500 },
        ...malformedAnswers(malformedShare),
      ],
    });
    const [silent, heard] = owners as [(typeof owners)[0], (typeof owners)[0]];
    receivers = await openReceivers(cloud, history, { silent, heard });
    await Promise.all(pool.map((machine) => machine.start()));
    const films: Submitted[] = [];
    const ended = new Map<string, string>();
    const tasks = [tick(sweepEverySeconds, over.signal, cloud), killWorkers(plan, pool, random, over.signal)];
    const submitting = submitAll(
      plan.jobs,
      () => films.length - ended.size < plan.workers * plan.slots,
      over.signal,
      cloud,
      history,
      owners,
      films,
    );
    let edgeKills = 0;
    let askedAgain = 0;
    let lastLine = "";
    const nextDeadline = () => performance.now() + plan.outageRetryWindowSeconds * 1000;
    let deadline = nextDeadline();
    while (ended.size < plan.jobs + askedAgain && performance.now() < deadline) {
      plan.signal?.throwIfAborted();
      const gone = pool.find((machine) => machine.endedByItself);
      if (gone) throw new Error(`${gone.workerId} ended by itself; see ${cloud.logDir}`);
      for (const film of films.filter(({ job }) => !ended.has(job)).slice(0, 40)) {
        const status = await look(cloud, history, film);
        if (status?.job_id === film.job && status.approval !== null)
          await decide(cloud, history, film, status.approval);
        const end = JobStatus.safeParse(status?.status).data;
        if (!end || !isTerminal(end)) continue;
        ended.set(film.job, end);
        if (!status?.error?.retryable) continue;
        askedAgain++;
        deadline = nextDeadline();
        films.push(await askAgain(cloud, history, film));
      }
      if (plan.killEdgeAt !== null && edgeKills === 0 && ended.size >= plan.killEdgeAt * plan.jobs) {
        edgeKills++;
        await restartEdge(cloud, history);
      }
      const line = `${ended.size} of ${plan.jobs + askedAgain} have ended`;
      if (line !== lastLine) say(line);
      lastLine = line;
      await sleep(250);
    }
    over.abort();
    await Promise.all([...tasks, ended.size === plan.jobs + askedAgain ? submitting : null]);
    const exitCodes = await Promise.all(pool.map((machine) => machine.stop()));
    await lookAtTheEnd(cloud, history, films, owners);
    await untilHeard(history, films);
    const bill = await cloud.bill();
    readBill(bill.billed, history);
    await cloud.stop();
    await readRows(plan.stateDir, history);
    const leaks = await searchLogs(cloud.logDir, {
      ...cloud.secrets,
      openaiKey,
      "a dream's text": dreamMarker,
      ...Object.fromEntries(owners.map(({ name, key }) => [`key of ${name}`, key])),
    });
    const taken = receivers.taken();
    const report = summarise(
      plan,
      history,
      bill.billed.length,
      edgeKills,
      askedAgain,
      leaks,
      exitCodes,
      taken,
    );
    if (report.violations.length + leaks.length === 0)
      await rm(plan.stateDir, { recursive: true, force: true });
    return report;
  } finally {
    over.abort();
    await Promise.all(pool.map((machine) => machine.stop()));
    await cloud.stop();
    await receivers?.close();
  }
}

/** Waits for the last messages to the receiver that answers. */
async function untilHeard(history: History, films: Submitted[]): Promise<void> {
  const [listening] = entriesOf(history.entries, "listen");
  const jobs = films.filter(({ owner }) => owner === listening?.args.owner).map(({ job }) => job);
  const hasHeardAll = () => {
    const heard = new Set(entriesOf(history.entries, "heard").map(({ args }) => args.job));
    return jobs.every((job) => heard.has(job));
  };
  // The checker reports what is missing.
  await until(hasHeardAll, Boolean, limits.webhookMs).catch(() => {});
}

/** Clients come at the pool's pace, because the checker would take a backlog for a fault. */
async function submitAll(
  jobs: number,
  hasRoom: () => boolean,
  signal: AbortSignal,
  cloud: Cloud,
  history: History,
  owners: { name: string; key: string }[],
  films: Submitted[],
): Promise<void> {
  let next = 0;
  const one = async () => {
    while (next < jobs && !signal.aborted) {
      await until(() => hasRoom() || signal.aborted, Boolean, Number.POSITIVE_INFINITY);
      if (signal.aborted || next >= jobs) return;
      const number = next++;
      const owner = owners[number % owners.length] as (typeof owners)[0];
      films.push(await submit(cloud, history, owner, number, questionOf(number)));
    }
  };
  await Promise.all(Array.from({ length: 4 }, one));
}

async function killWorkers(
  plan: ChaosPlan,
  pool: Machine[],
  random: () => number,
  signal: AbortSignal,
): Promise<void> {
  if (plan.killEverySeconds === 0) return;
  for (let kills = 0; !signal.aborted && kills < (plan.mostKills ?? Number.POSITIVE_INFINITY); kills++) {
    await pauseFor(plan.killEverySeconds * (0.5 + random()), signal);
    const machine = pool[Math.floor(random() * pool.length)] as Machine;
    if (signal.aborted) return;
    await machine.kill();
    await pauseFor(0.3, signal);
    await machine.start();
  }
}

async function tick(seconds: number, signal: AbortSignal, cloud: Cloud): Promise<void> {
  while (!signal.aborted) {
    await cloud.sweep();
    await pauseFor(seconds, signal);
  }
}

async function restartEdge(cloud: Cloud, history: History): Promise<void> {
  history.add("nemesis", { op: "kill-edge", args: {} });
  await cloud.killEdge();
  await cloud.startEdge();
  history.add("nemesis", { op: "start-edge", args: {} });
}

async function lookAtTheEnd(
  cloud: Cloud,
  history: History,
  films: Submitted[],
  owners: { name: string; key: string }[],
): Promise<void> {
  for (const film of films) {
    const status = await look(cloud, history, film);
    // The film of a repeated request is that of the later job.
    if (status !== null && status.job_id !== film.job) continue;
    if (status?.video_url) await fetchFilm(history, film, status.video_url);
    const other = owners.find(({ name }) => name !== film.owner);
    if (other) await pry(cloud, history, film, other.key);
  }
}

function summarise(
  plan: ChaosPlan,
  { entries }: History,
  billed: number,
  edgeKills: number,
  askedAgain: number,
  leaks: Leak[],
  exitCodes: (number | null)[],
  takenInSilence: number,
): ChaosReport {
  // @throws Error if the history lacks an operation that surely happened: such a history proves nothing.
  for (const op of [
    "submit",
    "claim",
    "report",
    "complete",
    "buy",
    "put",
    "read",
    "final",
    "film",
    "charge",
    "bill",
    "budget",
    ...(plan.jobs > firstQuestion ? (["pause", "approve", "waited"] as const) : []),
  ] as const)
    if (entriesOf(entries, op).length === 0) throw new Error(`the history has no ${op}`);
  const ends: Record<string, number> = {};
  for (const { args } of entriesOf(entries, "final")) ends[args.status] = (ends[args.status] ?? 0) + 1;
  const waits = recoveriesOf(entries)
    .map(({ ms }) => ms)
    .sort((a, b) => a - b);
  const rank = (share: number) =>
    Math.round(waits[Math.min(waits.length - 1, Math.floor(waits.length * share))] ?? 0);
  return {
    seed: plan.seed,
    seconds: Math.round(Math.max(...entries.map(({ t }) => t)) / 1000),
    jobs: plan.jobs,
    ends,
    kills: entriesOf(entries, "kill").length,
    edgeKills,
    billed,
    bought: entriesOf(entries, "buy").filter(({ outcome }) => outcome === "ok").length,
    unknownPurchases: countUnknownPurchases(entries),
    ledger: {
      paid: entriesOf(entries, "charge").filter(({ args }) => args.state === "paid").length,
      unknown: entriesOf(entries, "charge").filter(({ args }) => args.state === "unknown").length,
    },
    askedAgain,
    waited: countWaits(entries),
    recoveries: { count: waits.length, p50Ms: rank(0.5), p95Ms: rank(0.95), maxMs: rank(1) },
    lostCalls: entries.filter(({ note }) => note?.includes("lost")).length,
    stalledCalls: entries.filter(({ note }) => note?.includes("stalled")).length,
    malformed: tally(
      entriesOf(entries, "buy").flatMap(({ args }) =>
        args.fault === null || args.fault === "server_error" ? [] : args.fault,
      ),
    ),
    webhooks: { heard: entriesOf(entries, "heard").length, takenInSilence },
    duplicates: entriesOf(entries, "claim").filter(
      ({ outcome, args }) => outcome === "ok" && args.attempt === null,
    ).length,
    leaks,
    violations: checkHistory(entries, limits),
    exitCodes,
    history: entries,
  };
}

const pauseFor = (seconds: number, signal: AbortSignal) =>
  sleep(seconds * 1000, undefined, { signal }).catch(() => {});
