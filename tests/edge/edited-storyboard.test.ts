/** What becomes of a storyboard that its owner has changed: the next film of the dream starts from it. */
import { expect, it } from "vitest";
import type { KeptStoryboard } from "../../contract/approval.ts";
import type { VideoQueued, VideoStatus } from "../../contract/job.ts";
import { gateOf } from "./gate.ts";
import { aStoryboard, atOnce, type Job, type OrProblem, tally } from "./harness.ts";
import { useEdge } from "./use-edge.ts";

const { edge, key } = await useEdge();
const { waiting, read, edit, refuse } = gateOf(edge, key);
const [first] = aStoryboard.scenes as [KeptStoryboard["scenes"][number]];
const focus = { x: 0.1, y: 0.1, w: 0.5, h: 0.5 };

const cancel = (job: Job) => edge.call<VideoStatus>("POST", `/dreams/${job.did}/cancel`, { key });
const finish = (job: Job, body: object = {}) =>
  edge.call<OrProblem<VideoQueued>>("POST", `/dreams/${job.did}/finish`, {
    key,
    body: { pause_after: "storyboard", ...body },
  });
const scenesOf = (...narrations: string[]) => narrations.map((narration) => ({ ...first, narration }));
/** The storyboard that the worker of the new job gets; null: it writes one. */
const startOf = async ({ json }: { json: OrProblem<VideoQueued> }) => {
  const claimed = (await edge.claim({ id: json.job_id })).json;
  return "storyboard" in claimed ? claimed.storyboard : undefined;
};

it("gives a changed storyboard to the next film of the dream, however the one before ended", async () => {
  const ends: ((job: Job) => Promise<unknown>)[] = [
    cancel,
    async (job) => {
      await edge.sql("UPDATE jobs SET expires_at = 1, is_expiry_told = 1 WHERE id = ?", job.id);
      await edge.sweep();
    },
    async (job) => {
      await edge.approve(job, 2);
      await edge.claim(job);
      await edge.complete(job, 2, { status: "failed", video_url: null, error: "no", error_code: "x" });
    },
    async (job) => {
      await edge.approve(job, 2);
      await edge.claim(job);
      await edge.putFilm(job, 2);
      await edge.complete(job, 2);
    },
  ];
  for (const end of ends) {
    const job = await waiting();
    expect((await edge.status(job)).storyboard_is_edited).toBe(false);
    await edit(job, 1, { title: "Mine", scenes: scenesOf("I swam.") });
    await end(job);
    expect((await edge.status(job)).storyboard_is_edited).toBe(true);
    const again = await finish(job);
    expect(again).toMatchObject({ status: 202, json: { storyboard_of: job.id } });
    const next = { ...job, id: again.json.job_id };
    const claimed = (await edge.claim(next)).json;
    const mine = { title: "Mine", scenes: [{ narration: "I swam." }] };
    expect(claimed).toMatchObject({ outcome: "claimed_asking", storyboard: mine });
    if (!("storyboard" in claimed) || claimed.storyboard === null) throw new Error("no storyboard");
    // It stays theirs, though nothing is changed at this stop.
    await edge.pause(next, 1, { storyboard: claimed.storyboard });
    await cancel(next);
    expect(await startOf(await finish(job, { pause_after: null, style: "ink" }))).toMatchObject(mine);
  }
});

it("writes a new storyboard where its owner asks for it, or for other words", async () => {
  const edited = async (storyboard?: KeptStoryboard) => {
    const job = await waiting({}, storyboard);
    await edit(job, 1, { scenes: scenesOf("I swam.") });
    await cancel(job);
    return job;
  };
  for (const body of [
    { new_storyboard: true },
    { language: "de" },
    { length_seconds: 60 },
    { cast: true },
  ] as const) {
    const again = await finish(await edited(), body);
    expect(again).toMatchObject({ status: 202, json: { storyboard_of: null } });
    expect(await startOf(again)).toBeNull();
  }
  const retold = await edited();
  const body = { transcript: "I told it otherwise. It was night." };
  await edge.call("PATCH", `/dreams/${retold.did}`, { key, body });
  expect(await startOf(await finish(retold))).toBeNull();

  const unedited = await waiting();
  await cancel(unedited);
  expect(await startOf(await finish(unedited))).toBeNull();
});

it("starts from a changed storyboard with the dream's newest title, and at the size of another shape", async () => {
  const sized = { ...first, picture_size: "1536x864" };
  const job = await waiting({}, { ...aStoryboard, scenes: [sized] });
  await edit(job, 1, { scenes: [{ ...sized, narration: "I swam.", focus }] });
  await cancel(job);
  await edge.call("PATCH", `/dreams/${job.did}`, { key, body: { title: "Renamed" } });
  const started = await startOf(await finish(job, { aspect: "9:16" }));
  expect(started).toMatchObject({ title: "Renamed", scenes: [{ narration: "I swam." }] });
  expect(started?.scenes[0]).not.toHaveProperty("picture_size");
  expect(started?.scenes[0]).not.toHaveProperty("focus");
});

it("starts one film of a changed storyboard from ten requests at once, each key with its own answer", async () => {
  const job = await waiting();
  await edit(job, 1, { scenes: scenesOf("I swam.") });
  await cancel(job);
  const answers = await atOnce(10, () => finish(job));
  expect(tally(answers.map(({ status }) => status))).toEqual({ 202: 1, 409: 9 });
});

