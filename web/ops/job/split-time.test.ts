import { expect, it } from "vitest";
import type { OpsTimeline } from "../../../contract/ops.ts";
import { splitTime } from "./split-time.ts";

const startMs = Date.parse("2026-11-01T10:00:00Z");
const at = (seconds: number) => new Date(startMs + seconds * 1000).toISOString();
const attempt = (n: number, from: number, to: number | null) => ({
  ...{ attempt: n, worker_id: "w", outcome: null },
  ...{ started_at: at(from), ended_at: to === null ? null : at(to) },
});
const retrying = (n: number, data: object) => ({
  ...{ seq: n, at: at(0), attempt: n, type: "job.retrying" },
  data: { attempt: n, ...data },
});
const timeline = (
  job: Partial<OpsTimeline["job"]>,
  attempts: OpsTimeline["attempts"],
  events: OpsTimeline["events"] = [],
) =>
  ({
    job: { created_at: at(0), ended_at: null, held: null, ...job },
    attempts,
    events,
  }) as unknown as OpsTimeline;
const split = (given: OpsTimeline, nowSeconds = 0) => splitTime(given, startMs + nowSeconds * 1000);

it("counts a hold between two attempts neither as waiting nor as work", () => {
  const held = retrying(1, { reason: "picture.no_credit", held_since: startMs });
  const done = timeline({ ended_at: at(113.4) }, [attempt(1, 0.4, 3.4), attempt(2, 103.4, 113.4)], [held]);
  expect(split(done)).toEqual({
    waitedMs: 400,
    heldMs: 100_000,
    workedMs: 13_000,
    heldBy: "picture.no_credit",
  });
});

it("counts the pause before another attempt as waiting", () => {
  const lost = retrying(1, { reason: "lease.lapsed", held_since: null });
  const done = timeline({ ended_at: at(20) }, [attempt(1, 1, 5), attempt(2, 10, 20)], [lost]);
  expect(split(done)).toEqual({ waitedMs: 6_000, heldMs: 0, workedMs: 14_000, heldBy: null });
});

it("goes on to now for a job that waits, is held, or is being made", () => {
  expect(split(timeline({}, []), 7)).toMatchObject({ waitedMs: 7_000, workedMs: 0 });
  expect(split(timeline({}, [attempt(1, 1, null)]), 7)).toMatchObject({ waitedMs: 1_000, workedMs: 6_000 });
  const hold = { code: "text.key_refused", message: "", since: at(2) };
  expect(split(timeline({ held: hold }, []), 7)).toEqual({
    ...{ waitedMs: 2_000, heldMs: 5_000, workedMs: 0, heldBy: "text.key_refused" },
  });
});
