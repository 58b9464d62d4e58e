import { expect, it } from "vitest";
import type { ClaimAnswer } from "../../contract/claim.ts";
import type { RedoQueued } from "../../contract/job.ts";
import type { OpsFigures } from "../../contract/ops.ts";
import { filmPrefix } from "../../contract/storage.ts";
import type { Storyboard } from "../../contract/storyboard.ts";
import type { BoughtTake, TakeList, TakeShown, TakesQueued } from "../../contract/takes.ts";
import { atOnce, type Job, type OrProblem, secrets, tally } from "./harness.ts";
import { useEdge } from "./use-edge.ts";

const { edge, key } = await useEdge({ FILM_KEEP_DAYS: "30" });

const scene = (narration: string) => ({
  ...{ narration, picture: `a picture of ${narration}`, picture_size: "1536x864" },
  ...{ picture_take: 0, voice_take: 0, focus: { x: 0.1, y: 0.2, w: 0.3, h: 0.4 } },
});
const storyboard: Storyboard = {
  title: "Sea",
  language: "en",
  scenes: ["one", "two", "three"].map(scene),
};

/** Makes the film of the job's newest attempt as a worker does, storyboard and all. */
async function film(job: Job): Promise<Extract<ClaimAnswer, { dream: unknown }>> {
  const { json: claimed } = await edge.claim(job);
  if (!("dream" in claimed)) throw new Error("not a film");
  const filmed = claimed.storyboard ?? storyboard;
  await edge.progress(job, 1, { events: [{ n: 1, event: { type: "job.storyboard", data: filmed } }] });
  await edge.putFilm(job, 1);
  await edge.complete(job, 1, { files: { poster: true } });
  return claimed;
}

async function newFilm(options: object = {}, as = key): Promise<Job> {
  const job = await edge.newJob(as, options);
  await film(job);
  return job;
}

type Asked = Pick<Job, "did">;
const buy = (
  job: Asked,
  n: number | string,
  body: unknown = {},
  headers: Record<string, string> = {},
  as = key,
) =>
  edge.call<OrProblem<TakesQueued>>("POST", `/dreams/${job.did}/scenes/${n}/takes`, {
    key: as,
    body,
    headers,
  });
const list = async (job: Asked, n = 1, as = key): Promise<TakeList> =>
  (await edge.call<TakeList>("GET", `/dreams/${job.did}/scenes/${n}/takes`, { key: as })).json;
const choose = (job: Asked, take: string | undefined, n = 1, as = key) =>
  edge.call<OrProblem<RedoQueued | TakeShown>>(
    "POST",
    `/dreams/${job.did}/scenes/${n}/takes/${take}/choose`,
    {
      key: as,
    },
  );
const jobOf = (job: Job, { json }: { json: { job_id: string } }): Job => ({ ...job, id: json.job_id });

/** Buys the takes as a worker does; gives what the worker was told. */
async function buyAsWorker(job: Job, result: Partial<BoughtTake> = {}) {
  const { json: claimed } = await edge.claim(job);
  if (claimed.outcome !== "takes") throw new Error("no takes");
  const takes = claimed.takes.map(({ id }) => ({
    id,
    has_file: true,
    cost_usd: 0.04,
    error: null,
    ...result,
  }));
  const extension = claimed.asset === "picture" ? "jpg" : "wav";
  for (const { id } of takes)
    await edge.media.put(`${filmPrefix(job.dreamId, job.id, claimed.attempt)}takes/${id}.${extension}`, id);
  const { json } = await completeTakes(job, claimed.attempt, { takes, cost_usd: 0.04 * takes.length });
  return { claimed, applied: json.applied };
}
const completeTakes = (job: Job, attempt: number, fields: object) =>
  edge.report<OrProblem<{ applied: boolean }>>(`/internal/jobs/${job.id}/takes`, {
    ...{ job_id: job.id, attempt, status: "completed" },
    ...fields,
  });

