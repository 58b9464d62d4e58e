/** How often the edge asks D1, and by which plan. */
import { randomUUID } from "node:crypto";
import sharp from "sharp";
import { afterAll, expect, it } from "vitest";
import { type Count, startEdgeInProcess } from "../../tests/edge/edge-in-process.ts";
import { secrets } from "../../tests/edge/harness.ts";
import { sweep } from "../jobs/sweep.ts";
import { realPorts } from "../ports.ts";
import { sendDue } from "../webhooks/send-due.ts";
import { requeueLapsed } from "./lapses.ts";
import { openPrimary } from "./open.ts";

const {
  edge,
  watched,
  env,
  ask,
  report,
  claim,
  progress,
  charges,
  release,
  completion,
  putFilm,
  announce,
  postSegment,
  transcribed,
} = await startEdgeInProcess();
afterAll(() => edge.close());

/** A message that is due, to an address that is refused before anything is sent. */
async function addMessage(): Promise<void> {
  const id = randomUUID();
  await edge.sql(
    `INSERT INTO webhooks (id, owner_id, url, events, secret, enabled, created_at)
     VALUES (?, 'sender', 'http://127.0.0.1/', '[]', 's', 1, 1)`,
    id,
  );
  await edge.sql(
    `INSERT INTO deliveries (id, webhook_id, job_id, type, body, status, due_at, created_at)
     VALUES (?, ?, 'j', 'job.failed', '{}', 'pending', 1, ?)`,
    ...[id, id, Date.now()],
  );
}

/** Every kind of request about segments. */
async function tellParts(did: string, count: Count): Promise<void> {
  const key = await announce(did, "a", count);
  const posted = await count("post a segment", () => postSegment(did, "a", 0, key));
  await count("list segments", () => ask("GET", `/dreams/${did}/segments`));
  await count("finish with recordings", () => ask("POST", `/dreams/${did}/finish`, { voice: "own" }));
  await count("estimate with recordings", () =>
    ask("POST", "/estimate", { dream_id: did, options: { voice: "own" } }),
  );
  await count("set settings", () => ask("PUT", "/settings", { pronunciations: { Siobhan: "shivawn" } }));
  await count("read settings", () => ask("GET", "/settings"));
  await count("list the cast", () => ask("GET", "/cast"));
  const member = { name: "Grandmother", description: "An old woman" };
  const { id } = (await count("add to the cast", () => ask("POST", "/cast", member))).json;
  const photo = await sharp({ create: { width: 200, height: 200, channels: 3, background: "#888" } })
    .jpeg()
    .toBuffer();
  const add = () => ask("PUT", `/cast/${id}/photo`, photo);
  expect((await count("add a photo", add)).status).toBe(200);
  await count("see a sheet", () => ask("GET", `/cast/${id}/sheet`));
  const other = (await ask("POST", "/dreams", { transcript: "A sea." })).json.id as string;
  await count("finish with a cast", () => ask("POST", `/dreams/${other}/finish`, { cast: true }));
  await ask("POST", `/dreams/${other}/cancel`);
  await count("delete a photo", () => ask("DELETE", `/cast/${id}/photo`));
  await count("forget one of the cast", () => ask("DELETE", `/cast/${id}`));
  await claim(posted.json.job_id);
  await count("complete a transcription, and its film's message", () => transcribed(posted.json.job_id));
  await ask("POST", `/dreams/${did}/cancel`);
  await count("correct a segment", () =>
    ask("PATCH", `/dreams/${did}/segments/a`, { transcript: "A lake." }),
  );
  await count("move a segment", () => ask("PATCH", `/dreams/${did}/segments/a`, { order: 1 }));
  await count("delete a segment", () => ask("DELETE", `/dreams/${did}/segments/a`));
}

/** Every kind of request about a film that waits for its owner. */
async function askOwner(count: Count): Promise<void> {
  const did = (await ask("POST", "/dreams", { transcript: "A sea." })).json.id as string;
  const { job_id } = (await ask("POST", `/dreams/${did}/finish`, { pause_after: "pictures" })).json;
  await claim(job_id);
  const scenes = [{ narration: "A sea.", picture: "A sea." }];
  const storyboard = { title: "T", language: "en", scenes };
  const address = `/dreams/${did}/storyboard`;
  await count("pause", () =>
    report(`/internal/jobs/${job_id}/pause`, { job_id, attempt: 1, at: "pictures", storyboard }),
  );
  await count("read the storyboard", () => ask("GET", address));
  await count("change the storyboard", () =>
    ask("PUT", address, { title: "S", scenes }, { "if-match": '"1"' }),
  );
  const approve = () => ask("POST", `/dreams/${did}/approve`, { revision: 2 }, { "idempotency-key": did });
  expect((await count("approve", approve)).status).toBe(202);
  await ask("POST", `/dreams/${did}/cancel`);
}

