import { expect, it } from "vitest";
import type { VideoStatus } from "../contract/job.ts";
import { filmReport } from "./film-report.ts";

const status = { video_url: "u", duration_seconds: 30, scenes: { total: 6, ready: 6 }, timings: null };
const report = (bill: { total_usd: number; estimated_usd: number }) =>
  filmReport(status as unknown as VideoStatus, bill, "film.mp4", null);

it("says which part of the cost no provider has confirmed", () => {
  expect(report({ total_usd: 0.3, estimated_usd: 0.05 })).toContain(
    "at most $0.3000 at the models' list prices, of which $0.0500 is estimated",
  );
  expect(report({ total_usd: 0.3, estimated_usd: 0 })).not.toContain("estimated");
});
