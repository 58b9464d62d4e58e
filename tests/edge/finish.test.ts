import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FilmOptions } from "../../contract/film.ts";
import type { VideoQueued, VideoStatus } from "../../contract/job.ts";
import { aVideoStatus } from "../fixtures/a-video-status.ts";
import { until } from "../until.ts";
import { atOnce, type Edge, type OrProblem, startEdge, tally } from "./harness.ts";

let edge: Edge;
let key: string;
let premiumKey: string;
beforeAll(async () => {
  edge = await startEdge();
  key = (await edge.newKey()).key;
  premiumKey = (await edge.newKey(undefined, "premium")).key;
});
afterAll(() => edge.close());

const finish = (did: string, body?: unknown, headers: Record<string, string> = {}, as = key) =>
  edge.call<OrProblem<VideoQueued>>("POST", `/dreams/${did}/finish`, { key: as, body, headers });

const messagesOf = (job: string, count: number) =>
  until(
    () => edge.messages(job),
    (messages) => messages.length >= count,
  );

describe("POST /dreams/{did}/finish", () => {
  it("queues a job with every default for an empty body, and sends a message", async () => {
    const did = await edge.newDream(key);
    const { status, json, headers } = await finish(did);
    expect(status).toBe(202);
    expect(json).toEqual({
      status: "video_queued",
      dream_id: did,
      job_id: expect.stringMatching(/^job_[0-9a-z]{26}$/),
      priority: "standard",
      status_url: new URL(`/dreams/${did}/video-status`, edge.url).href,
      events_url: new URL(`/dreams/${did}/video-events`, edge.url).href,
      dream_url: new URL(`/dreams/${did}`, edge.url).href,
      storyboard_of: null,
    });
    expect(headers.get("location")).toBe(json.status_url);
    expect(await messagesOf(json.job_id, 1)).toEqual([{ queue: "video-standard", job_id: json.job_id }]);
    expect(await edge.log({ id: json.job_id })).toEqual(["job.queued"]);

    const claimed = await edge.claim({ id: json.job_id });
    expect(claimed.json).toMatchObject({
      dream: { title: "Sea", transcript: "I flew over a silver sea." },
      options: FilmOptions.parse({}),
    });
  });

  it("takes {} and every option", async () => {
    expect((await finish(await edge.newDream(key), {})).status).toBe(202);
    const options = {
      aspect: "9:16",
      length_seconds: 180,
      style: "ink",
      voice: "nova",
      language: "zh-Hans",
      captions: "none",
      title_card: true,
      end_card: true,
      priority: "premium",
    };
    const { json } = await finish(await edge.newDream(premiumKey), options, {}, premiumKey);
    expect((await edge.claim({ id: json.job_id })).json).toMatchObject({ options });
    expect(await messagesOf(json.job_id, 1)).toEqual([{ queue: "video-premium", job_id: json.job_id }]);
  });

  it.each([
    ["German", "de"],
    ["日本語", "ja"],
    ["zh_TW", "zh-TW"],
    ["JA", "ja"],
    ["Brazilian Portuguese", "pt-BR"],
  ])("gives the worker the language %s as %s", async (language, tag) => {
    const { json } = await finish(await edge.newDream(key), { language });
    expect((await edge.claim({ id: json.job_id })).json).toMatchObject({ options: { language: tag } });
  });

  it.each([
    [{ aspect: "4:3" }, "/aspect"],
    [{ length_seconds: 9 }, "/length_seconds"],
    [{ length_seconds: 181 }, "/length_seconds"],
    [{ length_seconds: 30.5 }, "/length_seconds"],
    [{ style: "disco" }, "/style"],
    [{ voice: "me" }, "/voice"],
    [{ language: "klingon; rm" }, "/language"],
    [{ captions: "big" }, "/captions"],
    [{ priority: "urgent" }, "/priority"],
    [{ resolution: "4k" }, "/resolution"],
  ])("refuses the option %j", async (options, pointer) => {
    const { json } = await finish(await edge.newDream(key), options);
    expect(json).toMatchObject({ status: 422, code: "request.invalid", errors: [{ pointer }] });
  });

  it("refuses a second while one is active, by its code and its number", async () => {
    const job = await edge.newJob(key);
    expect((await finish(job.did)).json).toMatchObject({ status: 409, code: "job.active" });
    await edge.claim(job);
    expect((await finish(job.did)).json).toMatchObject({ status: 409, code: "job.active" });
  });

  it.each(["", " \n\t\u3000"])("refuses a dream whose transcript is %j", async (transcript) => {
    const { json } = await finish(await edge.newDream(key, transcript));
    expect(json).toMatchObject({ status: 422, code: "dream.transcript_missing" });
  });

  it("refuses premium to a standard key", async () => {
    const { json } = await finish(await edge.newDream(key), { priority: "premium" });
    expect(json).toMatchObject({ status: 403, code: "auth.forbidden" });
  });

  it("makes one job of 200 identical requests with one Idempotency-Key", async () => {
    const did = await edge.newDream(key);
    const answers = await atOnce(200, () =>
      finish(did, { aspect: "1:1" }, { "idempotency-key": `once-${did}` }),
    );
    expect(tally(answers.map(({ status }) => status))).toEqual({ 202: 200 });
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(
      await edge.sql("SELECT jobs.id FROM jobs JOIN dreams ON dreams.id = dream_id WHERE client_id = ?", did),
    ).toHaveLength(1);
    const job_id = answers[0]?.json.job_id ?? "";
    await messagesOf(job_id, 1);
    expect(await edge.messages(job_id)).toHaveLength(1);

    const altered = await finish(did, { aspect: "9:16" }, { "idempotency-key": `once-${did}` });
    expect(altered.json).toMatchObject({ status: 422, code: "idempotency.key_reused" });
    const elsewhere = await finish(
      await edge.newDream(key),
      { aspect: "1:1" },
      { "idempotency-key": `once-${did}` },
    );
    expect(elsewhere.json).toMatchObject({ status: 422, code: "idempotency.key_reused" });
  });

  it("makes one job of 200 requests without one", async () => {
    const did = await edge.newDream(key);
    const answers = await atOnce(200, () => finish(did));
    expect(tally(answers.map(({ status }) => status))).toEqual({ 202: 1, 409: 199 });
    expect(
      await edge.sql("SELECT jobs.id FROM jobs JOIN dreams ON dreams.id = dream_id WHERE client_id = ?", did),
    ).toHaveLength(1);
  });

  it("gives the stored answer even after the job has ended, and stores no refusal", async () => {
    const did = await edge.newDream(key, "");
    const headers = { "idempotency-key": `ended-${did}` };
    expect((await finish(did, {}, headers)).status).toBe(422);
    await edge.call("PATCH", `/dreams/${did}`, { key, body: { transcript: "Now it has a text." } });
    const first = await finish(did, {}, headers);
    expect(first.status).toBe(202);
    await edge.call("POST", `/dreams/${did}/cancel`, { key });
    const again = await finish(did, {}, headers);
    expect(again.json).toEqual(first.json);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect(
      await edge.sql("SELECT jobs.id FROM jobs JOIN dreams ON dreams.id = dream_id WHERE client_id = ?", did),
    ).toHaveLength(1);
  });

  it("makes the film of the text at the time of the request", async () => {
    const job = await edge.newJob(key);
    await edge.call("PATCH", `/dreams/${job.did}`, {
      key,
      body: { title: "New", transcript: "Other words." },
    });
    expect((await edge.claim(job)).json).toMatchObject({
      dream: { title: "Sea", transcript: "I flew over a silver sea." },
    });
  });

  it("may be repeated when the last film is finished", async () => {
    const job = await edge.newFilm(key);
    expect((await edge.status(job)).status).toBe("completed");
    const again = await finish(job.did);
    expect(again.status).toBe(202);
    expect(await edge.status(job)).toMatchObject({
      job_id: again.json.job_id,
      status: "queued",
      video_url: null,
    });
  });
});

