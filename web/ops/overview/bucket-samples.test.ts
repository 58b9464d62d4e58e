import { describe, expect, it } from "vitest";
import type { OpsFigures } from "../../../contract/ops.ts";
import { bucketSamples } from "./bucket-samples.ts";

const start = Date.parse("2026-11-01T10:00:00Z");
const sample = (
  seconds: number,
  depth: number,
  waits: number,
  waited: number,
  completed = 0,
): OpsFigures => ({
  at: new Date(start + seconds * 1000).toISOString(),
  queues: {
    premium: { depth: 0, oldest_seconds: 0, waits: 0, waited_seconds: 0 },
    standard: { depth, oldest_seconds: 0, waits, waited_seconds: waited },
  },
  processing: 0,
  workers: 1,
  slots: 2,
  completed,
  failed: 0,
  cancelled: 0,
  requeued: 0,
  spent_usd: 0,
  webhooks_pending: 0,
  outbox_overdue: 0,
  dead_letters: 0,
});

describe("the data of the charts", () => {
  const series = bucketSamples(
    [sample(0, 3, 10, 100), sample(60, 9, 10, 100), sample(120, 2, 14, 140), sample(180, 0, 14, 140, 2)],
    { bucketSeconds: 120 },
  );

  it("keeps the peak of a depth", () => {
    expect(series.at).toEqual([start / 1000, start / 1000 + 120]);
    expect(series.depth.standard).toEqual([9, 2]);
  });

  it("shows the mean of the waits that ended, and none when none ended", () => {
    expect(series.wait.standard).toEqual([null, 10]);
    expect(series.wait.premium).toEqual([null, null]);
  });

  it("counts the films that ended in each bucket", () => {
    expect(series.completed).toEqual([null, 2]);
  });
});
