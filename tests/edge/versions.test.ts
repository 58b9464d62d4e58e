/**
 * A deploy replaces the edge before the workers, and machines one after the other, so for a while a worker of
 * the earlier version talks to the new edge, or the reverse. Messages only get new fields with a default.
 */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { ChargeAnswer, ChargeRequest } from "../../contract/charge-request.ts";
import { ClaimRequest } from "../../contract/claim.ts";
import { ReleaseRequest, VideoComplete, VideoCompleteAnswer } from "../../contract/completion.ts";
import { FilmOptions } from "../../contract/film.ts";
import { ReadClaimAnswer } from "../../contract/read-claim.ts";
import { ProgressAnswer, ProgressReport } from "../../contract/report.ts";
import { filmKey, filmUrl } from "../../contract/storage.ts";
import { WorkerHeartbeat } from "../../contract/worker-heartbeat.ts";
import { enumPaths, withValueAt } from "./enums.ts";
import { atOnce, type Edge, startEdge, tally } from "./harness.ts";

let edge: Edge;
let key: string;
beforeAll(async () => {
  edge = await startEdge();
  key = (await edge.newKey()).key;
});
afterAll(() => edge.close());

/** The messages of workers before turns, charges and lists of assets existed. */
const first = {
  claim: () => ({ claim_id: randomUUID(), worker_id: "old" }),
  progress: {
    ...{ attempt: 1, stage: "scenes", progress: 40, scenes_total: 3, scenes_ready: 1, cost_usd: 0.01 },
    events: [{ n: 1, event: { type: "scene.voice", data: { scene: 0, seconds: 1, reused: false } } }],
  },
  release: { attempt: 1, reason: "shutdown", code: "worker.shutdown", message: "stops", delay_seconds: 0 },
  complete: {
    status: "completed",
    metadata: { duration: 30, scenes: 3, cost: 0.02 },
    error: null,
  },
};
/** What a later version may add. */
const later = { a_field_of_tomorrow: { of: ["any", "shape"] } };

it.each([
  ["an older worker's", {}],
  ["a newer worker's", later],
])("%s jobs are done, 10 of 10", async (_, more) => {
  const statuses = await atOnce(10, async () => {
    const job = await edge.newJob(key);
    const say = (verb: string, fields: object) =>
      edge.report<{ attempt: number }>(`/internal/jobs/${job.id}/${verb}`, {
        job_id: job.id,
        ...fields,
        ...more,
      });
    expect((await say("claim", first.claim())).json).toMatchObject({ outcome: "claimed", attempt: 1 });
    expect((await say("progress", first.progress)).status).toBe(200);
    expect((await say("release", first.release)).status).toBe(204);
    const { attempt } = (await say("claim", first.claim())).json;
    await edge.media.put(filmKey(job.dreamId, job.id, attempt, "film.mp4"), "film");
    const ended = await edge.report(`/dreams/${job.dreamId}/video-complete`, {
      job_id: job.id,
      attempt,
      video_url: filmUrl(edge.url.href, job.dreamId, job.id, attempt),
      ...first.complete,
      ...more,
    });
    expect(ended.status).toBe(200);
    return (await edge.status(job)).status ?? "none";
  });
  expect(tally(statuses)).toEqual({ completed: 10 });
});

const tomorrow = "a_value_of_tomorrow";
const fingerprint = "0".repeat(64);
const settlement = { fingerprint, outcome: "paid" };
const member = { id: "m", kind: "person", name: "Ada", description: "A woman." };
const photos = [{ kind: "person", name: "Ann", photo: "a photo's hash", key: "quarantine/cast/a" }];
const storyboard = {
  ...{ title: "T", language: "en", cast: [member] },
  scenes: [{ narration: "A sea.", picture: "A sea.", camera: { move: "pan", pace: "slow" } }],
};
const events = [
  { type: "job.stage", data: { stage: "scenes" } },
  { type: "job.storyboard", data: storyboard },
  { type: "scene.picture", data: { scene: 0, key: "k", reused: false } },
  { type: "scene.voice", data: { scene: 0, seconds: 1, reused: false } },
  { type: "scene.ready", data: { scene: 0, seconds: 1, reused: false } },
  { type: "film.playable", data: { scene: 0, seconds: 1, rendition: "360p" } },
  { type: "film.preview", data: { seconds: 1 } },
  { type: "job.cost", data: { cost_usd: 0.1, for: "text", scene: null } },
  { type: "job.reused", data: { saved_usd: 0.1, for: "text", scene: null } },
  { type: "job.warning", data: { code: "c", message: "m", scene: null } },
];
const claimed = {
  ...{ outcome: "claimed", job_id: "j", dream_id: "d", attempt: 2, lease_ms: 1, asset_scope: "s" },
  dream: { title: null, transcript: "t" },
  options: FilmOptions.parse({ aspect: "1:1", voice: "nova", max_cost_usd: 1 }),
  ...{ storyboard, known_cast: [member], photos, chosen: { scene: 0, asset: "picture", placeholders: [] } },
};
const takes = {
  ...{ outcome: "takes", job_id: "j", dream_id: "d", attempt: 2, lease_ms: 1, asset_scope: "s" },
  ...{ options: claimed.options, language: "en", asset: "voice", scene: 0, cast: [member], photos },
  takes: [{ id: "0123456789abcdef", scene: storyboard.scenes[0] }],
};
const charge = { fingerprint, capability: "voice", scene: 0, model: "m", ceiling_micro_usd: 1 };

