/**
 * One trace from the client's request to the webhook, through the job's row and the worker's calls; and the
 * log lines.
 */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { VideoQueued } from "../../contract/job.ts";
import type { OpsTimeline } from "../../contract/ops.ts";
import { traceIdOf } from "../../contract/trace.ts";
import { until } from "../until.ts";
import { type Edge, type Job, secrets, startEdge } from "./harness.ts";
import { type Receiver, startReceiver } from "./receive.ts";

let edge: Edge;
let receiver: Receiver;
let key: string;
beforeAll(async () => {
  receiver = await startReceiver();
  edge = await startEdge();
  key = (await edge.newKey()).key;
});
afterAll(async () => {
  await edge.close();
  await receiver.close();
});

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const traceparent = `00-${traceId}-00f067aa0ba902b7-01`;

interface Line {
  event: string;
  endpoint?: string;
  trace_id?: string;
  request_id?: string;
  job_id?: string;
  attempt?: number;
  status?: number;
}

const lines = (): Line[] =>
  edge.logs().flatMap(({ message }) => (message.startsWith('{"event"') ? [JSON.parse(message) as Line] : []));

async function ask(headers: Record<string, string>): Promise<Job> {
  const did = await edge.newDream(key, "A heron told me its name.");
  const { json } = await edge.call<VideoQueued>("POST", `/dreams/${did}/finish`, { key, body: {}, headers });
  return edge.jobOf(key, did, json.job_id);
}

it("goes from the client's request to worker and webhook", async () => {
  await edge.call("POST", "/webhooks", { key, body: { url: `${receiver.url}/hook` } });
  const job = await ask({ traceparent });
  const { json: claimed } = await edge.claim(job);
  const given = (claimed as { traceparent?: string }).traceparent ?? "";
  expect(traceIdOf(given)).toBe(traceId);
  expect(given).not.toBe(traceparent);
  await edge.putFilm(job, 1);
  await edge.complete(job, 1);
  const messages = await until(
    () => Promise.resolve(receiver.received),
    (received) => received.length === 1,
  );
  expect(traceIdOf(String(messages[0]?.headers.traceparent))).toBe(traceId);
  const story = await edge.call<OpsTimeline>("GET", `/admin/ops/jobs/${job.id}`, { key: secrets.ADMIN_KEY });
  expect(story.json.job.trace_id).toBe(traceId);
});

it("begins at the edge if the client sends none", async () => {
  const ids = await Promise.all(
    [{}, { traceparent: "nonsense" }].map(async (headers) => {
      const { json } = await edge.claim(await ask(headers));
      return traceIdOf((json as { traceparent: string }).traceparent);
    }),
  );
  expect(new Set(ids).size).toBe(2);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/);
});

it("is in the edge's log lines, with request, job and attempt, and without the text of users", async () => {
  const job = await ask({ traceparent });
  await edge.claim(job);
  await edge.progress(job, 1);
  await edge.progress(job, 7);
  const found = await until(
    () => Promise.resolve(lines().filter(({ job_id }) => job_id === job.id)),
    (own) => own.length >= 3,
  );
  expect(found.map(({ endpoint, attempt, status }) => [endpoint, attempt, status])).toEqual([
    ["finishDream", undefined, 202],
    ["claimJob", 1, 200],
    // Successful requests of every few seconds are not logged.
    ["reportProgress", 7, 409],
  ]);
  expect(found[0]?.trace_id).toBe(traceId);
  for (const { request_id, trace_id } of found) {
    expect(request_id).toMatch(/^req_/);
    expect(trace_id).toMatch(/^[0-9a-f]{32}$/);
  }
  expect(JSON.stringify(edge.logs())).not.toContain("heron");
});
