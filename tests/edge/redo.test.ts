import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ClaimAnswer } from "../../contract/claim.ts";
import type { RedoQueued } from "../../contract/job.ts";
import type { Storyboard } from "../../contract/storyboard.ts";
import { until } from "../until.ts";
import { atOnce, type Edge, type Job, type OrProblem, startEdge, tally } from "./harness.ts";

let edge: Edge;
let key: string;
beforeAll(async () => {
  edge = await startEdge();
  ({ key } = await edge.newKey());
});
afterAll(() => edge.close());

const storyboard: Storyboard = {
  title: "Sea",
  language: "en",
  scenes: ["one", "two", "three"].map((narration) => ({
    narration,
    picture: `a picture of ${narration}`,
    picture_size: "1536x864",
    picture_take: 0,
    voice_take: 0,
  })),
};

const redo = (
  job: Pick<Job, "did">,
  n: number | string,
  body: unknown = {},
  headers: Record<string, string> = {},
  as = key,
) =>
  edge.call<OrProblem<RedoQueued>>("POST", `/dreams/${job.did}/scenes/${n}/redo`, { key: as, body, headers });

/** Makes the film of the job's newest attempt as a worker does, storyboard and all. */
async function film(job: Job): Promise<OrProblem<ClaimAnswer>> {
  const { json: claimed } = await edge.claim(job);
  if (claimed.outcome !== "claimed") throw new Error("not claimed");
  const filmed = claimed.storyboard ?? storyboard;
  await edge.progress(job, 1, { events: [{ n: 1, event: { type: "job.storyboard", data: filmed } }] });
  await edge.putFilm(job, 1);
  await edge.complete(job, 1);
  return claimed;
}

async function newFilm(): Promise<Job> {
  const job = await edge.newJob(key);
  await film(job);
  return job;
}

