import { expect, it } from "vitest";
import { describeCost } from "./describe-cost.ts";

const film = { jobId: "job_1", costUsd: 0.1 };

it("says which part of the cost is estimated, and does not mention it if all is confirmed", () => {
  const bill = { job_id: "job_1", total_usd: 0.18, estimated_usd: 0.06 };
  expect(describeCost(film, bill)).toBe("at most $0.180, of which $0.060 is estimated");
  expect(describeCost(film, { ...bill, estimated_usd: 0 })).toBe("$0.180");
});

it("is the cost of the film's status until the film's own bill is loaded", () => {
  expect(describeCost(film, null)).toBe("$0.100");
  expect(describeCost(film, { job_id: "job_0", total_usd: 9, estimated_usd: 9 })).toBe("$0.100");
});
