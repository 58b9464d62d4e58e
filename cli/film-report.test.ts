import { expect, it } from "vitest";
import type { VideoStatus } from "../contract/job.ts";
import { filmReport } from "./film-report.ts";

const status = {
  video_url: "u",
  duration_seconds: 30,
  scenes: { total: 6, ready: 6 },
  timings: null,
  created_at: "2026-11-28T08:00:00.000Z",
  completed_at: "2026-11-28T08:00:41.500Z",
  options: { pause_after: null },
  warnings: ["Scene 2 is painted without AI."],
};
const report = (bill: { total_usd: number; estimated_usd: number; reused?: number; saved_usd?: number }) =>
  filmReport(status as unknown as VideoStatus, { reused: 0, saved_usd: 0, ...bill }, "film.mp4");

it("says which part of the cost no provider has confirmed", () => {
  expect(report({ total_usd: 0.3, estimated_usd: 0.05 })).toContain(
    "at most $0.3000 at the models' list prices, of which $0.0500 is estimated",
  );
  expect(report({ total_usd: 0.3, estimated_usd: 0 })).not.toContain("estimated");
});

it("says what a repeat reused, and what it saved", () => {
  expect(report({ total_usd: 0, estimated_usd: 0, reused: 13, saved_usd: 0.1953 })).toContain(
    "nothing: 13 assets reused, for which $0.1953 was paid before",
  );
  expect(report({ total_usd: 0.06, estimated_usd: 0, reused: 1, saved_usd: 0.05 })).toContain(
    "$0.0600 at the models' list prices; 1 asset reused, which saved $0.0500",
  );
  expect(report({ total_usd: 0.3, estimated_usd: 0 })).not.toContain("reused");
});

it("lists the film's warnings", () => {
  expect(report({ total_usd: 0, estimated_usd: 0 })).toMatch(/^warning +Scene 2 is painted without AI\.$/m);
});

it("says how long the film was made, not how long it was watched", () => {
  expect(report({ total_usd: 0, estimated_usd: 0 })).toMatch(/^time +41\.5 s$/m);
  const paused = { ...status, options: { pause_after: "storyboard" } } as unknown as VideoStatus;
  const bill = { total_usd: 0, estimated_usd: 0, reused: 0, saved_usd: 0 };
  expect(filmReport(paused, bill, "film.mp4"), "its owner took a part of it").not.toMatch(/^time/m);
});