describe("POST /dreams/{did}/scenes/{n}/redo", () => {
  it("shows the earlier film until there is a new one", async () => {
    const job = await newFilm();
    const { video_url, earlier_film } = await edge.status(job);
    expect(earlier_film).toBeNull();
    const { json } = await redo(job, 1);
    const again = { ...job, id: json.job_id };
    const before = { job_id: job.id, duration_seconds: 30.5 };
    const making = await edge.status(job);
    expect(making).toMatchObject({ status: "queued", video_url: null, redo_scene: 1, earlier_film: before });
    const response = await fetch(making.earlier_film?.video_url as string);
    expect([response.status, await response.text()]).toEqual([200, "film bytes"]);

    await edge.claim(again);
    const failed = { status: "failed", video_url: null, error: "no", error_code: "scene.refused" } as const;
    await edge.complete(again, 1, failed);
    expect(await edge.status(job)).toMatchObject({ status: "failed", earlier_film: before });

    const { json: third } = await redo(job, 1);
    await film({ ...job, id: third.job_id });
    const made = await edge.status(job);
    expect(made).toMatchObject({ status: "completed", earlier_film: null });
    expect(made.video_url).not.toBe(video_url);
  });

  it("queues a job that carries the film's storyboard with the scene changed", async () => {
    const job = await newFilm();
    const { status, json, headers } = await redo(job, 1, { picture: "a whale" });
    expect(status).toBe(202);
    expect(json).toMatchObject({
      status: "video_queued",
      scene: 1,
      redo_of: job.id,
      buys: [{ asset: "picture", scene: 1 }],
    });
    expect(json.reuses).toHaveLength(5);
    expect(headers.get("location")).toBe(json.status_url);
    await until(
      () => edge.messages(json.job_id),
      (messages) => messages.length === 1,
    );
    const claimed = await film({ ...job, id: json.job_id });
    expect(claimed).toMatchObject({
      dream: { title: "Sea" },
      storyboard: {
        scenes: [{}, { narration: "two", picture: "a whale", picture_take: 0, picture_size: "1536x864" }, {}],
      },
    });
    expect((await edge.status(job)).status).toBe("completed");
  });

  it("changes the newest finished film, redo after redo", async () => {
    const job = await newFilm();
    const first = (await redo(job, 0, { narration: "I woke." })).json;
    await film({ ...job, id: first.job_id });
    const second = (await redo(job, 0)).json;
    expect(second.redo_of).toBe(first.job_id);
    const claimed = await edge.claim({ id: second.job_id });
    expect(claimed.json).toMatchObject({
      storyboard: { scenes: [{ narration: "I woke.", picture_take: 1 }, {}, {}] },
    });
  });

  it("uses the last finished film again after a redo that failed", async () => {
    const job = await newFilm();
    await redo(job, 0);
    await edge.call("POST", `/dreams/${job.did}/cancel`, { key });
    expect((await redo(job, 2)).json).toMatchObject({ redo_of: job.id, scene: 2 });
  });

  it("changes a scene of a failed film if none was finished", async () => {
    const job = await edge.newJob(key);
    await edge.claim(job);
    const failed = { status: "failed", video_url: null, error: "no", error_code: "voice.unusable" } as const;
    await edge.complete(job, 1, failed);
    expect((await redo(job, 1)).json.code).toBe("dream.no_film");
    const finished = await edge.call<{ job_id: string }>("POST", `/dreams/${job.did}/finish`, {
      key,
      body: {},
    });
    const again = { ...job, id: finished.json.job_id };
    await edge.claim(again);
    await edge.progress(again, 1, {
      events: [{ n: 1, event: { type: "job.storyboard", data: storyboard } }],
    });
    await edge.complete(again, 1, failed);
    const { status, json } = await redo(job, 1, { narration: "I woke." });
    expect([status, json.redo_of]).toEqual([202, again.id]);
    expect((await edge.claim({ id: json.job_id })).json).toMatchObject({
      storyboard: { scenes: [{}, { narration: "I woke." }, {}] },
    });
  });

  it("uses the text that the film was made of, although the dream has another text now", async () => {
    const job = await newFilm();
    await edge.call("PATCH", `/dreams/${job.did}`, { key, body: { transcript: "", title: "Other" } });
    const { json } = await redo(job, 0);
    expect((await edge.claim({ id: json.job_id })).json).toMatchObject({ dream: { title: "Sea" } });
  });

  it("lets one of ten at once win", async () => {
    const job = await newFilm();
    const answers = await atOnce(10, (n) => redo(job, n % 3));
    expect(tally(answers.map(({ status }) => status))).toEqual({ 202: 1, 409: 9 });
  });

  it("gives the same Idempotency-Key the same answer, also when the film is finished, and acts once", async () => {
    const job = await newFilm();
    const headers = { "idempotency-key": "again" };
    const first = await redo(job, 1, { picture: "a whale" }, headers);
    const during = await redo(job, 1, { picture: "a whale" }, headers);
    await film({ ...job, id: first.json.job_id });
    const after = await redo(job, 1, { picture: "a whale" }, headers);
    expect([during, after].map(({ status, json }) => [status, json])).toEqual(
      [first, first].map(({ status, json }) => [status, json]),
    );
    expect(after.headers.get("idempotency-replayed")).toBe("true");
    expect((await redo(job, 2, { picture: "a whale" }, headers)).json.code).toBe("idempotency.key_reused");
  });

  it("explains a wrong request", async () => {
    const job = await newFilm();
    const refusalOf = async (...asked: Parameters<typeof redo>) => {
      const { status, json } = await redo(...asked);
      return [status, json.code];
    };
    expect(await refusalOf(job, 3)).toEqual([404, "scene.out_of_range"]);
    expect(await refusalOf(job, "-1")).toEqual([422, "request.invalid"]);
    expect(await refusalOf(job, "one")).toEqual([422, "request.invalid"]);
    expect(await refusalOf(job, 0, { picture: " " })).toEqual([422, "request.invalid"]);
    expect(await refusalOf(job, 0, { narration: "x".repeat(2001) })).toEqual([422, "request.invalid"]);
    expect(await refusalOf(job, 0, { seed: 1 })).toEqual([422, "request.invalid"]);
    expect(await refusalOf({ did: "no-such-dream" }, 0)).toEqual([404, "dream.not_found"]);
    const stranger = (await edge.newKey()).key;
    expect(await refusalOf(job, 0, {}, {}, stranger)).toEqual([404, "dream.not_found"]);
    expect(await refusalOf(job, 0, {}, {}, "dr_no-such-key")).toEqual([401, "auth.invalid"]);
    expect(await refusalOf(await edge.newJob(key), 0)).toEqual([409, "job.active"]);
    expect(await refusalOf({ did: await edge.newDream(key) }, 0)).toEqual([409, "dream.no_film"]);
  });
});
