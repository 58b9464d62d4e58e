/**
 * A film that waits until its owner approves it: what it holds, who may change it, what one approval buys.
 */
import { expect, it } from "vitest";
import type { RedoQueued } from "../../contract/job.ts";
import { gateOf } from "./gate.ts";
import { aStoryboard, atOnce, type OrProblem, tally } from "./harness.ts";
import { useEdge } from "./use-edge.ts";

const { edge, key } = await useEdge();

const { waiting, read, edit } = gateOf(edge, key);

it("holds no lease, claim, message or reservation while it waits, and an approval queues it again", async () => {
  const job = await edge.newJob(key, { pause_after: "storyboard" });
  expect((await edge.claim(job)).json).toMatchObject({ outcome: "claimed_asking", attempt: 1 });
  const charge = {
    fingerprint: "a".repeat(64),
    capability: "picture",
    scene: 0,
    model: "m",
    ceiling_micro_usd: 9,
  };
  await edge.report(`/internal/jobs/${job.id}/charges`, { job_id: job.id, attempt: 1, reserve: [charge] });
  expect((await edge.pause(job, 1)).json).toEqual({ status: "ok", applied: true });

  const row = await edge.row(job);
  expect(row).toMatchObject({
    ...{ status: "waiting", claim_id: null, worker_id: null, lease_expires_at: null },
    ...{ failed_attempts: 0, revision: 1, pause_point: "storyboard", ended_at: null },
  });
  expect(await edge.sql("SELECT * FROM outbox WHERE job_id = ?", job.id)).toEqual([]);
  expect(await edge.sql("SELECT state, counted_micro_usd FROM charges WHERE job_id = ?", job.id)).toEqual([
    { state: "failed", counted_micro_usd: 0 },
  ]);
  const sent = await edge.messages(job.id);
  await edge.sweep();
  expect(await edge.messages(job.id)).toEqual(sent);
  expect((await edge.claim(job)).json).toEqual({ outcome: "not_yours", reason: "finished" });
  expect(await edge.status(job)).toMatchObject({
    ...{ status: "waiting", queue_position: null, eta_seconds: null, completed_at: null },
    approval: { at: "storyboard", revision: 1, expires_at: new Date(Number(row?.expires_at)).toISOString() },
  });

  expect(await edge.approve(job, 1)).toMatchObject({ status: 202, json: { job_id: job.id } });
  expect(await edge.messages(job.id)).toHaveLength(sent.length + 1);
  expect(await edge.sql("SELECT job_id FROM outbox WHERE job_id = ?", job.id)).toHaveLength(1);
  expect((await edge.claim(job)).json).toMatchObject({
    ...{ outcome: "claimed", attempt: 2, storyboard: aStoryboard },
  });
  expect(await edge.log(job)).toEqual([
    "job.queued",
    "job.started",
    "job.waiting",
    "job.approved",
    "job.started",
  ]);
});

it("is queued once by a hundred approvals at once", async () => {
  const job = await waiting();
  const before = await edge.messages(job.id);
  const answers = await atOnce(100, () => edge.approve(job, 1));
  expect(tally(answers.map(({ status }) => status))).toEqual({ 202: 100 });
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect(await edge.messages(job.id)).toHaveLength(before.length + 1);
  const claims = await atOnce(20, () => edge.claim(job));
  expect(tally(claims.map(({ json }) => json.outcome))).toEqual({ claimed: 1, not_yours: 19 });
  expect((await edge.log(job)).filter((type) => type === "job.approved")).toHaveLength(1);
});