/** Every kind of request about takes of the dream's film. */
async function buyTakes(did: string, filmId: string, count: Count): Promise<void> {
  const storyboard = { title: "T", language: "en", scenes: [{ narration: "A sea.", picture: "A sea." }] };
  await edge.sql(
    "INSERT INTO events (job_id, seq, attempt, type, data, at) VALUES (?, 99, 1, 'job.storyboard', ?, 1)",
    ...[filmId, JSON.stringify(storyboard)],
  );
  const address = `/dreams/${did}/scenes/0/takes`;
  const asked = await count("request takes", () =>
    ask("POST", address, {}, { "idempotency-key": randomUUID() }),
  );
  const { job_id, takes } = asked.json;
  await claim(job_id);
  const result = { id: takes[0], has_file: true, cost_usd: 0, error: null };
  await count("complete takes", () =>
    report(`/internal/jobs/${job_id}/takes`, { job_id, attempt: 1, status: "completed", takes: [result] }),
  );
  await count("list takes", () => ask("GET", address));
  await count("choose a take", () => ask("POST", `${address}/${takes[0]}/choose`));
  await ask("POST", `/dreams/${did}/cancel`);
  await ask("POST", address);
  await count("cancel takes", () => ask("POST", `/dreams/${did}/takes/cancel`));
}

/** Every kind of request and the sweep, each with the trips it took. */
async function everything(): Promise<Record<string, number>> {
  const trips: Record<string, number> = {};
  const count = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const before = watched.trips;
    const result = await work();
    trips[name] = watched.trips - before;
    return result;
  };
  const idempotent = () => ({ "idempotency-key": randomUUID() });
  const made = await count("create", () => ask("POST", "/dreams", { transcript: "A sea." }, idempotent()));
  const did: string = made.json.id;
  await count("get", () => ask("GET", `/dreams/${did}`));
  await count("list", () => ask("GET", "/dreams?limit=2"));
  const { json } = await ask("GET", "/dreams?limit=1");
  await count("list, next page", () => ask("GET", `/dreams?cursor=${json.next_cursor ?? "MS5h"}`));
  await count("transcript", () => ask("GET", `/dreams/${did}/transcript`));
  await count("change", () => ask("PATCH", `/dreams/${did}`, { title: "T" }));
  const finished = await count("finish", () => ask("POST", `/dreams/${did}/finish`, {}, idempotent()));
  const id: string = finished.json.job_id;
  await count("finish, refused", () => ask("POST", `/dreams/${did}/finish`));
  await count("claim", () => claim(id));
  await count("charges", () => charges(id, 1));
  await count("progress", () => progress(id, 1));
  await count("release", () => release(id, 1));
  const { dream_id: dreamId } = (await claim(id)).json;
  await putFilm(dreamId, id, 2);
  await count("cost", () => ask("GET", `/dreams/${did}/cost`));
  await count("estimate", () => ask("POST", "/estimate", { transcript: "A sea." }));
  await count("status", () => ask("GET", `/dreams/${did}/video-status`));
  await count("complete", () => report(`/dreams/${dreamId}/video-complete`, completion(dreamId, id, 2)));
  await count("status, completed", () => ask("GET", `/dreams/${did}/video-status`));
  await buyTakes(did, id, count);
  await askOwner(count);
  await ask("POST", `/dreams/${did}/finish`);
  await count("cancel", () => ask("POST", `/dreams/${did}/cancel`));
  const again = await ask("POST", `/dreams/${did}/finish`);
  await claim(again.json.job_id);
  const failure = { ...completion(dreamId, again.json.job_id, 1), status: "failed", error: "e" };
  await count("complete, failed", () => report(`/dreams/${dreamId}/video-complete`, failure));
  await tellParts(did, count);
  await count("delete", () => ask("DELETE", `/dreams/${did}`));
  await edge.sql("UPDATE purges SET due_at = 0");
  await count("health", () => ask("GET", "/health"));
  await count("sweep", () => sweep(env, realPorts));
  await addMessage();
  await sendDue(env, openPrimary(env.DB), "sender", realPorts.now, () => new Promise(() => {}));
  const admin = { authorization: `Bearer ${secrets.ADMIN_KEY}` };
  const made2 = await count("make a key", () => ask("POST", "/admin/keys", { owner: "o" }, admin));
  const admins = (method: string, path: string, body?: unknown) => ask(method, path, body, admin);
  const operator: [string, string, unknown?][] = [
    ["GET", "/admin/ops/figures"],
    ["GET", "/admin/ops/samples"],
    ["GET", "/admin/ops/workers"],
    ["GET", "/admin/ops/jobs"],
    ["GET", `/admin/ops/jobs?cursor=${id}`],
    ["GET", "/admin/ops/jobs?status=failed&error_code=c"],
    ["GET", "/admin/ops/jobs?owner=o&priority=premium"],
    ["GET", `/admin/ops/jobs/${id}`],
    ["POST", `/admin/ops/jobs/${again.json.job_id}/retry`],
    ["POST", "/admin/ops/redrive", { job_ids: [id] }],
    ["POST", "/admin/ops/redrive", {}],
  ];
  for (const [method, path, body] of operator) {
    const name = `${method} ${path.replaceAll(/job_\w+/g, "{job_id}")}`;
    await count(name, () => admins(method, path, body));
  }
  await admins("POST", `/admin/ops/jobs/${again.json.job_id}/cancel`);
  await admins("POST", "/admin/cleanup", { dry_run: true });
  await admins("POST", "/admin/cleanup", { dry_run: false });
  await report("/internal/workers/w/sign-of-life", {
    ...{ worker_id: "w", region: "r", version: "1", slots: 1, leaving: false },
  });
  await count("a worker's farewell", () =>
    report("/internal/workers/w/sign-of-life", {
      ...{ worker_id: "w", region: "r", version: "1", slots: 1, leaving: true },
    }),
  );
  await requeueLapsed(openPrimary(env.DB), Date.now(), 10, [{ workerId: "w", sinceMs: Date.now() }]);
  await count("revoke a key", () => ask("DELETE", `/admin/keys/${made2.json.id}`, undefined, admin));
  await count("set a budget", () => ask("PATCH", "/admin/owners/o/budget", { daily_usd: 1 }, admin));
  await count("read a budget", () => ask("GET", "/admin/owners/o/budget", undefined, admin));
  return trips;
}