it("buys takes beside the film, which stays as it is, and lists them with pictures and prices", async () => {
  const job = await newFilm();
  const before = await edge.status(job);
  const asked = await buy(job, 1, { count: 3 });
  expect(asked.status).toBe(202);
  expect(asked.json).toMatchObject({ status: "takes_queued", scene: 1, asset: "picture" });
  expect(asked.json.at_most_usd).toBeGreaterThan(0);
  expect((await list(job)).takes.map(({ status }) => status)).toEqual([
    ...["ready", "making", "making", "making"],
    "ready",
  ]);

  const { claimed } = await buyAsWorker(jobOf(job, asked));
  expect(claimed).toMatchObject({ scene: 1, language: "en", options: { max_cost_usd: null } });
  expect(claimed.takes.map(({ scene: taken }) => taken.picture_take)).toEqual([1, 2, 3]);
  expect(claimed.takes[0]?.scene).toEqual({ ...storyboard.scenes[1], picture_take: 1 });
  expect(await edge.status(job)).toEqual(before);
  expect(await edge.log(jobOf(job, asked))).toEqual(["job.queued", "job.started", "takes.bought"]);

  const { takes, price, film_job_id, job: newest } = await list(job);
  expect(film_job_id).toBe(job.id);
  expect(newest).toMatchObject({ job_id: asked.json.job_id, scene: 1, status: "completed", error: null });
  expect(price.picture_usd).toBeGreaterThan(0);
  expect(price.voice_usd).toBeGreaterThan(0);
  const pictures = takes.filter(({ asset }) => asset === "picture");
  expect(pictures.map(({ number, is_chosen, cost_usd }) => [number, is_chosen, cost_usd])).toEqual([
    [1, true, 0],
    ...[2, 3, 4].map((number) => [number, false, 0.04]),
  ]);
  expect(pictures.slice(1).map(({ id }) => id)).toEqual(asked.json.takes);
  const picture = await fetch(pictures[2]?.picture_url ?? "");
  expect([picture.status, await picture.text(), picture.headers.get("content-type")]).toEqual([
    ...[200, asked.json.takes[1], "image/jpeg"],
  ]);
  expect(takes.find(({ asset }) => asset === "voice")).toMatchObject({ is_chosen: true, prompt: "two" });
  expect((await list(job, 0)).takes).toHaveLength(2);
});

it("films the chosen take, whole and for nothing, and the first one again with all that belongs to it", async () => {
  const job = await newFilm();
  const [, second] = (await buyTakes(job, { prompt: "a whale", count: 2 })).takes;
  const chosen = await choose(job, second);
  expect(chosen.status).toBe(202);
  expect(chosen.json).toMatchObject({ status: "video_queued", redo_of: job.id, scene: 1, buys: [] });
  const { storyboard: filmed } = await film(jobOf(job, chosen));
  expect(filmed?.scenes[1]).toEqual({
    ...{ narration: "two", picture: "a whale", picture_take: 2, voice_take: 0, picture_size: "1536x864" },
  });

  const pictures = (await list(job)).takes.filter(({ asset }) => asset === "picture");
  expect(pictures.map(({ is_chosen }) => is_chosen)).toEqual([false, false, true]);
  const again = await choose(job, second);
  expect([again.status, again.json]).toEqual([
    200,
    { status: "already_chosen", dream_id: job.did, job_id: chosen.json.job_id, scene: 1, take: second },
  ]);

  const back = await choose(job, pictures[0]?.id);
  const restored = await film(jobOf(job, back));
  expect(restored.storyboard).toEqual(storyboard);
});

async function buyTakes(job: Job, body: object): Promise<TakesQueued> {
  const asked = await buy(job, 1, body);
  await buyAsWorker(jobOf(job, asked));
  return asked.json;
}

it("gives no two purchases of a scene the same number, by takes or by redos", async () => {
  const job = await newFilm();
  await buyTakes(job, { count: 2 });
  const redo = await edge.call<RedoQueued>("POST", `/dreams/${job.did}/scenes/1/redo`, { key, body: {} });
  expect((await film(jobOf(job, redo))).storyboard?.scenes[1]?.picture_take).toBe(3);
  const other = await buy(job, 2);
  const first = await buyAsWorker(jobOf(job, other));
  expect(first.claimed.takes[0]?.scene.picture_take).toBe(1);
  const { claimed } = await buyAsWorker(jobOf(job, await buy(job, 1)));
  expect(claimed.takes[0]?.scene.picture_take).toBe(4);
  const voices = await buyAsWorker(jobOf(job, await buy(job, 1, { asset: "voice", prompt: "Two!" })));
  expect(voices.claimed.takes[0]?.scene).toMatchObject({ narration: "Two!", voice_take: 1, picture_take: 3 });
  const [, voice] = (await list(job)).takes.filter(({ asset }) => asset === "voice");
  const sound = await fetch(voice?.audio_url ?? "");
  expect([sound.status, sound.headers.get("content-type")]).toEqual([200, "audio/wav"]);
});

