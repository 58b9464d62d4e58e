/** What one owner can store by telling, what is left of it after it was deleted, and how it is counted. */
import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Segment, UploadUrl } from "../../contract/segment.ts";
import { assetKey } from "../../contract/storage.ts";
import { ownerLimits } from "../../edge/store/owner-limits.ts";
import { type Edge, type OrProblem, secrets, startEdge } from "./harness.ts";

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge({ OWNER_STORAGE: "1000 1", ACTIVE_JOBS: "1 1" });
});
afterAll(() => edge.close());

/** An owner with a dream that has no text. */
async function newTeller() {
  const owner = `teller-${Math.random().toString(36).slice(2)}`;
  const { key } = await edge.newKey(owner);
  const did = await edge.newDream(key, "");
  const announce = (id: string, bytes: number) =>
    edge.call<OrProblem<UploadUrl>>("POST", `/dreams/${did}/upload-url`, {
      key,
      body: { segment_id: id, content_type: "audio/wav", content_length: bytes },
    });
  const put = (uploaded: string, bytes: number) =>
    edge.media.put(uploaded, "x".repeat(bytes), { httpMetadata: { contentType: "audio/wav" } });
  const post = (id: string, uploaded: string) =>
    edge.call<OrProblem<Segment>>("POST", `/dreams/${did}/segments`, {
      key,
      body: { segment_id: id, order: 0, key: uploaded },
    });
  /** Announces, uploads and posts a part. Gives the file's key and the job's id. */
  async function tell(id: string): Promise<{ uploaded: string; jobId: string }> {
    const { json } = await announce(id, 4);
    await put(json.key, 4);
    return { uploaded: json.key, jobId: (await post(id, json.key)).json.job_id as string };
  }
  return { owner, key, did, announce, put, post, tell };
}

const end = (jobId: string, said: object) =>
  edge.report(`/internal/jobs/${jobId}/transcribed`, { job_id: jobId, attempt: 1, ...said });
async function hear(jobId: string, transcript: string): Promise<void> {
  await edge.claim({ id: jobId });
  await end(jobId, { status: "completed", transcript, duration_seconds: 2 });
}
async function fail(jobId: string, error_code = "segment.silent"): Promise<void> {
  await edge.claim({ id: jobId });
  await end(jobId, { status: "failed", error: "No.", error_code });
}
/** Skips the time in which a worker may still write. */
async function settle(): Promise<void> {
  await edge.sql("UPDATE purges SET due_at = 1");
  await edge.sweep();
}
const isThere = async (key: string) => (await edge.media.head(key)) !== null;

describe("a deleted segment", () => {
  it("leaves nothing of the jobs that failed before it was posted again", async () => {
    const { did, key, post, tell } = await newTeller();
    const { uploaded, jobId } = await tell("a");
    const transcript = createHash("sha256").update("what was heard").digest("hex");
    await edge.media.put(assetKey(transcript, "json"), "what was heard");
    await edge.claim({ id: jobId });
    await edge.progress({ id: jobId }, 1, { assets: [transcript] });
    await end(jobId, { status: "failed", error: "Too long.", error_code: "segment.transcript_too_long" });
    const again = (await post("a", uploaded)).json.job_id as string;
    expect(again).not.toBe(jobId);
    await fail(again);
    await edge.call("DELETE", `/dreams/${did}/segments/a`, { key });
    expect(await edge.sql("SELECT id FROM jobs WHERE id IN (?, ?)", jobId, again)).toEqual([]);
    expect(await edge.sql("SELECT seq FROM events WHERE job_id IN (?, ?)", jobId, again)).toEqual([]);
    await settle();
    expect(await isThere(assetKey(transcript, "json"))).toBe(false);
    expect(await isThere(uploaded)).toBe(false);
  });

  it("still fills its place after an upload for it was announced again and given up", async () => {
    const { did, key, post, announce, put, tell } = await newTeller();
    await hear((await tell("a")).jobId, "I flew.");
    const { json } = await announce("b", 4);
    await put(json.key, 4);
    const body = { segment_id: "b", order: 1, key: json.key };
    const second = await edge.call<Segment>("POST", `/dreams/${did}/segments`, { key, body });
    await hear(second.json.job_id as string, "I swam.");
    const remove = () => edge.call("DELETE", `/dreams/${did}/segments/a`, { key });
    await remove();
    await announce("a", 4);
    await remove();
    expect((await edge.call("POST", `/dreams/${did}/finish`, { key, body: {} })).status).toBe(202);
    const again = await announce("a", 4);
    await put(again.json.key, 4);
    expect((await post("a", again.json.key)).json).toMatchObject({ order: 0, status: "queued" });
  });

  it("and its job keep no names of the owner's other dreams after the job's end", async () => {
    const { key, post, announce, put } = await newTeller();
    await edge.newDream(key, "We met Ottilie at the sea.");
    const { json } = await announce("a", 4);
    await put(json.key, 4);
    const jobId = (await post("a", json.key)).json.job_id as string;
    const inputOf = async () =>
      (await edge.sql<{ input: string }>("SELECT input FROM jobs WHERE id = ?", jobId))[0]?.input;
    expect(await inputOf()).toContain("Ottilie");
    await hear(jobId, "I flew.");
    expect(await inputOf()).not.toContain("Ottilie");
  });
});