/** SQLite's plan of every statement since the last `forget`, by the statement. */
async function readPlans(): Promise<Map<string, string[]>> {
  const plans = new Map<string, string[]>();
  for (const text of new Set(watched.statements)) {
    const bound = Array(text.match(/\?/g)?.length ?? 0).fill("[]");
    const plan = await edge.sql<{ detail: string }>(`EXPLAIN QUERY PLAN ${text}`, ...bound);
    plans.set(
      text,
      plan.map(({ detail }) => detail),
    );
  }
  return plans;
}

it("takes one round trip for nearly every request", async () => {
  expect(await everything()).toEqual({
    create: 1,
    get: 1,
    list: 1,
    "list, next page": 1,
    transcript: 1,
    change: 1,
    finish: 1,
    "finish, refused": 1,
    claim: 1,
    charges: 1,
    progress: 1,
    release: 1,
    cost: 1,
    estimate: 1,
    status: 1,
    complete: 1,
    "status, completed": 1,
    pause: 1,
    "read the storyboard": 1,
    "change the storyboard": 2,
    approve: 2,
    "request takes": 2,
    "complete takes": 1,
    "list takes": 1,
    "choose a take": 2,
    "cancel takes": 1,
    cancel: 2,
    "complete, failed": 1,
    "announce a segment": 1,
    "post a segment": 3,
    "list segments": 1,
    "finish with recordings": 2,
    "estimate with recordings": 2,
    "set settings": 1,
    "read settings": 1,
    "list the cast": 1,
    "add to the cast": 1,
    "add a photo": 3,
    "see a sheet": 1,
    "finish with a cast": 1,
    "delete a photo": 2,
    "forget one of the cast": 2,
    "complete a transcription, and its film's message": 4,
    "correct a segment": 3,
    "move a segment": 3,
    "delete a segment": 3,
    delete: 3,
    health: 1,
    sweep: 15,
    "GET /admin/ops/figures": 1,
    "GET /admin/ops/samples": 1,
    "GET /admin/ops/workers": 1,
    "GET /admin/ops/jobs": 1,
    "GET /admin/ops/jobs?cursor={job_id}": 1,
    "GET /admin/ops/jobs?status=failed&error_code=c": 1,
    "GET /admin/ops/jobs?owner=o&priority=premium": 1,
    "GET /admin/ops/jobs/{job_id}": 1,
    "POST /admin/ops/jobs/{job_id}/retry": 1,
    "POST /admin/ops/redrive": 1,
    "a worker's farewell": 1,
    "make a key": 1,
    "revoke a key": 1,
    "set a budget": 1,
    "read a budget": 1,
  });
});

