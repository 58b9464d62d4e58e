import { describe, expect, it, vi } from "vitest";
import { heartbeatSeconds, limits, quietSeconds } from "../contract/limits.ts";
import type { CarriedReport, ProgressReport } from "../contract/report.ts";
import { Cancelled, Fenced, Rejected, Transient } from "./errors.ts";
import { carryReports } from "./pipeline/carried-report.ts";
import { Progress } from "./pipeline/progress.ts";
import { startReporting } from "./reporting.ts";

const job = { job_id: "job_1", attempt: 1, lease_ms: 30_000 };

function start(
  answer: (report: ProgressReport, call: number) => void,
  { leaseMs = job.lease_ms, watched = true, asks_for_reports = false, canBeAsked = false } = {},
) {
  const reports: ProgressReport[] = [];
  const aborted: unknown[] = [];
  const progress = new Progress(() => reporting.notify());
  const edge = {
    report: async (_: string, report: ProgressReport) => {
      reports.push(report);
      answer(report, reports.length);
      return { lease_ms: 30_000, watched, asks_for_reports };
    },
  };
  const reporting = startReporting(
    edge,
    { ...job, lease_ms: leaseMs },
    progress,
    (reason) => aborted.push(reason),
    () => canBeAsked,
  );
  return { progress, reporting, reports, aborted };
}

const numbers = (reports: ProgressReport[]) => reports.flatMap((report) => report.events.map(({ n }) => n));

