import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Dream } from "../../contract/dream.ts";
import { readFilmFields } from "../../contract/film-metadata.ts";
import { filmKey } from "../../contract/storage.ts";
import { aFinishedFilm } from "../fixtures/a-finished-film.ts";
import { atOnce, tally } from "./harness.ts";
import { useEdge } from "./use-edge.ts";

const { edge, key } = await useEdge();

describe("a completion", () => {
  it("is in the status and the dream afterwards", async () => {
    const job = await edge.newJob(key);
    await edge.claim(job);
    await edge.putFilm(job, 1);
    const files = { poster: true, captions: true, hls: false, preview: false };
    const done = await edge.complete(job, 1, { files, size_bytes: 10, sha256: "a".repeat(64) });
    expect(done.json).toEqual({ status: "ok", applied: true });
    const status = await edge.status(job);
    expect(status).toMatchObject({
      status: "completed",
      stage: "done",
      progress: 100,
      scenes: { total: 3, ready: 3 },
      cost_usd: 0.0421,
      duration_seconds: 30.5,
      timings: { storyboard: 1.5 },
      error: null,
      hls_url: null,
      preview_url: null,
    });
    expect(status.video_url).toMatch(/\/film\.mp4$/);
    expect(status.poster_url).toMatch(/\/poster\.jpg$/);
    expect(status.captions_url).toMatch(/\/captions\.vtt$/);
    const dream = await edge.call<Dream>("GET", `/dreams/${job.did}`, { key });
    expect(dream.json).toMatchObject({
      video_job_id: job.id,
      video_status: "completed",
      video_url: status.video_url,
      video_metadata: { duration: 30.5, scenes: 3, cost: 0.0421 },
      video_started_at: expect.any(String),
      video_completed_at: expect.any(String),
    });
    expect(await edge.sql("SELECT video_url FROM dreams WHERE id = ?", job.dreamId)).toEqual([
      { video_url: filmKey(job.dreamId, job.id, 1, "film.mp4") },
    ]);
    expect(await edge.log(job)).toEqual(["job.queued", "job.started", "job.completed"]);
  });

  it("names the sentence that ended it as long as the dream has it, and no event or log does", async () => {
    const job = await edge.newJob(key);
    const transcript = "I flew. \u{1f40b} A sentence that is refused. I woke up.";
    await edge.sql("UPDATE dreams SET transcript = ? WHERE id = ?", transcript, job.dreamId);
    const text = "A sentence that is refused.";
    const start = transcript.indexOf(text);
    const sha256 = createHash("sha256").update(text).digest("hex");
    const failure = {
      status: "failed" as const,
      video_url: null,
      error: "Change it.",
      error_code: "dream.not_allowed",
    };
    await edge.claim(job);
    const error_passage = { start, end: start + text.length, sha256 };
    await edge.complete(job, 1, { ...failure, retryable: false, error_passage });
    const { error } = await edge.status(job);
    expect(error).toEqual({
      ...{ code: "dream.not_allowed", message: "Change it.", retryable: false },
      passage: { text },
    });
    const rows = await edge.sql("SELECT * FROM events WHERE job_id = ?", job.id);
    const [row] = await edge.sql("SELECT * FROM jobs WHERE id = ?", job.id);
    expect(JSON.stringify([rows, row, edge.logs()])).not.toContain("is refused");
    await edge.sql(
      "UPDATE dreams SET transcript = ? WHERE id = ?",
      transcript.replace("is", "was"),
      job.dreamId,
    );
    expect((await edge.status(job)).error?.passage).toBe(null);
  });

  it("stores what the attempt had not reported before the end, once, and only if it holds the job", async () => {
    const job = await edge.newJob(key);
    await edge.claim(job);
    await edge.putFilm(job, 1);
    const fingerprint = "a".repeat(64);
    const charge = { fingerprint, capability: "voice", scene: 0, model: "m", ceiling_micro_usd: 50_000 };
    await edge.report(`/internal/jobs/${job.id}/charges`, {
      ...{ job_id: job.id, attempt: 1, reserve: [charge], send: [fingerprint] },
    });
    const last_report = {
      ...{ stage: "publish" as const, progress: 98, scenes_total: 1, scenes_ready: 1, cost_usd: 0.01 },
      events: [{ n: 1, event: { type: "job.stage" as const, data: { stage: "publish" as const } } }],
      charges: [
        { fingerprint, outcome: "paid" as const, cost_micro_usd: 70_000, estimated: false, request_id: null },
      ],
      assets: [fingerprint],
    };
    const metadata = { duration: 1, scenes: 1, cost: 0.01 };
    expect((await edge.complete(job, 2, { metadata, last_report })).status).toBe(409);
    expect(await edge.log(job)).toEqual(["job.queued", "job.started"]);
    for (const applied of [true, false])
      expect((await edge.complete(job, 1, { metadata, last_report })).json).toEqual({
        status: "ok",
        applied,
      });
    expect(await edge.log(job)).toEqual(["job.queued", "job.started", "job.stage", "job.completed"]);
    // What the ledger knows of the purchase counts, not what the attempt believes.
    expect(await edge.status(job)).toMatchObject({ status: "completed", cost_usd: 0.07 });
    expect(await edge.sql("SELECT state FROM charges WHERE job_id = ?", job.id)).toEqual([{ state: "paid" }]);
    const used = await edge.sql("SELECT fingerprint FROM job_assets WHERE job_id = ?", job.id);
    expect(used).toEqual([{ fingerprint }]);
  });

  it("tells every field of the film, such as whether it says that AI made it, and null where the worker does not say", async () => {
    const metadata = { duration: 1, scenes: 1, cost: 0 };
    const { fields } = aFinishedFilm();
    const unknown = readFilmFields(null);
    for (const [said, told] of [
      [fields, fields],
      [{ content_credentials: true }, { content_credentials: true }],
      [{}, unknown],
    ] as const) {
      const job = await edge.newJob(key);
      expect(await edge.status(job)).toMatchObject(unknown);
      await edge.claim(job);
      await edge.putFilm(job, 1);
      await edge.complete(job, 1, { metadata: { ...metadata, ...said } });
      expect(await edge.status(job)).toMatchObject(told);
    }
  });

  it("is applied once of 100 at once", async () => {
    const job = await edge.newJob(key);
    await edge.claim(job);
    await edge.putFilm(job, 1);
    const answers = await atOnce(100, () => edge.complete(job, 1));
    expect(tally(answers.map(({ json }) => String(json.applied)))).toEqual({ true: 1, false: 99 });
    expect(await edge.log(job)).toEqual(["job.queued", "job.started", "job.completed"]);
  });

  it("of an older attempt changes nothing, even if its film is stored", async () => {
    const job = await edge.newJob(key);
    await edge.claim(job);
    await edge.lapse(job);
    await edge.claim(job);
    await edge.putFilm(job, 1);
    const before = await edge.row(job);
    expect((await edge.complete(job, 1)).json).toMatchObject({ status: 409, code: "job.fenced" });
    expect((await edge.complete(job, 1, failed)).json).toMatchObject({ status: 409, code: "job.fenced" });
    expect(await edge.row(job)).toEqual(before);

    await edge.putFilm(job, 2);
    expect((await edge.complete(job, 2)).json).toEqual({ status: "ok", applied: true });
    expect((await edge.complete(job, 1)).json).toMatchObject({ status: 409, code: "job.fenced" });
    expect((await edge.status(job)).video_url).toContain(`/${job.id}/`);
    expect(await edge.log(job)).toHaveLength(5);
  });

  it("of an attempt that lost the job is refused as such, also if its film is missing", async () => {
    const job = await edge.newJob(key);
    await edge.claim(job);
    await edge.release(job, 1);
    expect((await edge.complete(job, 1)).json).toMatchObject({ status: 409, code: "job.fenced" });
  });

  it("cannot turn into another end", async () => {
    const job = await edge.newFilm(key);
    expect((await edge.complete(job, 1, failed)).json).toMatchObject({ status: 409, code: "job.finished" });
    expect(await edge.status(job)).toMatchObject({ status: "completed", error: null });
  });

  it("as failed says why, once", async () => {
    const job = await edge.newJob(key);
    await edge.claim(job);
    expect((await edge.complete(job, 1, failed)).json).toEqual({ status: "ok", applied: true });
    expect((await edge.complete(job, 1, failed)).json).toEqual({ status: "ok", applied: false });
    expect(await edge.status(job)).toMatchObject({
      status: "failed",
      video_url: null,
      error: { code: "storyboard.refused", message: "the text was refused", retryable: false },
    });
    expect(await edge.log(job)).toEqual(["job.queued", "job.started", "job.failed"]);
  });

  it("whose answer was lost still lets the dream be finished again, and then changes nothing", async () => {
    const job = await edge.newFilm(key);
    const again = {
      ...(await edge.call<{ job_id: string }>("POST", `/dreams/${job.did}/finish`, { key })).json,
    };
    expect((await edge.complete(job, 1)).json).toEqual({ status: "ok", applied: false });
    expect(await edge.status(job)).toMatchObject({ job_id: again.job_id, status: "queued" });
  });

  it.each([
    ["no video_url", { video_url: null }, ""],
    ["no metadata", { metadata: null }, ""],
    ["another job's film", { video_url: "https://edge/videos/x/y/1/film.mp4" }, "/video_url"],
    ["another place on another host", { video_url: "https://evil.example/film.mp4" }, "/video_url"],
    ["no address", { video_url: "film" }, "/video_url"],
    ["another size than the film's", { size_bytes: 9 }, "/size_bytes"],
    ["an unknown status", { status: "done" as never }, "/status"],
    ["a failure without a reason", { status: "failed" as const }, ""],
  ])("is refused with %s", async (_, fields, pointer) => {
    const job = await edge.newJob(key);
    await edge.claim(job);
    await edge.putFilm(job, 1);
    const answer = await edge.complete(job, 1, fields);
    expect(answer.json).toMatchObject({ status: 422, code: "request.invalid", errors: [{ pointer }] });
    expect((await edge.row(job))?.status).toBe("processing");
  });

  it("is refused while the film is not in storage", async () => {
    const job = await edge.newJob(key);
    await edge.claim(job);
    expect((await edge.complete(job, 1)).json).toMatchObject({
      status: 422,
      errors: [{ pointer: "/video_url" }],
    });
  });

  it("for another dream's path does nothing", async () => {
    const job = await edge.newJob(key);
    const other = await edge.newJob(key);
    await edge.claim(job);
    await edge.putFilm({ ...job, dreamId: other.dreamId }, 1);
    const crossed = await edge.complete({ ...job, dreamId: other.dreamId }, 1);
    expect(crossed.json).toMatchObject({ status: 404, code: "job.not_found" });
    expect((await edge.row(job))?.status).toBe("processing");
  });
});

const failed = {
  status: "failed" as const,
  video_url: null,
  metadata: null,
  error: "the text was refused",
  error_code: "storyboard.refused",
};

it("of a transcription is refused for a film's job, whether it is being made or has ended", async () => {
  const job = await edge.newJob(key);
  await edge.claim(job);
  const transcribe = (status: string, more: object = {}) =>
    edge.report<{ code: string }>(`/internal/jobs/${job.id}/transcribed`, {
      ...{ job_id: job.id, attempt: 1, status, transcript: "A sea.", error: "e", ...more },
    });
  expect((await transcribe("completed")).json.code).toBe("job.not_found");
  expect((await transcribe("failed")).json.code).toBe("job.not_found");
  expect((await transcribe("failed", { error_code: "transcription.no_credit" })).json.code).toBe(
    "job.not_found",
  );
  expect(await edge.status(job)).toMatchObject({ status: "processing" });
  await edge.putFilm(job, 1);
  expect((await edge.complete(job, 1)).json).toEqual({ status: "ok", applied: true });
  expect((await transcribe("completed")).json.code).toBe("job.not_found");
});