it("is filmed as it was changed, with the fields that no edit names, for what its new scenes cost", async () => {
  const scenes = aStoryboard.scenes.map((scene, n) => ({ ...scene, cast: [`p${n}`], mood: "calm", focus }));
  const job = await waiting({ cast: true }, { ...aStoryboard, cast: [member], scenes });
  const shown = await read(job);
  expect(shown.headers.get("etag")).toBe('"1"');
  const [first, second, third] = shown.json.scenes as typeof scenes;
  const changed = [third, { ...first, picture: "A green sea." }, { narration: "New.", picture: "New." }];
  const edited = await edit(job, 1, { title: "Another sea", scenes: changed });
  expect(edited).toMatchObject({ status: 200, json: { revision: 2, title: "Another sea" } });
  expect(edited.headers.get("etag")).toBe('"2"');
  expect(edited.json.price.at_most_usd).not.toBe(shown.json.price.at_most_usd);

  await edge.approve(job, 2);
  const claimed = (await edge.claim(job)).json;
  const { focus: _, ...unfocused } = { ...first, picture: "A green sea." };
  expect(claimed).toMatchObject({ storyboard: { title: "Another sea", cast: [member] } });
  expect("storyboard" in claimed && claimed.storyboard?.scenes).toEqual([
    third,
    unfocused,
    { narration: "New.", picture: "New.", picture_take: 0, voice_take: 0 },
  ]);
  expect(second).toBeDefined();
  const [{ most }] = (await edge.sql<{ most: number }>(
    "SELECT input ->> '$.at_most_micro_usd' AS most FROM jobs WHERE id = ?",
    job.id,
  )) as [{ most: number }];
  expect(most).toBeCloseTo((edited.json.price.at_most_usd + edited.json.price.spent_usd) * 1e6, 0);
  expect((await edge.call<{ title: string }>("GET", `/dreams/${job.did}`, { key })).json.title).toBe("Sea");
});
const member = { id: "p0", kind: "person" as const, name: "Ann", description: "A tall woman." };
const focus = { x: 0.1, y: 0.1, w: 0.5, h: 0.5 };

it("refuses a change or an approval of a storyboard that has changed since, and takes a repeated one", async () => {
  const job = await waiting();
  expect(await edit(job, null)).toMatchObject({
    status: 428,
    json: { code: "request.precondition_required" },
  });
  expect(await edit(job, "nonsense")).toMatchObject({ status: 412, json: { code: "storyboard.changed" } });
  expect(await edit(job, 1, { title: "Mine" })).toMatchObject({ status: 200, json: { revision: 2 } });
  expect(await edit(job, 1, { title: "Mine" })).toMatchObject({ status: 200, json: { revision: 2 } });
  expect(await edit(job, 1, { title: "Yours" })).toMatchObject({
    ...{ status: 412, json: { code: "storyboard.changed" } },
  });
  expect(await edge.approve(job, 1)).toMatchObject({ status: 409, json: { code: "storyboard.stale" } });
  expect(await edit(job, "*", { title: "Ours" })).toMatchObject({ status: 200, json: { revision: 3 } });
  expect(await edit(job, 'W/"3"')).toMatchObject({ status: 200, json: { revision: 4 } });
  const raced = await atOnce(20, (n) => edit(job, 4, { title: `Title ${n}` }));
  expect(tally(raced.map(({ status }) => status))).toEqual({ 200: 1, 412: 19 });
  expect(await edit(job, 5, { scenes: [] })).toMatchObject({ status: 422 });
  const crowded = { ...aStoryboard.scenes[0], cast: Array(30).fill("p0") };
  expect(await edit(job, 5, { scenes: [crowded] })).toMatchObject({
    ...{ status: 422, json: { errors: [{ pointer: "/scenes/0/cast" }] } },
  });
  const long = { narration: "a", picture: "x".repeat(1_999) };
  expect(await edit(job, 5, { scenes: Array(40).fill(long) })).toMatchObject({
    status: 422,
    json: { errors: [{ pointer: "/scenes" }] },
  });
  expect(await edge.approve(job, 5, { "idempotency-key": "k1" })).toMatchObject({ status: 202 });
  expect((await edge.approve(job, 5, { "idempotency-key": "k1" })).headers.get("idempotency-replayed")).toBe(
    "true",
  );
  expect(await edge.approve(job, 6, { "idempotency-key": "k1" })).toMatchObject({
    json: { code: "idempotency.key_reused" },
  });
  expect(await edit(job, 5)).toMatchObject({ status: 409, json: { code: "job.not_waiting" } });
  expect(await read(job)).toMatchObject({ status: 409, json: { code: "job.not_waiting" } });
});

