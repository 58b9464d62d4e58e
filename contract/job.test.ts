import { describe, expect, it } from "vitest";
import { seeded, seedOfRun } from "../tests/seeded.ts";
import { isTerminal, type JobAction, JobStatus, transition } from "./job.ts";

const actions: readonly JobAction[] = [
  ...(["claim", "release", "complete", "fail", "cancel"] as const),
  ...(["pause", "approve", "expire"] as const),
];
const legal = new Set([
  ...["queued claim processing", "queued cancel cancelled", "queued fail failed"],
  ...["processing release queued", "processing complete completed"],
  ...["processing fail failed", "processing cancel cancelled"],
  ...["processing pause waiting", "waiting approve queued"],
  ...["waiting cancel cancelled", "waiting expire expired"],
]);

describe("the life of a job", () => {
  it("knows these steps and no others", () => {
    const known = JobStatus.options.flatMap((from) =>
      actions.flatMap((action) => {
        const to = transition(from, action);
        return to === null ? [] : [`${from} ${action} ${to}`];
      }),
    );
    expect(new Set(known)).toEqual(legal);
  });

  it(`ends on each of 100,000 random walks, once, and stays there (SEED=${seedOfRun})`, () => {
    const random = seeded(seedOfRun);
    const ends: Record<string, number> = {};
    for (let walk = 0; walk < 100_000; walk++) {
      let at: JobStatus = "queued";
      let end: JobStatus | null = null;
      for (let step = 0; step < 60; step++) {
        const action = actions[Math.floor(random() * actions.length)] as JobAction;
        const to = transition(at, action);
        if (to === null) continue;
        if (!legal.has(`${at} ${action} ${to}`)) throw new Error(`${at} ${action} ${to} is not legal`);
        if (end !== null) throw new Error(`${end} was an end, and turned into ${to}`);
        at = to;
        if (isTerminal(at)) end = at;
      }
      if (end === null) throw new Error(`a walk stands at ${at} after 60 steps`);
      ends[end] = (ends[end] ?? 0) + 1;
    }
    expect(Object.keys(ends).sort()).toEqual(["cancelled", "completed", "expired", "failed"]);
  });
});