describe("a message that a queued job needs", () => {
  const dueAt = async (job: { id: string }) =>
    (await edge.sql<{ due_at: number }>("SELECT due_at FROM outbox WHERE job_id = ?", job.id))[0]?.due_at;

  it("is sent by the sweep if the sender died before the send", async () => {
    const job = await edge.newJob(key);
    await messagesOf(job.id, 1);
    // The state after a crash between the row and the send.
    await edge.sql("UPDATE outbox SET due_at = ?, sends = 0 WHERE job_id = ?", Date.now() - 1, job.id);
    await edge.sweep();
    expect(await messagesOf(job.id, 2)).toHaveLength(2);
    await edge.sweep();
    expect(await edge.messages(job.id)).toHaveLength(2);
  });

  it("is sent again, later and later, while no worker claims the job", async () => {
    const job = await edge.newJob(key);
    const minutes: number[] = [];
    for (let i = 0; i < 7; i++) {
      minutes.push(Math.round(((await dueAt(job)) ?? 0) - Date.now()) / 60_000);
      await edge.sql("UPDATE outbox SET due_at = 0 WHERE job_id = ?", job.id);
      await edge.sweep();
    }
    expect(minutes.map(Math.round)).toEqual([1, 15, 30, 60, 120, 240, 240]);
    expect(await messagesOf(job.id, 8)).toHaveLength(8);
  });

  it("is not sent any more after the claim", async () => {
    const job = await edge.newJob(key);
    await edge.claim(job);
    expect(await dueAt(job)).toBeUndefined();
    await edge.sweep();
    expect(await edge.messages(job.id)).toHaveLength(1);
  });

  it("is sent once by two sweeps at once, for more jobs than one batch has", async () => {
    const ids = JSON.stringify(Array.from({ length: 130 }, (_, n) => `promised_${n}`));
    await edge.sql(
      "INSERT INTO outbox (job_id, priority, due_at, sends) SELECT value, 'standard', 0, 0 FROM json_each(?)",
      ids,
    );
    await atOnce(2, () => edge.sweep());
    const sent = await until(
      () => edge.messages(...JSON.parse(ids)),
      (all) => all.length >= 130,
    );
    expect(new Set(Object.values(tally(sent.map(({ job_id }) => job_id))))).toEqual(new Set([1]));
  });
});