it("belongs to its owner, is the dream's active film, and can be cancelled or deleted", async () => {
  const job = await waiting();
  const stranger = (await edge.newKey()).key;
  for (const [method, path, body] of [
    ["GET", "storyboard", undefined],
    ["PUT", "storyboard", { title: "T", scenes: aStoryboard.scenes }],
    ["POST", "approve", { revision: 1 }],
  ] as const) {
    const headers = { "if-match": "*" };
    const answer = await edge.call("POST" === method ? "POST" : method, `/dreams/${job.did}/${path}`, {
      ...{ key: stranger, headers },
      ...(body && { body }),
    });
    expect(answer).toMatchObject({ status: 404, json: { code: "dream.not_found" } });
  }
  expect(await edge.call("POST", `/dreams/${job.did}/finish`, { key, body: {} })).toMatchObject({
    ...{ status: 409, json: { code: "job.active" } },
  });
  expect((await edge.call("POST", `/dreams/${job.did}/cancel`, { key })).json).toMatchObject({
    ...{ status: "cancelled", approval: null },
  });
  expect(await edge.approve(job, 1)).toMatchObject({ status: 409, json: { code: "job.not_waiting" } });
  expect(await edge.sql("SELECT job_id FROM purges WHERE job_id = ?", job.id)).toHaveLength(1);

  const deleted = await waiting();
  expect((await edge.call("DELETE", `/dreams/${deleted.did}`, { key })).status).toBe(204);
  expect(await edge.sql("SELECT id FROM jobs WHERE id = ?", deleted.id)).toEqual([]);
});

it("ends as expired after seven days, a day after its owner was told", async () => {
  const events = ["job.waiting", "job.expiring", "job.expired"];
  await edge.call("POST", "/webhooks", { key, body: { url: "https://127.0.0.1:1/x", events } });
  const job = await waiting();
  const days = (count: number) => count * 24 * 3600_000;
  const [{ expires_at }] = (await edge.sql("SELECT expires_at FROM jobs WHERE id = ?", job.id)) as [
    { expires_at: number },
  ];
  expect(Math.abs(expires_at - Date.now() - days(7))).toBeLessThan(60_000);
  const backdate = (byMs: number) =>
    edge.sql("UPDATE jobs SET expires_at = ? WHERE id = ?", expires_at - byMs, job.id);
  await backdate(days(6) - 60_000);
  await edge.sweep();
  expect((await edge.log(job)).at(-1)).toBe("job.waiting");
  await backdate(days(6) + 60_000);
  await edge.sweep();
  await edge.sweep();
  expect((await edge.log(job)).filter((type) => type === "job.expiring")).toHaveLength(1);
  expect((await edge.status(job)).status).toBe("waiting");
  await backdate(days(7) + 60_000);
  await edge.sweep();
  expect(await edge.status(job)).toMatchObject({ status: "expired", approval: null });
  expect((await edge.log(job)).slice(-2)).toEqual(["job.expiring", "job.expired"]);
  expect(await edge.approve(job, 1)).toMatchObject({ status: 409, json: { code: "job.not_waiting" } });
  const sent = await edge.sql<{ type: string; body: string }>(
    "SELECT type, body FROM deliveries WHERE job_id = ? ORDER BY created_at",
    job.id,
  );
  expect(sent.map(({ type }) => type)).toEqual(events);
  expect(JSON.parse(sent[0]?.body ?? "")).toMatchObject({
    ...{ type: "job.waiting", data: { dream_id: job.did, job_id: job.id, at: "storyboard", revision: 1 } },
  });
  const again = await edge.call("POST", `/dreams/${job.did}/finish`, { key, body: {} });
  expect(again.status).toBe(202);
});

it("may wait for days and then meet an outage, which costs it no attempt", async () => {
  const job = await waiting();
  await edge.sql("UPDATE jobs SET created_at = ? WHERE id = ?", Date.now() - 3 * 24 * 3600_000, job.id);
  await edge.approve(job, 1);
  await edge.claim(job);
  await edge.release(job, 2, { reason: "outage", code: "edge.unreachable", message: "away" });
  expect(await edge.row(job)).toMatchObject({ status: "queued", failed_attempts: 0 });
});