it("numbers a redo and takes that are requested at the same time apart", async () => {
  for (let round = 0; round < 3; round++) {
    const job = await newFilm();
    const [redo, takes] = await Promise.all([
      edge.call<RedoQueued>("POST", `/dreams/${job.did}/scenes/1/redo`, { key, body: {} }),
      buy(job, 1, { count: 2 }),
    ]);
    expect([redo.status, takes.status]).toEqual([202, 202]);
    const { storyboard: filmed } = await film(jobOf(job, redo));
    const { claimed } = await buyAsWorker(jobOf(job, takes));
    const numbers = claimed.takes.map((take) => take.scene.picture_take);
    expect([...numbers, filmed?.scenes[1]?.picture_take].sort()).toEqual([1, 2, 3]);
  }
});

it("lets one of ten requests at once buy, and one of ten choose", async () => {
  const job = await newFilm();
  const answers = await atOnce(10, (n) => buy(job, n % 3, { count: 1 + (n % 4) }));
  expect(tally(answers.map(({ status }) => status))).toEqual({ 202: 1, 409: 9 });
  expect(answers.filter(({ status }) => status === 409).map(({ json }) => json.code)).toEqual(
    Array(9).fill("takes.active"),
  );
  const made = answers.find(({ status }) => status === 202) as (typeof answers)[0];
  await buyAsWorker(jobOf(job, made));
  const choices = await atOnce(10, () => choose(job, made.json.takes[0], made.json.scene));
  expect(tally(choices.map(({ status, json }) => json.code ?? status))).toEqual({ 202: 1, "job.active": 9 });
});

it("gives the same Idempotency-Key the same takes and buys once", async () => {
  const job = await newFilm();
  const headers = { "idempotency-key": "again" };
  const first = await buy(job, 1, { count: 2 }, headers);
  await buyAsWorker(jobOf(job, first));
  const second = await buy(job, 1, { count: 2 }, headers);
  expect([second.status, second.json]).toEqual([202, first.json]);
  expect(second.headers.get("idempotency-replayed")).toBe("true");
  expect((await buy(job, 1, { count: 3 }, headers)).json.code).toBe("idempotency.key_reused");
  expect((await list(job)).takes).toHaveLength(4);
});

it("lets a film be requested while takes are bought, and the other way round", async () => {
  const job = await newFilm();
  const takes = await buy(job, 1);
  const redo = await edge.call<RedoQueued>("POST", `/dreams/${job.did}/scenes/0/redo`, { key, body: {} });
  expect(redo.status).toBe(202);
  await buyAsWorker(jobOf(job, takes));
  expect((await buy(job, 1)).status).toBe(202);
  await film(jobOf(job, redo));
  expect((await edge.status(job)).status).toBe("completed");
  expect((await list(job)).film_job_id).toBe(redo.json.job_id);
});

it("stops buying where its owner says so, and buys again after that", async () => {
  const job = await newFilm();
  const stop = () => edge.call<OrProblem<object>>("POST", `/dreams/${job.did}/takes/cancel`, { key });
  expect((await stop()).json.code).toBe("job.not_found");
  const asked = await buy(job, 1);
  await edge.claim(jobOf(job, asked));
  const stopped = { status: "cancelled", dream_id: job.did, job_id: asked.json.job_id };
  expect((await stop()).json).toEqual(stopped);
  expect((await stop()).json).toEqual(stopped);
  expect((await completeTakes(jobOf(job, asked), 1, {})).json.code).toBe("job.cancelled");
  expect((await edge.status(job)).status).toBe("completed");
  expect((await list(job)).takes.find(({ id }) => id === asked.json.takes[0])?.status).toBe("failed");
  const { claimed } = await buyAsWorker(jobOf(job, await buy(job, 1)));
  expect(claimed.takes[0]?.scene.picture_take).toBe(2);
  expect((await stop()).json.code).toBe("job.finished");
});

it("may spend nothing on a chosen take, whatever the film's limit, and a redo after it may again", async () => {
  const job = await newFilm({ max_cost_usd: 2 });
  const [first] = (await buyTakes(job, {})).takes;
  const warning = { code: "picture.refused", message: "m", scene: 2 };
  await edge.sql(
    "INSERT INTO events (job_id, seq, attempt, type, data, at) VALUES (?, 50, 1, 'job.warning', ?, 1)",
    ...[job.id, JSON.stringify(warning)],
  );
  const chosen = jobOf(job, await choose(job, first));
  const { json: claimed } = await edge.claim(chosen);
  expect(claimed).toMatchObject({ chosen: { scene: 1, asset: "picture", placeholders: [2] } });
  const fingerprint = "5".repeat(64);
  const reserve = [
    { fingerprint, capability: "picture", scene: 0, model: "m", ceiling_micro_usd: 1, gone: false },
  ];
  const ask = async (of: Job) =>
    (
      await edge.report<{ charges: unknown[] }>(`/internal/jobs/${of.id}/charges`, {
        ...{ job_id: of.id, attempt: 1, settle: [], reserve, send: [] },
      })
    ).json;
  expect(await ask(chosen)).toMatchObject({ charges: [{ fingerprint, decision: "over_budget" }] });
  await edge.putFilm(chosen, 1);
  await edge.complete(chosen, 1);
  const redo = jobOf(job, await edge.call("POST", `/dreams/${job.did}/scenes/1/redo`, { key, body: {} }));
  expect((await edge.claim(redo)).json).not.toHaveProperty("chosen");
  expect(await ask(redo)).toMatchObject({ charges: [{ fingerprint, decision: "go" }] });
});

