import { describe, expect, it } from "vitest";
import { readPulled } from "./queue-message.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");
const raw = (body: unknown, contentType?: string) => ({
  id: "m1",
  lease_id: "l1",
  attempts: 2,
  timestamp_ms: 1_700_000_000_000,
  body,
  ...(contentType === undefined ? {} : { metadata: { "CF-Content-Type": contentType } }),
});
const ours = '{"v":1,"job_id":"job_1"}';

describe("readPulled", () => {
  it.each([
    ["JSON in base64", base64(ours), "json"],
    ["bytes in base64", base64(ours), "bytes"],
    ["plain text", ours, "text"],
    ["JSON that came plain", ours, "json"],
    ["base64 without a content type", base64(ours), undefined],
    ["fields of a later deployment", base64('{"v":1,"job_id":"job_1","hint":"fast"}'), "json"],
  ])("reads a job from %s", (_, body, contentType) => {
    expect(readPulled(raw(body, contentType))).toEqual([
      { id: "m1", leaseId: "l1", attempts: 2, sentAtMs: 1_700_000_000_000, jobId: "job_1", problem: null },
    ]);
  });

  it.each([
    ["bad base64", "%%%", "json", "not_json"],
    ["nothing", "", "json", "not_json"],
    ["cut off JSON", base64(ours.slice(0, -2)), "json", "not_json"],
    ["base64 that says it is text", base64(ours), "text", "not_json"],
    ["a body that v8 wrote", "/w8iAmhp", "v8", "not_json"],
    ["128 KB of noise", "x".repeat(128_000), "text", "not_json"],
    ["another version", base64('{"v":2,"job":{"id":"job_1"}}'), "json", "newer_version"],
    ["version 0", base64('{"v":0,"job_id":"job_1"}'), "json", "wrong_shape"],
    ["no version", base64('{"job_id":"job_1"}'), "json", "wrong_shape"],
    ["no job", base64('{"v":1}'), "json", "wrong_shape"],
    ["an empty job id", base64('{"v":1,"job_id":""}'), "json", "wrong_shape"],
    ["a job id of 65 characters", base64(`{"v":1,"job_id":"${"x".repeat(65)}"}`), "json", "wrong_shape"],
    ["null", base64("null"), "json", "wrong_shape"],
    ["a prototype", base64('{"__proto__":{"v":1,"job_id":"job_1"}}'), "json", "wrong_shape"],
  ])("calls %s poison, with its lease, and does not throw", (_, body, contentType, problem) => {
    expect(readPulled(raw(body, contentType))).toEqual([
      { id: "m1", leaseId: "l1", attempts: 2, sentAtMs: 1_700_000_000_000, jobId: null, problem },
    ]);
  });

  it.each([
    ["null", null],
    ["no lease", { ...raw(ours), lease_id: undefined }],
    ["a body that is no string", raw({ v: 1 })],
  ])("leaves out %s", (_, message) => {
    expect(readPulled(message)).toEqual([]);
  });
});
