import { expect, it } from "vitest";
import { Settlement } from "./charge.ts";
import { ChargeRequest } from "./charge-request.ts";
import { limits } from "./limits.ts";
import { ProgressReport } from "./report.ts";

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value)).byteLength;

/** The largest report that a worker can send, without its events. */
const fullest = {
  job_id: "j".repeat(64),
  attempt: 1_000_000,
  stage: "storyboard",
  progress: 99,
  scenes_total: limits.scenes.max,
  scenes_ready: limits.scenes.max,
  cost_usd: 99.123456789,
  events: [],
  charges: Array.from({ length: 50 }, () =>
    Settlement.parse({
      fingerprint: "f".repeat(64),
      outcome: "unknown",
      cost_micro_usd: 1_000_000_000,
      request_id: "\u0001".repeat(128),
    }),
  ),
  assets: Array.from({ length: 100 }, () => "a".repeat(64)),
};

it("gives room for the largest report that a worker sends, and for the largest storyboard within it", () => {
  expect(ProgressReport.safeParse(fullest).success).toBe(true);
  expect(bytes(fullest) + limits.reportEventsBytes).toBeLessThanOrEqual(limits.internalBodyBytes);
  const envelope = bytes({ n: 1_000_000, event: { type: "job.storyboard", data: {} } });
  expect(limits.storyboardBytes + envelope).toBeLessThanOrEqual(limits.reportEventsBytes);
});

it("gives room for the largest ledger request with the largest report that it carries", () => {
  const charge = {
    ...{ fingerprint: "f".repeat(64), capability: "transcription", scene: 39, model: "m".repeat(64) },
    ...{ ceiling_micro_usd: 1_000_000_000, gone: false },
  };
  // A film has a storyboard, and a voice and a picture for each scene.
  const purchases = 1 + 2 * limits.scenes.max;
  const request = {
    ...{ job_id: fullest.job_id, attempt: fullest.attempt, report: fullest },
    settle: fullest.charges.slice(0, 40).map((one) => ({ ...one, request_id: "r".repeat(64) })),
    reserve: Array.from({ length: purchases }, () => charge),
    send: Array.from({ length: purchases }, () => charge.fingerprint),
  };
  expect(ChargeRequest.parse(request).report).not.toBeNull();
  expect(bytes(request) + limits.internalBodyBytes / 4).toBeLessThanOrEqual(limits.internalBodyBytes);
});

it("gives room for the largest storyboard with which a worker pauses", () => {
  const envelope = bytes({
    job_id: fullest.job_id,
    attempt: fullest.attempt,
    at: "storyboard",
    storyboard: {},
  });
  expect(limits.storyboardBytes + envelope).toBeLessThanOrEqual(limits.internalBodyBytes);
});