it("tells which take failed, and keeps the others", async () => {
  const job = await newFilm();
  const asked = await buy(job, 1, { count: 2 });
  const { json: claimed } = await edge.claim(jobOf(job, asked));
  if (claimed.outcome !== "takes") throw new Error("no takes");
  const [good, bad] = asked.json.takes as [string, string];
  const error = { code: "picture.refused", message: "The provider refused this picture." };
  await completeTakes(jobOf(job, asked), 1, {
    takes: [
      { id: good, has_file: true, cost_usd: 0.04, error: null },
      { id: bad, has_file: false, cost_usd: 0, error },
    ],
  });
  const { takes } = await list(job);
  expect(takes.find(({ id }) => id === bad)).toMatchObject({ status: "failed", error, picture_url: null });
  expect((await choose(job, bad)).json.code).toBe("take.not_ready");
  expect((await choose(job, good)).status).toBe(202);
});

/** Removes the files of this job as the hourly clean-up does when they are too old. */
async function removeFiles(job: Job): Promise<void> {
  await edge.sql("UPDATE jobs SET ended_at = 1 WHERE id = ?", job.id);
  await edge.call("POST", "/admin/cleanup", { key: secrets.ADMIN_KEY, body: { dry_run: false } });
  expect(await edge.sql("SELECT files FROM jobs WHERE id = ?", job.id)).toEqual([{ files: null }]);
}

it("keeps a failed take failed after its files are deleted, and says whose file is gone", async () => {
  const job = await newFilm();
  const asked = await buy(job, 1, { count: 2 });
  const takes = jobOf(job, asked);
  await edge.claim(takes);
  const [good, bad] = asked.json.takes as [string, string];
  const error = { code: "picture.refused", message: "The provider refused this picture." };
  await completeTakes(takes, 1, {
    takes: [
      { id: good, has_file: true, cost_usd: 0.04, error: null },
      { id: bad, has_file: false, cost_usd: 0, error },
    ],
  });
  const read = async () => (await list(job)).takes.filter(({ job_id }) => job_id === takes.id);
  expect((await read()).map(({ is_file_gone }) => is_file_gone)).toEqual([false, false]);
  await removeFiles(takes);
  const gone = { is_file_gone: true, picture_url: null, cost_usd: 0.04, error: null };
  expect(await read()).toMatchObject([
    { id: good, status: "ready", ...gone },
    { id: bad, status: "failed", error, is_file_gone: false },
  ]);
  expect((await choose(job, bad)).json.code).toBe("take.not_ready");
  await film(jobOf(job, await choose(job, good)));
  const shown = (await list(job)).takes.find(({ id }) => id === good);
  expect(shown).toMatchObject({ is_file_gone: false, picture_url: expect.stringContaining("/scenes/1.jpg") });
});

it("tells that a picture was painted from gentler words: a bought one, and a film's", async () => {
  const job = await edge.newJob(key);
  await edge.claim(job);
  const warning = { code: "picture.softened", message: "m", scene: 1 };
  await edge.progress(job, 1, {
    events: [
      { n: 1, event: { type: "job.storyboard", data: storyboard } },
      { n: 2, event: { type: "job.warning", data: warning } },
    ],
  });
  await edge.putFilm(job, 1);
  await edge.complete(job, 1, { files: { poster: true } });
  const takes = jobOf(job, await buy(job, 1, { count: 1 }));
  await buyAsWorker(takes, { softened: true });
  await buyAsWorker(jobOf(job, await buy(job, 1, { count: 1 })));
  const softened = async (n: number) => (await list(job, n)).takes.map(({ is_softened }) => is_softened);
  expect(await softened(1)).toEqual([true, true, false, false]);
  expect(await softened(0)).toEqual([false, false]);
  await removeFiles(takes);
  expect(await softened(1)).toEqual([true, true, false, false]);
});