it("stays paused when its worker says so twice, and never pauses again once it is approved", async () => {
  const job = await waiting({ pause_after: "pictures" });
  expect((await edge.pause(job, 1)).json).toEqual({ status: "ok", applied: false });
  await edge.approve(job, 1);
  expect(await edge.pause(job, 1)).toMatchObject({ status: 409, json: { code: "job.fenced" } });
  expect((await edge.claim(job)).json).toMatchObject({ outcome: "claimed", attempt: 2 });
  await edge.putFilm(job, 2);
  expect((await edge.complete(job, 2)).status).toBe(200);
  expect((await edge.status(job)).status).toBe("completed");
});

it("counts a picture that was painted without AI as one to be bought, so that no approval costs more than its price", async () => {
  const job = await edge.newJob(key, { pause_after: "pictures" });
  await edge.claim(job);
  const warn = (code: string, scene: number) => ({
    type: "job.warning" as const,
    data: { code, message: "No picture.", scene },
  });
  const told = [
    { type: "job.storyboard" as const, data: aStoryboard },
    warn("picture.failed", 1),
    warn("picture.softened", 2),
  ];
  await edge.progress(job, 1, { events: told.map((event, at) => ({ n: at + 1, event })) });
  await edge.pause(job, 1, { at: "pictures" });
  const gapped = (await read(job)).json;
  expect(gapped.picture_urls).not.toContain(null);
  await edge.sql("DELETE FROM events WHERE job_id = ? AND type = 'job.warning'", job.id);
  const whole = (await read(job)).json;
  const voices = (await edit(job, 1, { scenes: [third, second, first] })).json;
  expect(voices.price).toEqual(whole.price);
  expect(gapped.price.at_most_usd - whole.price.at_most_usd).toBeGreaterThan(0.01);
  expect(gapped.price.expected_usd - whole.price.expected_usd).toBeGreaterThan(0.01);
});
const [first, second, third] = aStoryboard.scenes;

it("keeps a changed film as long as was asked with its end card, and buys a new scene's picture at the others' size", async () => {
  const scenes = aStoryboard.scenes.map((scene) => ({
    ...{ ...scene, narration: `${scene.narration} `.repeat(5), picture_size: "1536x864" },
  }));
  const breathOf = async (options: object) => {
    const job = await waiting({ length_seconds: 40, ...options }, { ...aStoryboard, breath: 0, scenes });
    const added = { narration: "New.", picture: "New." };
    const { json } = await edit(job, 1, { scenes: [...scenes, added] });
    expect(json.scenes.map(({ picture_size }) => picture_size)).toEqual(Array(4).fill("1536x864"));
    return json.breath ?? 0;
  };
  expect(await breathOf({ ambience: true, end_card: true })).toBeLessThan(await breathOf({ ambience: true }));
});

it("costs at most what its owner's limit leaves", async () => {
  const { price } = (await read(await waiting({ max_cost_usd: 0.05 }))).json;
  expect(price.at_most_usd + price.spent_usd).toBeCloseTo(0.05, 6);
});

it("is redone with its owner's words after it failed, and says what was never bought", async () => {
  const job = await waiting();
  const [first, ...others] = aStoryboard.scenes;
  const scenes = [{ ...first, narration: "I woke at sea." }, ...others];
  await edit(job, 1, { scenes });
  await edge.approve(job, 2);
  await edge.claim(job);
  const refused = {
    status: "failed",
    video_url: null,
    error: "no",
    error_code: "dream.not_allowed",
  } as const;
  await edge.complete(job, 2, refused);
  const { json } = await edge.call<OrProblem<RedoQueued>>("POST", `/dreams/${job.did}/scenes/1/redo`, {
    key,
    body: { narration: "I swam." },
  });
  expect(json).toMatchObject({ reuses: [] });
  expect(json.buys).toHaveLength(2 * scenes.length);
  expect((await edge.claim({ id: json.job_id })).json).toMatchObject({
    // A redo that is refused fails: it would wait, unasked, as the dream's active film.
    takes_refusal: false,
    storyboard: { scenes: [{ narration: "I woke at sea." }, { narration: "I swam." }, {}] },
  });
});