it("may cost no more than was told, where pictures are bought already", async () => {
  const job = await edge.newJob(key, { pause_after: "pictures" });
  await edge.claim(job);
  await edge.progress(job, 1, { events: [{ n: 1, event: { type: "job.storyboard", data: aStoryboard } }] });
  await edge.pause(job, 1, { at: "pictures" });
  const { price } = (await read(job)).json;
  await edge.approve(job, 1);
  const [{ most }] = (await edge.sql<{ most: number }>(
    "SELECT input ->> '$.at_most_micro_usd' AS most FROM jobs WHERE id = ?",
    job.id,
  )) as [{ most: number }];
  expect(most).toBeCloseTo((price.at_most_usd + price.spent_usd) * 1e6, 0);
});

it("takes scenes away from a film of the dreamer's own voice, merges them, and tells no other words", async () => {
  const scenes = scenesOf("I flew.", "I fell.", "I woke.");
  const job = await waiting({}, { ...aStoryboard, scenes });
  expect((await read(job)).json.own_voice).toBe(false);
  await edge.sql(
    "UPDATE jobs SET input = json_set(input, '$.options.voice', 'own', '$.recordings', json('[]')) WHERE id = ?",
    job.id,
  );
  expect((await read(job)).json.own_voice).toBe(true);
  const refused = (index: number) => ({
    status: 409,
    json: { code: "storyboard.own_voice", errors: [{ pointer: `/scenes/${index}/narration` }] },
  });
  expect(await edit(job, 1, { scenes: scenesOf("I flew.", "I sank.", "I woke.") })).toMatchObject(refused(1));
  expect(await edit(job, 1, { scenes: scenesOf("I woke.", "I flew.") })).toMatchObject(refused(1));
  expect(await edit(job, 1, { scenes: scenesOf("I flew. I woke.") })).toMatchObject(refused(0));
  const merged = scenesOf("I flew.", "I fell. I woke.");
  expect(await edit(job, 1, { title: "T", scenes: merged })).toMatchObject({ status: 200 });
  expect(await edit(job, 2, { title: "T", scenes: scenesOf("I fell.  I woke.") })).toMatchObject({
    status: 200,
  });
});

it("waits for its owner again where providers refuse its words, says which, and takes no such words again", async () => {
  await edge.call("POST", "/webhooks", {
    key,
    body: { url: "https://127.0.0.1:1/x", events: ["job.waiting"] },
  });
  const scenes = scenesOf("I flew.", "I fell. Nobody wore anything. I woke.");
  const job = await waiting({}, { ...aStoryboard, scenes });
  await edge.sql("UPDATE deliveries SET status = 'delivered' WHERE job_id = ?", job.id);
  await edge.approve(job, 1);
  const claimed = (await edge.claim(job)).json;
  expect(claimed).toMatchObject({ outcome: "claimed", attempt: 2, takes_refusal: true });
  expect(await refuse(job, 2, "Nobody wore anything.")).toMatchObject({
    status: 200,
    json: { applied: true },
  });
  expect(await refuse(job, 2, "Nobody wore anything.")).toMatchObject({
    status: 200,
    json: { applied: false },
  });

  expect(await edge.row(job)).toMatchObject({
    ...{ status: "waiting", revision: 2, approved_at: null, lease_expires_at: null, failed_attempts: 0 },
  });
  expect(await edge.sql("SELECT * FROM outbox WHERE job_id = ?", job.id)).toEqual([]);
  expect((await edge.status(job)).approval).toMatchObject({ revision: 2 });
  const refused = { pointer: "/scenes/1/narration", text: "Nobody wore anything." };
  expect((await read(job)).json).toMatchObject({ refused, scenes });
  const told = await edge.sql<{ body: string }>("SELECT body FROM deliveries WHERE job_id = ?", job.id);
  expect(told.map(({ body }) => JSON.parse(body).data)).toMatchObject([{ revision: 2, is_refused: true }]);

  const problem = {
    status: 409,
    json: { code: "storyboard.not_allowed", errors: [{ pointer: refused.pointer }] },
  };
  expect(await edge.approve(job, 1)).toMatchObject(problem);
  expect(await edge.approve(job, 2)).toMatchObject(problem);
  const moved = scenesOf("I fell. Nobody wore anything.", "I flew.");
  expect(await edit(job, 2, { scenes: moved })).toMatchObject({
    ...{ status: 409, json: { errors: [{ pointer: "/scenes/0/narration" }] } },
  });
  const mended = scenesOf("I flew.", "I fell. I woke.");
  expect(await edit(job, 2, { scenes: mended })).toMatchObject({ status: 200, json: { refused: null } });
  expect((await edge.approve(job, 3)).status).toBe(202);
  expect((await edge.claim(job)).json).toMatchObject({ outcome: "claimed", storyboard: { scenes: mended } });
});

it("goes on without one of its cast whose description providers refuse", async () => {
  const ann = { id: "ann", kind: "person" as const, name: "Ann", description: "A naked woman" };
  const scenes = aStoryboard.scenes.map((scene) => ({ ...scene, cast: ["ann"] }));
  const job = await waiting({ cast: true }, { ...aStoryboard, scenes, cast: [ann] });
  await edge.approve(job, 1);
  await edge.claim(job);
  await refuse(job, 2, "Ann: A naked woman");
  const refused = { pointer: "/cast/0/description" };
  expect((await read(job)).json).toMatchObject({ refused });
  expect(await edge.approve(job, 2)).toMatchObject({ status: 409, json: { errors: [refused] } });
  expect(await edit(job, 2)).toMatchObject({ status: 200, json: { refused: null } });
  expect((await edge.approve(job, 3)).status).toBe(202);
});
