/** A film that the dreamer's own recordings narrate, as the API and its workers see it. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { ToldRecording } from "../../contract/claim.ts";
import type { Estimate } from "../../contract/cost.ts";
import { limits } from "../../contract/limits.ts";
import { ReadClaimAnswer } from "../../contract/read-claim.ts";
import type { Segment, UploadUrl } from "../../contract/segment.ts";
import { recordingKey } from "../../contract/storage.ts";
import { type Edge, type OrProblem, startEdge } from "./harness.ts";

let edge: Edge;
let key: string;
beforeAll(async () => {
  edge = await startEdge({
    ...{ S3_ENDPOINT: "https://s3.example", S3_ACCESS_KEY_ID: "id", S3_SECRET_ACCESS_KEY: "secret" },
  });
  key = (await edge.newKey()).key;
});
afterAll(() => edge.close());

const call = <T>(method: string, path: string, body?: unknown) =>
  edge.call<OrProblem<T>>(method, path, body === undefined ? { key } : { key, body });
const newDream = async (transcript = "") =>
  (await call<{ id: string }>("POST", "/dreams", { transcript })).json.id;
const finish = (did: string, more: object = {}) =>
  call<{ job_id: string }>("POST", `/dreams/${did}/finish`, { voice: "own", ...more });

/** Uploads and posts a part. Gives its job. */
async function tell(did: string, order: number, more: object = {}): Promise<string> {
  const segment_id = `part-${order}`;
  const file = { segment_id, content_type: "audio/wav", content_length: 4 };
  const { json } = await call<UploadUrl>("POST", `/dreams/${did}/upload-url`, file);
  await edge.media.put(json.key, "wave", { httpMetadata: { contentType: "audio/wav" } });
  const posted = await call<Segment>("POST", `/dreams/${did}/segments`, {
    segment_id,
    order,
    key: json.key,
    ...more,
  });
  return posted.json.job_id as string;
}

async function hear(jobId: string, transcript: string, seconds = 20, language = "en"): Promise<void> {
  await edge.claim({ id: jobId });
  const end = {
    job_id: jobId,
    attempt: 1,
    status: "completed",
    transcript,
    language,
    duration_seconds: seconds,
  };
  expect((await edge.report(`/internal/jobs/${jobId}/transcribed`, end)).status).toBe(200);
}

const jobsOf = async (did: string) =>
  (await call<{ job_id: string | null }>("GET", `/dreams/${did}/video-status`)).json.job_id;

it("is refused where nothing was told, before a job exists", async () => {
  const did = await newDream("I flew.");
  expect((await finish(did)).json.code).toBe("voice.no_recording");
  expect(await jobsOf(did)).toBeNull();
});

it("waits for the recordings, and gives them to a worker in their order, with what was heard and what is shown", async () => {
  const did = await newDream();
  const [second, first] = [await tell(did, 1), await tell(did, 0)];
  const { json } = await finish(did);
  await hear(second, "Ein Wal trug mich.", 12, "de");
  await call("PATCH", `/dreams/${did}/segments/part-1`, { transcript: "Ein Wal trug Mia." });
  await hear(first, "I flew over a silver see.");
  const { json: claimed } = await edge.claim({ id: json.job_id });
  if (!("recordings" in claimed)) throw new Error("not claimed");
  expect(claimed).toMatchObject({
    outcome: "claimed_own_voice",
    dream: { transcript: "I flew over a silver see.\n\nEin Wal trug Mia." },
  });
  const recording = (job: string, about: object) => ({
    key: recordingKey(claimed.dream_id, job, 1),
    ...about,
  });
  expect(claimed.recordings satisfies ToldRecording[]).toEqual([
    recording(first, {
      ...{ seconds: 20, language: "en" },
      ...{ transcript: "I flew over a silver see.", heard: "I flew over a silver see." },
    }),
    recording(second, {
      ...{ seconds: 12, language: "de" },
      ...{ transcript: "Ein Wal trug Mia.", heard: "Ein Wal trug mich." },
    }),
  ]);
});

it("is as long as its recordings, and is estimated and limited without a voice", async () => {
  const did = await newDream();
  await hear(await tell(did, 0), "I flew over a silver sea, and a girl waved at me. ".repeat(12), 60);
  const estimate = (voice: string, speed = 1) =>
    call<Estimate>("POST", "/estimate", { dream_id: did, options: { voice, speed } });
  const [own, sage, fast] = [await estimate("own"), await estimate("sage"), await estimate("own", 1.25)];
  expect(own.json.by_capability.voice).toBe(0);
  expect(own.json.seconds).toBeGreaterThan(60);
  expect(own.json.scenes).toBe(11);
  expect(fast.json.seconds).toBeLessThan(own.json.seconds * 0.85);
  expect(sage.json).toMatchObject({ scenes: 5, by_capability: { voice: expect.closeTo(0.01, 2) } });
  const { json } = await finish(did, { length_seconds: 10 });
  const { json: claimed } = await edge.claim({ id: json.job_id });
  expect(claimed).toMatchObject({ options: { length_seconds: 60, voice: "own" } });
  const [job] = await edge.sql<{ most: number }>(
    "SELECT input ->> '$.at_most_micro_usd' AS most FROM jobs WHERE id = ?",
    json.job_id,
  );
  expect((job?.most ?? 0) / 1e6).toBeCloseTo(own.json.at_most_usd, 5);
});

it("is refused where the recordings are too long, with the limit", async () => {
  const did = await newDream();
  await hear(await tell(did, 0), "I flew.", limits.narratingSeconds - 10);
  await hear(await tell(did, 1), "And swam.", 11);
  const { status, json } = await finish(did);
  expect([status, json.code]).toEqual([422, "voice.recording_too_long"]);
  expect(json.detail).toContain(String(limits.narratingSeconds));
  expect((await finish(did, { voice: "sage" })).status).toBe(202);
});

it("is handed back by a worker that does not know it, which reads any other film", async () => {
  const did = await newDream();
  await hear(await tell(did, 0), "I flew over a silver sea.");
  const { json } = await finish(did);
  const { json: claimed } = await edge.claim({ id: json.job_id }, { claim_id: randomUUID() });
  // As the earlier version read outcomes.
  const asOlder = ReadClaimAnswer.parse({ ...claimed, outcome: "an_outcome_of_tomorrow" });
  expect(asOlder).toEqual({ outcome: "unreadable", job_id: json.job_id, attempt: 1 });
});
