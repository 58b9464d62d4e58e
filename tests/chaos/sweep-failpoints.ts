/**
 * Kills a worker at every named failpoint, one after the other, and lets a worker without failpoints finish
 * the jobs.
 */
import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { type Failpoint, failpoints } from "../../render-worker/runtime/failpoint.ts";
import { until } from "../until.ts";
import { checkHistory } from "./check-history.ts";
import { fetchFilm, look, type Submitted, submit } from "./clients.ts";
import { startCloud } from "./cloud.ts";
import { entriesOf, History } from "./history.ts";
import { recoveriesOf } from "./promises/progress.ts";
import { countUnknownPurchases } from "./promises/purchases.ts";
import type { Violation } from "./promises/violation.ts";
import { readBill, readRows } from "./read-rows.ts";
import { Machine } from "./workers.ts";

export interface SweepReport {
  /** The failpoints that were reached and killed the worker. */
  died: Record<Failpoint, boolean>;
  jobs: number;
  completed: number;
  unknownPurchases: number;
  recoveries: number[];
  violations: Violation[];
}

/** Only a worker that gets a stop signal hands a job back. */
const needsStop: readonly Failpoint[] = ["job.before_release", "job.released"];
/** For the films of all killed workers together. */
const endsWithinMs = 180_000;

/** The kills follow one another, so times are reported and not checked. */
const never = Number.POSITIVE_INFINITY;

export async function sweepCrashPoints(
  stateDir: string,
  say: (line: string) => void,
  points: readonly Failpoint[] = failpoints,
): Promise<SweepReport> {
  const history = new History();
  const cloud = await startCloud(stateDir);
  const options = {
    slots: 1,
    faults: { edgeLoss: 0, storeLoss: 0 },
    random: () => 1,
  };
  const doomed = new Machine("doomed", cloud, history, options);
  const sound = new Machine("sound", cloud, history, { ...options, slots: 3 });
  const over = new AbortController();
  try {
    const owner = { name: "alder", key: await cloud.newKey("alder") };
    const ticking = tick();
    const films: Submitted[] = [];
    const died = {} as Record<Failpoint, boolean>;
    for (const point of points) {
      // Under way when the job is handed back, at half of the stop deadline of 20 s.
      await cloud.breakOpenai({ latency_ms: { voice: needsStop.includes(point) ? 13_000 : 0 } });
      const billedBefore = (await cloud.bill()).billed.length;
      films.push(await submit(cloud, history, owner, films.length));
      await doomed.start(point);
      if (needsStop.includes(point)) await stopInTheMiddle(billedBefore);
      died[point] = await Promise.race([
        doomed.untilCrashed(),
        sleep(60_000, false, { signal: over.signal }).catch(() => false),
      ]);
      say(`${point}: ${died[point] ? "died there" : "was never reached"}`);
      if (!died[point]) await doomed.kill();
    }
    await sound.start();
    for (const film of films) {
      const status = await until(
        () => look(cloud, history, film),
        (answer) => answer?.status === "completed" || answer?.status === "failed",
        endsWithinMs,
      ).catch(() => null);
      if (status?.video_url) await fetchFilm(history, film, status.video_url);
    }
    over.abort();
    await ticking;
    // A machine that starts again clears its old scratch files.
    await doomed.start();
    await doomed.untilServing();
    await Promise.all([doomed.stop(), sound.stop()]);
    readBill((await cloud.bill()).billed, history);
    await cloud.stop();
    await readRows(stateDir, history);
    const { entries } = history;
    const violations = checkHistory(entries, { recoveryMs: never, stuckMs: never, webhookMs: never });
    if (violations.length === 0) await rm(stateDir, { recursive: true, force: true });
    return {
      died,
      jobs: films.length,
      completed: entriesOf(entries, "final").filter(({ args }) => args.status === "completed").length,
      unknownPurchases: countUnknownPurchases(entries),
      recoveries: recoveriesOf(entries)
        .map(({ ms }) => Math.round(ms))
        .sort((a, b) => a - b),
      violations,
    };
  } finally {
    over.abort();
    await Promise.all([doomed.stop(), sound.stop()]);
    await cloud.stop();
  }

  async function tick(): Promise<void> {
    while (!over.signal.aborted) {
      await cloud.sweep();
      await sleep(60_000, undefined, { signal: over.signal }).catch(() => {});
    }
  }

  async function stopInTheMiddle(billedBefore: number): Promise<void> {
    const mine = () =>
      entriesOf(history.entries, "claim").some(
        ({ actor, args }) => actor === doomed.workerId && args.attempt !== null,
      );
    await until(mine);
    // A purchase is under way, so the worker hands the job back.
    await until(async () => (await cloud.bill()).billed.length > billedBefore);
    doomed.askToStop();
  }
}