describe("GET /dreams/{did}/video-status", () => {
  it("is all null before a video was requested", async () => {
    const did = await edge.newDream(key);
    const { json } = await edge.call<VideoStatus>("GET", `/dreams/${did}/video-status`, { key });
    expect(json).toEqual(aVideoStatus());
  });
});

describe("POST /dreams/{did}/cancel", () => {
  const cancel = (did: string) => edge.call<OrProblem<VideoStatus>>("POST", `/dreams/${did}/cancel`, { key });

  it("ends a queued job, and ends it once", async () => {
    const job = await edge.newJob(key);
    for (let i = 0; i < 2; i++) {
      expect((await cancel(job.did)).json).toMatchObject({ job_id: job.id, status: "cancelled" });
    }
    expect(await edge.log(job)).toEqual(["job.queued", "job.cancelled"]);
    expect((await edge.claim(job)).json).toEqual({ outcome: "not_yours", reason: "finished" });
    const dream = await edge.call("GET", `/dreams/${job.did}`, { key });
    expect(dream.json).toMatchObject({ video_status: "cancelled" });
  });

  it("ends a running job: its worker may write nothing more, and the dream may be finished again", async () => {
    const job = await edge.newJob(key);
    await edge.claim(job);
    await cancel(job.did);
    await edge.putFilm(job, 1);
    for (const refused of [
      await edge.progress(job, 1),
      await edge.release(job, 1),
      await edge.complete(job, 1),
    ]) {
      expect(refused.json).toMatchObject({ status: 409, code: "job.cancelled" });
    }
    expect(await edge.status(job)).toMatchObject({ status: "cancelled", video_url: null });
    expect((await finish(job.did)).status).toBe(202);
  });

  it("refuses if there is nothing to cancel", async () => {
    expect((await cancel(await edge.newDream(key))).json).toMatchObject({
      status: 404,
      code: "job.not_found",
    });
    const film = await edge.newFilm(key);
    expect((await cancel(film.did)).json).toMatchObject({ status: 409, code: "job.finished" });
  });
});
