import { describe, expect, it } from "vitest";
import type { OpsJob, OpsTimeline } from "../../../contract/ops.ts";
import { layOut } from "./lay-out.ts";

const start = Date.parse("2026-11-01T10:00:00Z");
const at = (seconds: number) => new Date(start + seconds * 1000).toISOString();
const job: OpsJob = {
  id: "job_1",
  dream_id: "d",
  owner: "ada",
  status: "completed",
  priority: "standard",
  stage: "done",
  progress: 100,
  attempt: 2,
  failed_attempts: 1,
  worker_id: "w",
  scenes: { total: 1, ready: 1 },
  cost_usd: 0.1,
  error: null,
  redo_of: null,
  trace_id: null,
  lease_expires_at: null,
  created_at: at(0),
  started_at: at(5),
  playable_at: at(18),
  ended_at: at(20),
};
const story = (change: Partial<OpsTimeline>): OpsTimeline => ({
  job,
  events: [],
  attempts: [],
  scenes: [],
  costs: [],
  webhooks: [],
  ...change,
});
const seconds = (bars: { fromMs: number; toMs: number; tone: string }[]) =>
  bars.map(({ fromMs, toMs, tone }) => [(fromMs - start) / 1000, (toMs - start) / 1000, tone]);

describe("a job's timeline", () => {
  it("shows both waits and both attempts of a job with two attempts", () => {
    const attempts = [
      { attempt: 1, worker_id: "w", started_at: at(5), ended_at: at(9), outcome: "lease.lapsed" },
      { attempt: 2, worker_id: "w", started_at: at(11), ended_at: at(20), outcome: "job.completed" },
    ];
    const { lanes, toMs } = layOut(story({ attempts }), start + 1e9);
    expect(toMs, "it ends where the job ended").toBe(start + 20_000);
    expect(lanes.map(({ label, bars }) => [label, ...seconds(bars)])).toEqual([
      ["Waiting", [0, 5, "wait"], [9, 11, "wait"]],
      ["Attempt 1", [5, 9, "bad"]],
      ["Attempt 2", [11, 20, "good"]],
    ]);
  });

  it("extends a wait and an attempt that continue until now", () => {
    const waiting = {
      ...job,
      status: "queued" as const,
      started_at: null,
      playable_at: null,
      ended_at: null,
    };
    expect(seconds(layOut(story({ job: waiting }), start + 7_000).lanes[0]?.bars ?? [])).toEqual([
      [0, 7, "wait"],
    ]);
    const working = { ...waiting, status: "processing" as const, started_at: at(5) };
    const attempts = [{ attempt: 1, worker_id: "w", started_at: at(5), ended_at: null, outcome: null }];
    const { lanes } = layOut(story({ job: working, attempts }), start + 7_000);
    expect(lanes.map(({ bars }) => seconds(bars))).toEqual([[[0, 5, "wait"]], [[5, 7, "work"]]]);
  });

  it("begins a scene with the attempt that made it", () => {
    const attempts = [
      { attempt: 1, worker_id: "w", started_at: at(5), ended_at: at(20), outcome: "job.completed" },
    ];
    const scenes = [
      { scene: 0, picture_at: at(12), voice_at: at(8), ready_at: at(15), reused: 0, cost_usd: 0.04 },
    ];
    const lane = layOut(story({ attempts, scenes }), start).lanes.at(-1);
    expect(lane?.label).toBe("Scene 1");
    expect(seconds(lane?.bars ?? [])).toEqual([[5, 15, "good"]]);
    expect(lane?.marks.map(({ kind }) => kind)).toEqual(["picture", "voice", "ready"]);
  });

  it("shows a job that was cancelled before a worker took it", () => {
    const cancelled = {
      ...job,
      status: "cancelled" as const,
      started_at: null,
      playable_at: null,
      ended_at: at(3),
    };
    expect(layOut(story({ job: cancelled }), start + 1e9).lanes.map(({ bars }) => seconds(bars))).toEqual([
      [[0, 3, "wait"]],
    ]);
  });
});