describe("reporting", () => {
  it("carries every event once, in order, also those that come while a report is under way", async () => {
    const { progress, reporting, reports } = start((_, call) => {
      if (call === 1) progress.enter("scenes");
    });
    progress.enter("storyboard");
    await reporting.drain();
    await reporting.stop();
    expect(numbers(reports)).toEqual([1, 2]);
  });

  it("says which assets are used with what it says anyway, and all of them before the end", async () => {
    const { progress, reporting, reports } = start((_, call) => {
      if (call === 1) throw new Transient("edge.unreachable", "");
    });
    for (let index = 0; index < 130; index++) progress.useAsset(String(index));
    await reporting.drain();
    await reporting.stop();
    const counts = reports.map(({ assets }) => assets.length);
    expect(counts).toEqual([100, 100, 30]);
    expect(new Set(reports.flatMap(({ assets }) => assets)).size).toBe(130);
  });

  it("gathers what happens at once, but for the news that the film plays", async () => {
    vi.useFakeTimers();
    const { progress, reporting, reports } = start(() => {});
    progress.enter("storyboard");
    await vi.advanceTimersByTimeAsync(100);
    expect(reports).toEqual([]);
    progress.log({ type: "film.playable", data: { scene: 0, seconds: 4, rendition: "360p" } });
    await vi.advanceTimersByTimeAsync(0);
    expect(numbers(reports)).toEqual([1, 2]);
    vi.useRealTimers();
    await reporting.stop();
  });

  it("reports once a heartbeat what happens while the dream has no listeners, but at once that it plays", async () => {
    vi.useFakeTimers();
    const { progress, reporting, reports } = start(() => {}, { watched: false });
    progress.enter("storyboard");
    await vi.advanceTimersByTimeAsync(300);
    expect(numbers(reports)).toEqual([1]);
    progress.enter("scenes");
    await vi.advanceTimersByTimeAsync(heartbeatSeconds * 1000 - 400);
    expect(numbers(reports)).toEqual([1]);
    progress.enter("film");
    await vi.advanceTimersByTimeAsync(500);
    expect(reports.map(({ events }) => events.map(({ n }) => n))).toEqual([[1], [2, 3]]);
    progress.log({ type: "film.playable", data: { scene: 0, seconds: 4, rendition: "360p" } });
    await vi.advanceTimersByTimeAsync(0);
    expect(numbers(reports)).toEqual([1, 2, 3, 4]);
    vi.useRealTimers();
    await reporting.stop();
  });

  it.each([
    [true, true, quietSeconds],
    [true, false, heartbeatSeconds],
    [false, true, heartbeatSeconds],
  ])(
    "edge that asks for reports: %s, open connection: %s: reports every %d s without listeners",
    async (asks_for_reports, canBeAsked, seconds) => {
      vi.useFakeTimers();
      const options = { watched: false, asks_for_reports, canBeAsked };
      const { progress, reporting, reports } = start(() => {}, options);
      progress.enter("storyboard");
      await vi.advanceTimersByTimeAsync(250);
      progress.enter("scenes");
      await vi.advanceTimersByTimeAsync(seconds * 1000 - 1);
      expect(numbers(reports)).toEqual([1]);
      await vi.advanceTimersByTimeAsync(1);
      expect(numbers(reports)).toEqual([1, 2]);
      await vi.advanceTimersByTimeAsync(seconds * 1000);
      expect(reports).toHaveLength(3);
      vi.useRealTimers();
      await reporting.stop();
    },
  );

  it("counts a report that another message carried, and does not repeat it", async () => {
    vi.useFakeTimers();
    const { progress, reporting, reports } = start(() => {});
    const carrier = carryReports(progress);
    progress.enter("storyboard");
    await vi.advanceTimersByTimeAsync(200);
    const carried = carrier.take();
    expect(carried?.events.map(({ n }) => n)).toEqual([1]);
    const answer = { lease_ms: 30_000, watched: true, asks_for_reports: false };
    carrier.stored(carried as CarriedReport, answer, performance.now());
    await vi.advanceTimersByTimeAsync(heartbeatSeconds * 1000 - 1);
    expect(reports).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(reports.map(({ events }) => events)).toEqual([[]]);
    vi.useRealTimers();
    await reporting.stop();
  });

  it("keeps what the newer answer says of listeners, where an older request is answered later", async () => {
    vi.useFakeTimers();
    const { progress, reporting, reports } = start(() => {}, { asks_for_reports: true, canBeAsked: true });
    const carrier = carryReports(progress);
    const sentAtMs = performance.now();
    const carried = carrier.take() as CarriedReport;
    await vi.advanceTimersByTimeAsync(1);
    reporting.prove();
    await vi.advanceTimersByTimeAsync(0);
    expect(reports).toHaveLength(1);
    carrier.stored(carried, { lease_ms: 30_000, watched: false, asks_for_reports: true }, sentAtMs);
    progress.enter("storyboard");
    await vi.advanceTimersByTimeAsync(300);
    expect(numbers(reports)).toEqual([1]);
    vi.useRealTimers();
    await reporting.stop();
  });

  it("carries no storyboard that is too large for another message", async () => {
    const { progress, reporting } = start(() => {});
    progress.warn("code", "w".repeat(limits.internalBodyBytes / 3), null);
    expect(carryReports(progress).take()).toBeNull();
    await reporting.stop();
  });

  it("reports at once, without a change, when the edge may take the worker for dead", async () => {
    vi.useFakeTimers();
    const { reporting, reports } = start(() => {}, { watched: false });
    for (let n = 1; n <= 3; n++) {
      reporting.prove();
      await vi.advanceTimersByTimeAsync(0);
      expect(reports).toHaveLength(n);
    }
    await vi.advanceTimersByTimeAsync(heartbeatSeconds * 1000 - 1);
    expect(reports).toHaveLength(3);
    vi.useRealTimers();
    await reporting.stop();
  });

  it("sends the rest at once at the end, and gathers nothing more", async () => {
    vi.useFakeTimers();
    const { progress, reporting, reports } = start(() => {});
    progress.enter("storyboard");
    const drained = reporting.drain();
    await vi.advanceTimersByTimeAsync(0);
    await drained;
    expect(numbers(reports)).toEqual([1]);
    vi.useRealTimers();
    await reporting.stop();
  });

  it("gives the rest to the job's end, and sends it by itself only if told to or with a heartbeat", async () => {
    vi.useFakeTimers();
    const { progress, reporting, reports } = start(() => {});
    progress.enter("storyboard");
    expect((await reporting.takeRest()).events.map(({ n }) => n)).toEqual([1]);
    await vi.advanceTimersByTimeAsync(heartbeatSeconds * 1000 - 1);
    expect(reports).toEqual([]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(numbers(reports)).toEqual([1]);
    progress.enter("scenes");
    await reporting.takeRest();
    const drained = reporting.drain();
    await vi.advanceTimersByTimeAsync(0);
    await drained;
    expect(numbers(reports)).toEqual([1, 2]);
    vi.useRealTimers();
    await reporting.stop();
  });

  it("sends first what is too much for the message of the job's end", async () => {
    const { progress, reporting, reports } = start(() => {});
    progress.warn("code", "w".repeat(limits.internalBodyBytes / 3), null);
    expect((await reporting.takeRest()).events).toEqual([]);
    expect(numbers(reports)).toEqual([1]);
    await reporting.stop();
  });

  it("sends again what an unreachable edge did not confirm", async () => {
    const { progress, reporting, reports, aborted } = start((_, call) => {
      if (call === 1) throw new Transient("edge.unreachable", "");
    });
    progress.enter("storyboard");
    await reporting.drain();
    await reporting.stop();
    expect(numbers(reports)).toEqual([1, 1]);
    expect(aborted).toEqual([]);
  });

  it.each([new Fenced("job.fenced", ""), new Cancelled("job.cancelled", "")])(
    "dies of %s at once",
    async (refusal) => {
      const { progress, reporting, aborted } = start(() => {
        throw refusal;
      });
      progress.enter("storyboard");
      await expect(reporting.drain()).rejects.toBe(refusal);
      expect(aborted).toEqual([refusal]);
      await reporting.stop();
    },
  );

  it("stops the work with the reason where the edge refuses a report as too large", async () => {
    const { progress, reporting, aborted } = start(() => {
      throw new Rejected("request.too_large", "The body is too large");
    });
    progress.enter("storyboard");
    const refused = { name: "Transient", code: "report.refused" };
    await expect(reporting.drain()).rejects.toMatchObject(refused);
    expect(aborted).toMatchObject([refused]);
    expect((aborted[0] as Error).message).toContain("request.too_large");
    await reporting.stop();
  });

  it("splits what is too large for one report, and sends a single large event alone", async () => {
    const { progress, reporting, reports } = start(() => {});
    const warn = (chars: number) => progress.warn("code", "w".repeat(chars), null);
    for (const share of [0.4, 0.4, 0.4, 1.1, 0.1]) warn(share * limits.reportEventsBytes);
    await reporting.drain();
    await reporting.stop();
    expect(reports.map(({ events }) => events.map(({ n }) => n))).toEqual([[1, 2], [3], [4], [5]]);
  });

  it("stops the work before a lease that cannot be renewed ends", async () => {
    const { progress, reporting, aborted } = start(
      () => {
        throw new Transient("edge.unreachable", "");
      },
      { leaseMs: 1_000 },
    );
    progress.enter("storyboard");
    await expect(reporting.drain()).rejects.toMatchObject({ code: "lease.lost" });
    expect(aborted).toHaveLength(1);
    await reporting.stop();
  });
});

describe("progress", () => {
  it("never goes back and never says 100", () => {
    const progress = new Progress(() => {});
    let last = 0;
    const check = () => {
      const { percent } = progress.snapshot;
      expect(percent).toBeGreaterThanOrEqual(last);
      expect(percent).toBeLessThan(100);
      last = percent;
    };
    progress.enter("storyboard");
    progress.setSceneCount(3);
    progress.enter("scenes");
    for (const part of ["picture", "voice", "segment"] as const)
      for (let scene = 0; scene < 3; scene++) {
        progress.finished(part);
        check();
      }
    for (const stage of ["film", "publish"] as const) {
      progress.enter(stage);
      check();
    }
    expect(progress.snapshot.scenesReady).toBe(3);
  });
});
