import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { traceIdOf } from "../../contract/trace.ts";
import { createEdgeClient } from "../clients/edge.ts";
import { withinTrace } from "./trace.ts";

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const report = {
  ...{ attempt: 1, stage: "scenes" as const, progress: 1, scenes_total: 1, scenes_ready: 0 },
  ...{ cost_usd: 0, events: [], charges: [], assets: [] },
};

it("every call about a job is a step of that job's trace, also those that a timer makes", async () => {
  const calls: [string, string][] = [];
  const server = createServer((request, response) => {
    calls.push([request.url ?? "", String(request.headers.traceparent)]);
    request.resume();
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ lease_ms: 30_000 }));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const edge = createEdgeClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, secret, "w");
  const traces = ["a", "b"].map((letter) => `00-${letter.repeat(32)}-${"1".repeat(16)}-01`);
  await Promise.all(
    traces.map((trace, i) =>
      withinTrace(trace, async () => {
        await edge.report(`job_${i}`, report);
        await sleep(0);
        await edge.report(`job_${i}`, report);
      }),
    ),
  );
  server.close();
  for (const [i, letter] of ["a", "b"].entries()) {
    const own = calls.filter(([path]) => path.includes(`job_${i}`)).map(([, header]) => header);
    expect(own.map(traceIdOf)).toEqual([letter.repeat(32), letter.repeat(32)]);
    expect(new Set([...own, traces[i]]).size).toBe(3);
  }
});