const progress = {
  ...first.progress,
  events: events.map((event, index) => ({ n: index + 1, event })),
  charges: [settlement],
};

/** Every message between the two, with an example of each kind of value in it. */
const messages: [string, z.ZodType, object[]][] = [
  ["claim", ClaimRequest, [{ claim_id: randomUUID(), worker_id: "w", queue: "premium" }]],
  ["progress", ProgressReport, [progress]],
  [
    "charges",
    ChargeRequest,
    [{ attempt: 1, report: progress, settle: [settlement], reserve: [charge], send: [fingerprint] }],
  ],
  ["release", ReleaseRequest, [first.release]],
  [
    "sign of life",
    WorkerHeartbeat,
    [{ worker_id: "w", region: "r", version: "1", slots: 1, leaving: false }],
  ],
  [
    "completion",
    VideoComplete,
    [
      {
        ...{ job_id: "j", attempt: 1, video_url: "https://edge.example/film" },
        ...{ ...first.complete, last_report: progress },
      },
    ],
  ],
  ["claim's answer", ReadClaimAnswer, [claimed, takes, { outcome: "not_yours", reason: "leased" }]],
  ["progress's answer", ProgressAnswer, [{ lease_ms: 1, watched: true, asks_for_reports: true }]],
  [
    "charges' answer",
    ChargeAnswer,
    [
      {
        charges: [{ fingerprint, decision: "over_budget" }],
        short_of: "owner",
        reported: { lease_ms: 1, watched: true, asks_for_reports: true },
      },
    ],
  ],
  ["completion's answer", VideoCompleteAnswer, [{ status: "ok", applied: true }]],
];
/** An end that the edge does not know cannot be stored as a known one: the job keeps its other attempts. */
const refused = new Set(["completion status"]);

const cases = messages.flatMap(([name, schema, samples]) =>
  [...enumPaths(schema)].map((path) => ({ what: `${name} ${path}`, schema, path, samples })),
);

it("finds the values of enums and literals", () => {
  expect(cases.length).toBeGreaterThan(20);
});

it.each(cases)("reads an unknown $what, and the rest of the message", ({ what, schema, path, samples }) => {
  const changed = samples.flatMap((sample) => withValueAt(sample, path, tomorrow));
  expect(changed.length, "an example of it above").toBeGreaterThan(0);
  for (const message of changed) {
    expect(schema.safeParse(message).success).toBe(!refused.has(what));
  }
});

it("makes a claimed job's film with an option's default if its value is unknown", () => {
  for (const name of Object.keys(FilmOptions.shape)) {
    const answer = { ...claimed, options: { ...claimed.options, [name]: tomorrow } };
    const { [name]: _, ...others } = claimed.options as Record<string, unknown>;
    expect(ReadClaimAnswer.parse(answer)).toMatchObject({
      outcome: "claimed",
      options: { ...others, [name]: (FilmOptions.parse({}) as Record<string, unknown>)[name] },
    });
  }
});

it("knows which job to hand back after an answer that it cannot read", () => {
  const given = { outcome: "unreadable", job_id: "j", attempt: 2 };
  expect(ReadClaimAnswer.parse({ ...claimed, dream: "another form" })).toEqual(given);
  expect(ReadClaimAnswer.parse({ ...claimed, outcome: tomorrow })).toEqual(given);
  expect(ReadClaimAnswer.parse({ outcome: tomorrow })).toEqual({ ...given, job_id: null, attempt: null });
});

it("hands a job back that an older worker would film without asking its owner", async () => {
  const job = await edge.newJob(key, { pause_after: "pictures" });
  const answer = await edge.claim(job);
  // As a worker of the version before reads it: it knows two outcomes of a film's claim.
  const Earlier = z.object({ outcome: z.enum(["claimed", "claimed_own_voice"]) });
  expect(Earlier.safeParse(answer.json).success).toBe(false);
  expect(ReadClaimAnswer.parse({ ...answer.json, outcome: tomorrow })).toEqual({
    ...{ outcome: "unreadable", job_id: job.id, attempt: 1 },
  });
});

it("loses nothing of a newer worker's report but what it cannot read", async () => {
  const job = await edge.newJob(key);
  const say = (verb: string, fields: object) =>
    edge.report(`/internal/jobs/${job.id}/${verb}`, { job_id: job.id, ...fields });
  expect((await say("claim", { ...first.claim(), queue: tomorrow })).json).toMatchObject({ attempt: 1 });
  const reserved = await say("charges", { attempt: 1, reserve: [{ ...charge, capability: tomorrow }] });
  expect(reserved.json).toMatchObject({ charges: [{ decision: "go" }] });
  await say("charges", { attempt: 1, send: [fingerprint] });
  const reported = await say("progress", {
    ...first.progress,
    stage: tomorrow,
    events: [
      { n: 1, event: { type: tomorrow, data: {} } },
      { n: 2, event: events[9] },
    ],
    charges: [{ fingerprint, outcome: tomorrow }],
  });
  expect(reported.status).toBe(200);
  expect(await edge.status(job)).toMatchObject({ stage: "storyboard", progress: 40, warnings: ["m"] });
  expect(await edge.log(job)).toEqual(["job.queued", "job.started", "job.warning"]);
  expect(await edge.sql("SELECT capability, state FROM charges WHERE job_id = ?", job.id)).toEqual([
    { capability: "other", state: "unknown" },
  ]);
  expect((await say("release", { ...first.release, reason: tomorrow })).status).toBe(204);
  expect(await edge.status(job)).toMatchObject({ status: "queued" });
});