it("writes no more rows for a finish than its tables and their look-ups need", async () => {
  const { json } = await ask("POST", "/dreams", { transcript: "A sea." });
  watched.forget();
  expect((await ask("POST", `/dreams/${json.id}/finish`)).status).toBe(202);
  // The job with its key and five indexes, the owner's storage, the dream, the event with its key, the outbox
  // with its key and its index.
  expect(watched.rowsWritten).toBeLessThanOrEqual(7 + 1 + 1 + 2 + 3);
});

it("binds no LIMIT in the requests of a film, which SQLite would compile anew for each call", async () => {
  watched.forget();
  const { json } = await ask("POST", "/dreams", { transcript: "A sea." });
  const { job_id } = (await ask("POST", `/dreams/${json.id}/finish`)).json;
  await ask("GET", `/dreams/${json.id}/video-status`);
  const { dream_id, attempt } = (await claim(job_id)).json;
  await progress(job_id, attempt);
  await putFilm(dream_id, job_id, attempt);
  await report(`/dreams/${dream_id}/video-complete`, completion(dream_id, job_id, attempt));
  expect(watched.statements.length).toBeGreaterThan(30);
  expect(watched.statements.filter((text) => /\bLIMIT \?/.test(text))).toEqual([]);
});

it("finds every row by a key or an index, and sorts nothing that an index has sorted", async () => {
  watched.forget();
  await everything();
  const plans = await readPlans();
  expect(plans.size).toBeGreaterThan(40);
  const slow: string[] = [];
  for (const [text, plan] of plans) {
    for (const detail of plan) {
      // `senders` has a few rows a machine and no index, which every message would have to write.
      const scans =
        /^SCAN (?!CONSTANT ROW|senders$|line|json_each|fresh|waiting_hooks|\(|jobs USING COVERING INDEX sqlite_autoindex)/.test(
          detail,
        );
      const sorts = /TEMP B-TREE/.test(detail) && !/json_each\(\?\) AS line/.test(text);
      if (scans || sorts) slow.push(`${detail}  <-  ${text.replaceAll(/\s+/g, " ").slice(0, 300)}`);
    }
  }
  expect(slow).toEqual([]);
});

it("has a reader for every index that does not keep rows unique", async () => {
  watched.forget();
  await everything();
  await ask("GET", `/webhooks/${randomUUID()}/deliveries`);
  const { json } = await ask("POST", "/dreams", { transcript: "A sea." });
  const { job_id } = (await ask("POST", `/dreams/${json.id}/finish`)).json;
  const hint = { job_id, claim_id: randomUUID(), worker_id: "w", queue: "standard" };
  await report(`/internal/jobs/${job_id}/claim`, hint);
  const named = [...(await readPlans()).values()].flat().join("\n");
  const indexes = await edge.sql<{ name: string; tbl_name: string }>(
    "SELECT name, tbl_name FROM sqlite_master WHERE type = 'index' AND sql NOT LIKE 'CREATE UNIQUE%'",
  );
  const unread = indexes.filter(({ name }) => !new RegExp(`INDEX ${name}\\b`).test(named));
  expect(unread.map(({ name }) => name)).toEqual([]);
});

it("finds a key and a dream that are too new for the replica near the client", async () => {
  const { json } = await ask("POST", "/dreams", { transcript: "A sea." });
  watched.lagging = true;
  const reads = [
    `/dreams/${json.id}`,
    `/dreams/${json.id}/transcript`,
    `/dreams/${json.id}/video-status`,
    "/dreams",
  ];
  const answers = [];
  for (const path of reads) answers.push((await ask("GET", path)).status);
  watched.lagging = false;
  expect(answers).toEqual([200, 200, 200, 200]);
});