describe("an owner", () => {
  it("gets no further jobs for a recording that fails when the storage is full", async () => {
    const { owner, post, tell } = await newTeller();
    const { uploaded, jobId } = await tell("a");
    await fail(jobId);
    await edge.sql("UPDATE owner_storage SET bytes = ? WHERE owner_id = ?", 1024 ** 2, owner);
    const refused = await post("a", uploaded);
    expect([refused.status, refused.json.code]).toEqual([409, "dream.limit_reached"]);
    expect(await edge.sql("SELECT id FROM jobs WHERE owner_id = ?", owner)).toHaveLength(1);
  });

  it("has at most ten times as many transcriptions queued as films", async () => {
    const { key, did, announce, put } = await newTeller();
    const post = async (order: number) => {
      const id = `part-${order}`;
      const { json } = await announce(id, 4);
      await put(json.key, 4);
      const body = { segment_id: id, order, key: json.key };
      return edge.call<OrProblem<Segment>>("POST", `/dreams/${did}/segments`, { key, body });
    };
    const first = await post(0);
    for (let order = 1; order < 10; order++) expect((await post(order)).status).toBe(202);
    const refused = await post(10);
    expect([refused.status, refused.json.code]).toEqual([429, "job.too_many"]);
    expect(refused.headers.get("retry-after")).toBe("30");
    await hear(first.json.job_id as string, "I flew.");
    expect((await post(10)).status).toBe(202);
  });

  it("has as many jobs that buy takes as films, counted apart from them", async () => {
    const { key } = await edge.newKey();
    const scene = { narration: "A sea.", picture: "A sea.", picture_take: 0, voice_take: 0 };
    const film = async () => {
      const job = await edge.newJob(key);
      await edge.claim(job);
      const data = { title: "T", language: "en", scenes: [scene] };
      await edge.progress(job, 1, { events: [{ n: 1, event: { type: "job.storyboard", data } }] });
      await edge.putFilm(job, 1);
      await edge.complete(job, 1);
      return job;
    };
    const buy = ({ did }: { did: string }) =>
      edge.call<OrProblem<{ job_id: string }>>("POST", `/dreams/${did}/scenes/0/takes`, { key, body: {} });
    const [first, second] = [await film(), await film()];
    const { json: bought } = await buy(first);
    const { status, json, headers } = await buy(second);
    expect([status, json.code, headers.get("retry-after")]).toEqual([429, "job.too_many", "30"]);
    const redo = await edge.call("POST", `/dreams/${second.did}/scenes/0/redo`, { key, body: {} });
    expect(redo.status).toBe(202);
    await edge.claim({ id: bought.job_id });
    await edge.report(`/internal/jobs/${bought.job_id}/takes`, {
      ...{ job_id: bought.job_id, attempt: 1, status: "failed", error: "No.", error_code: "picture.refused" },
    });
    expect((await buy(second)).status).toBe(202);
  });

  it("gets no address for a larger file than there is room for, also if a smaller one was announced", async () => {
    const { owner, announce } = await newTeller();
    expect((await announce("a", 4)).status).toBe(200);
    await edge.sql(
      "UPDATE owner_storage SET recording_bytes = ? WHERE owner_id = ?",
      ownerLimits.recordings.numbers.mebibytes * 1024 ** 2,
      owner,
    );
    expect((await announce("a", 5)).json.code).toBe("segment.quota_reached");
    expect((await announce("a", 4)).status).toBe(200);
  });

  it("stores no more bytes than are counted: a file of another length has a key of its own", async () => {
    const { owner, announce, put, post } = await newTeller();
    const first = (await announce("a", 9)).json.key;
    await put(first, 9);
    const second = (await announce("a", 4)).json.key;
    expect(second).not.toBe(first);
    const [{ recording_bytes } = {}] = await edge.sql(
      "SELECT recording_bytes FROM owner_storage WHERE owner_id = ?",
      owner,
    );
    expect(recording_bytes).toBe(4);
    await settle();
    expect(await isThere(first)).toBe(false);
    await put(second, 4);
    expect((await post("a", first)).json.code).toBe("segment.not_found");
    expect((await post("a", second)).status).toBe(202);
  });

  it("is counted for what was heard in a part, and for the text that a film got after it waited", async () => {
    const { owner, did, key, tell } = await newTeller();
    const { jobId } = await tell("a");
    await edge.call("POST", `/dreams/${did}/finish`, { key, body: {} });
    await hear(jobId, "I flew over a silver sea. ".repeat(100).trim());
    const [row] = await edge.sql(
      `SELECT bytes AS counted,
         (SELECT SUM(length(CAST(transcript AS BLOB)) + 1000) FROM dreams WHERE owner_id = ?1)
         + (SELECT SUM(length(CAST(COALESCE(transcript, '') || COALESCE(heard, '') AS BLOB)) + 1000)
            FROM segments WHERE owner_id = ?1)
         + (SELECT SUM(length(CAST(input AS BLOB)) + 16000) FROM jobs WHERE owner_id = ?1) AS there
       FROM owner_storage WHERE owner_id = ?1`,
      owner,
    );
    expect(row?.counted).toBe(row?.there);
    await edge.call("DELETE", `/dreams/${did}`, { key });
    expect(await edge.sql("SELECT bytes FROM owner_storage WHERE owner_id = ?", owner)).toEqual([
      { bytes: 0 },
    ]);
  });
});

