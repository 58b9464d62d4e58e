import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { seedOfRun } from "../seeded.ts";
import { runChaos } from "./run-chaos.ts";

/** The short run. `npm run test:chaos -- --jobs 500 --seed 1` is the long one; SEED repeats a plan. */
it("loses nothing and pays nothing twice while workers and the edge are killed", async () => {
  // First of all, because a run that reaches the limit of its time reports nothing else.
  console.log(`SEED=${seedOfRun}`);
  const { history, ...report } = await runChaos({
    jobs: 6,
    seed: seedOfRun,
    workers: 2,
    slots: 2,
    stateDir: mkdtempSync(join(tmpdir(), "dreamreel-chaos-")),
    killEverySeconds: 4,
    mostKills: 2,
    killEdgeAt: 0.4,
    queue: { duplicate_rate: 0.3, lost_ack_rate: 0.1, error_500_rate: 0.05, reorder: true },
    wires: { edgeLoss: 0.2, storeLoss: 0.05, storeStalls: 0.03 },
    outageRetryWindowSeconds: 150,
  });
  expect(report, `SEED=${seedOfRun}, ${history.length} entries`).toMatchObject({
    // Where two deaths or broken calls fell on one asset, or three on one job, its film was asked for again:
    // the checker knows.
    ends: { completed: 6, ...(report.askedAgain > 0 ? { failed: report.askedAgain } : {}) },
    violations: [],
    leaks: [],
  });
  expect(report.kills).toBeGreaterThan(0);
  expect(report.lostCalls).toBeGreaterThan(0);
  // For a run that hangs: on a busy machine 60 s for the start, 150 s for films that wait out an outage of
  // their provider, 25 s for the workers to stop and 90 s for the last messages may all be needed, and half
  // as much again.
}, 600_000);