it("says where a voice is heard that was bought with a film, while the film and its log are kept", async () => {
  const job = await edge.newJob(key);
  await edge.claim(job);
  const ready = [2.4, 3.2, 4.0].map((seconds, n) => ({ scene: n, seconds, reused: false }));
  await edge.progress(job, 1, {
    events: [
      { n: 1, event: { type: "job.storyboard", data: storyboard } },
      // Scenes become ready in any order.
      ...ready.reverse().map((data, n) => ({ n: n + 2, event: { type: "scene.ready" as const, data } })),
    ],
  });
  await edge.putFilm(job, 1);
  await edge.complete(job, 1, { files: { poster: true } });
  const voice = async (n: number) => (await list(job, n)).takes.find(({ asset }) => asset === "voice");
  const film = /^(.*\/film\.mp4)#t=([\d.]+),([\d.]+)$/;
  const places = await Promise.all(
    [0, 1, 2].map(async (n) => film.exec((await voice(n))?.film_url ?? "")?.slice(2)),
  );
  expect(places).toEqual([
    ["0", "2.4"],
    ["2.4", "5.6"],
    ["5.6", "9.6"],
  ]);
  expect((await fetch((await voice(1))?.film_url ?? "")).status).toBe(200);
  await edge.sql("DELETE FROM events WHERE job_id = ? AND type = 'scene.ready'", job.id);
  expect(await voice(1)).toMatchObject({ film_url: null, audio_url: null, is_file_gone: false });
  await removeFiles(job);
  expect(await voice(1)).toMatchObject({ film_url: null, is_file_gone: true });
});

it("tells operators that a wrong configuration fails takes", async () => {
  const figures = async () =>
    (await edge.call<OpsFigures>("GET", "/admin/ops/figures", { key: secrets.ADMIN_KEY })).json;
  const before = await figures();
  const job = await newFilm();
  const takes = jobOf(job, await buy(job, 1));
  await edge.claim(takes);
  const why = { error: "Nothing usable.", error_code: "picture.answer_unusable" };
  await completeTakes(takes, 1, { status: "failed", ...why });
  expect(await figures()).toMatchObject({
    ...{ misconfigured: (before.misconfigured ?? 0) + 1, failed: before.failed },
  });
});

it("ends once, is fenced like a film, and is handed on when its worker falls silent", async () => {
  const job = await newFilm();
  const takes = jobOf(job, await buy(job, 1, { count: 2 }));
  await edge.claim(takes);
  await edge.lapse(takes);
  const { claimed, applied } = await buyAsWorker(takes);
  expect([claimed.attempt, applied]).toEqual([2, true]);
  expect((await completeTakes(takes, 1, {})).json.code).toBe("job.fenced");
  expect((await completeTakes(takes, 2, {})).json.applied).toBe(false);
  expect(await edge.sql("SELECT value FROM counters WHERE name = 'takes_ended'")).not.toEqual([]);
  expect(await edge.sql("SELECT job_id FROM purges WHERE job_id = ?", takes.id)).toHaveLength(1);
});

it("explains a wrong request", async () => {
  const job = await newFilm();
  const refusalOf = async (...asked: Parameters<typeof buy>) => {
    const { status, json } = await buy(...asked);
    return [status, json.code];
  };
  expect(await refusalOf(job, 3)).toEqual([404, "scene.out_of_range"]);
  expect(await refusalOf(job, 0, { count: 5 })).toEqual([422, "request.invalid"]);
  expect(await refusalOf(job, 0, { count: 0 })).toEqual([422, "request.invalid"]);
  expect(await refusalOf(job, 0, { prompt: " " })).toEqual([422, "request.invalid"]);
  expect(await refusalOf({ did: "no-such-dream" }, 0)).toEqual([404, "dream.not_found"]);
  expect(await refusalOf(job, 0, {}, {}, (await edge.newKey()).key)).toEqual([404, "dream.not_found"]);
  expect(await refusalOf(job, 0, {}, {}, "dr_no-such-key")).toEqual([401, "auth.invalid"]);
  expect(await refusalOf({ did: await edge.newDream(key) }, 0)).toEqual([409, "dream.no_film"]);
  expect(await refusalOf(await edge.newJob(key), 0)).toEqual([409, "job.active"]);
  expect((await choose(job, "0123456789abcdef")).json.code).toBe("take.not_found");
  expect((await choose(job, "nonsense")).json.code).toBe("request.invalid");
});