describe("the metrics", () => {
  const read = async (pattern: RegExp) => {
    const { text } = await edge.call("GET", "/metrics", { key: secrets.ADMIN_KEY });
    return Number(pattern.exec(text)?.[1] ?? 0);
  };
  const ended = (kind: string, status: string, code: string) =>
    read(
      new RegExp(
        `^dream_jobs_ended_total\\{kind="${kind}",status="${status}",error_code="${code}"\\} (\\d+)`,
        "m",
      ),
    );
  const figures = async () =>
    (await edge.call<Record<string, number>>("GET", "/admin/ops/figures", { key: secrets.ADMIN_KEY })).json;

  it("count transcriptions apart from films, also those that a wrong configuration fails", async () => {
    const before = await figures();
    const silent = await ended("transcription", "failed", "segment.silent");
    const { tell } = await newTeller();
    await fail((await tell("a")).jobId);
    await fail((await (await newTeller()).tell("a")).jobId, "transcription.answer_unusable");
    const after = await figures();
    expect(await ended("transcription", "failed", "segment.silent")).toBe(silent + 1);
    expect(await ended("film", "failed", "segment.silent")).toBe(0);
    expect(after).toMatchObject({
      failed: before.failed,
      completed: before.completed,
      misconfigured: (before.misconfigured ?? 0) + 1,
    });
  });

  it("measure a told film's wait in the queue from the time when it was ready", async () => {
    const { did, key, tell } = await newTeller();
    const { jobId } = await tell("a");
    const film = await edge.call<{ job_id: string }>("POST", `/dreams/${did}/finish`, { key, body: {} });
    await edge.sql("UPDATE jobs SET created_at = created_at - 900000");
    const sum = () => read(/^dream_queue_wait_seconds_sum\{queue="standard"\} ([\d.]+)/m);
    const before = await sum();
    await hear(jobId, "I flew.");
    expect((await edge.claim({ id: film.json.job_id })).json).toMatchObject({ outcome: "claimed" });
    expect((await sum()) - before).toBeLessThan(60);
  });
});
