/** What the edge asks of D1: how often, by which plan, and what becomes of it when the answer is lost. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { numberMessages, signMessage } from "../../contract/signature.ts";
import { filmKey, filmUrl } from "../../contract/storage.ts";
import { type Edge, secrets, startEdge } from "../../tests/edge/harness.ts";
import { type WatchedD1, watchD1 } from "../../tests/edge/watched-d1.ts";
import { seeded, seedOfRun } from "../../tests/seeded.ts";
import { buildApp } from "../app.ts";
import type { Env } from "../env.ts";
import { AttemptCount } from "../http/attempts/attempt-count.ts";
import { failureLimit } from "../http/rate-policies.ts";
import { sweep } from "../jobs/sweep.ts";
import { realPorts } from "../ports.ts";
import { sendDue } from "../webhooks/send-due.ts";
import { openPrimary } from "./open.ts";

const origin = "https://edge.example";
let edge: Edge;
let watched: WatchedD1;
let env: Env;
let key: string;

beforeAll(async () => {
  edge = await startEdge();
  watched = watchD1(edge.d1);
  const queue = { send: async () => {}, sendBatch: async () => {} } as unknown as Queue;
  env = {
    DB: watched.d1,
    MEDIA: edge.media,
    VIDEO_STANDARD: queue,
    VIDEO_PREMIUM: queue,
    STREAM_COUNTS: { getByName: () => ({ recheck: async () => {} }) },
    CHANNELS: { getByName: () => ({ notify: async () => {} }) },
    WEBHOOK_SENDERS: { getByName: () => ({ notify: async () => {} }) },
    ...secrets,
    ...{ RATE_LIMITS: "off", WEBHOOKS_ALLOW_PRIVATE: "1", ACTIVE_JOBS: "1000 1000" },
    ...{ S3_ENDPOINT: "https://s3.example", S3_ACCESS_KEY_ID: "id", S3_SECRET_ACCESS_KEY: "secret" },
    ...{ FILM_KEEP_DAYS: "1", LOG_KEEP_DAYS: "1", ASSET_KEEP_DAYS: "1" },
  } as unknown as Env;
  key = (await edge.newKey()).key;
});
afterAll(() => edge.close());

const app = buildApp(realPorts);
const deferred: Promise<unknown>[] = [];
const context = {
  waitUntil: (work: Promise<unknown>) => void deferred.push(work),
  passThroughOnException() {},
} as unknown as ExecutionContext;

async function ask(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
  asEnv: Env = env,
) {
  const text = body === undefined ? null : JSON.stringify(body);
  const request = new Request(new URL(path, origin), {
    method,
    body: text,
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json", ...headers },
  });
  const response = await app.fetch(request, asEnv, context);
  await Promise.all(deferred.splice(0));
  const answer = await response.text();
  const { status, headers: answered } = response;
  return { status, headers: answered, json: answer === "" ? null : JSON.parse(answer) };
}

const nextId = numberMessages(randomUUID());
function report(path: string, body: unknown) {
  const secret = secrets.CALLBACK_SECRETS.split(" ")[0] as string;
  const signed = signMessage(secret, nextId(), Math.floor(Date.now() / 1000), JSON.stringify(body));
  return ask("POST", path, body, { ...signed });
}

const claim = (jobId: string, claimId: string = randomUUID()) =>
  report(`/internal/jobs/${jobId}/claim`, { job_id: jobId, claim_id: claimId, worker_id: "w" });
const progress = (jobId: string, attempt: number) =>
  report(`/internal/jobs/${jobId}/progress`, {
    job_id: jobId,
    attempt,
    stage: "scenes",
    progress: 30,
    scenes_total: 2,
    scenes_ready: 1,
    cost_usd: 0.01,
    charges: [{ fingerprint: charge, outcome: "paid", cost_micro_usd: 1 }],
    events: [1, 2, 3].map((n) => ({
      n,
      event: { type: "scene.voice", data: { scene: n, seconds: 1, reused: false } },
    })),
  });
const charge = "0".repeat(64);
const charges = (jobId: string, attempt: number) =>
  report(`/internal/jobs/${jobId}/charges`, {
    job_id: jobId,
    attempt,
    settle: [{ fingerprint: charge, outcome: "found" }],
    reserve: [
      { fingerprint: charge, capability: "text", scene: null, model: "m", ceiling_micro_usd: 1, gone: true },
    ],
    send: [charge],
  });
const release = (jobId: string, attempt: number) =>
  report(`/internal/jobs/${jobId}/release`, {
    job_id: jobId,
    attempt,
    reason: "error",
    code: "c",
    message: "m",
    delay_seconds: 0,
  });
const completion = (did: string, jobId: string, attempt: number) => ({
  job_id: jobId,
  attempt,
  status: "completed",
  video_url: filmUrl(origin, did, jobId, attempt),
  metadata: { duration: 1, scenes: 2, cost: 0.02 },
  error: null,
});
const putFilm = (did: string, jobId: string, attempt: number) =>
  edge.media.put(filmKey(did, jobId, attempt, "film.mp4"), "film");

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

type Count = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/** Announces a segment and puts its file into the store. Gives its key. */
async function announce(did: string, id: string, count: Count = (_, work) => work()): Promise<string> {
  const file = { segment_id: id, content_type: "audio/wav", content_length: 4 };
  const { json } = await count("announce a segment", () => ask("POST", `/dreams/${did}/upload-url`, file));
  await edge.media.put(json.key, "wave", { httpMetadata: { contentType: "audio/wav" } });
  return json.key;
}
const postSegment = (did: string, id: string, order: number, uploaded: string) =>
  ask("POST", `/dreams/${did}/segments`, { segment_id: id, order, key: uploaded });
const transcribed = (jobId: string) =>
  report(`/internal/jobs/${jobId}/transcribed`, {
    ...{ job_id: jobId, attempt: 1, status: "completed", transcript: "A sea.", duration_seconds: 1 },
  });

/** Every kind of request about segments. */
async function tellParts(did: string, count: Count): Promise<void> {
  const key = await announce(did, "a", count);
  const posted = await count("post a segment, and its note that the message went", () =>
    postSegment(did, "a", 0, key),
  );
  await count("list segments", () => ask("GET", `/dreams/${did}/segments`));
  await ask("POST", `/dreams/${did}/finish`);
  await claim(posted.json.job_id);
  await count("complete a transcription, and its film's message", () => transcribed(posted.json.job_id));
  await ask("POST", `/dreams/${did}/cancel`);
  await count("correct a segment", () =>
    ask("PATCH", `/dreams/${did}/segments/a`, { transcript: "A lake." }),
  );
  await count("move a segment", () => ask("PATCH", `/dreams/${did}/segments/a`, { order: 1 }));
  await count("delete a segment", () => ask("DELETE", `/dreams/${did}/segments/a`));
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
  const finished = await count("finish, and its note that the message went", () =>
    ask("POST", `/dreams/${did}/finish`, {}, idempotent()),
  );
  const id: string = finished.json.job_id;
  await count("finish, refused", () => ask("POST", `/dreams/${did}/finish`));
  await count("claim", () => claim(id));
  await count("charges", () => charges(id, 1));
  await count("progress", () => progress(id, 1));
  await count("release, and its note that the message went", () => release(id, 1));
  const { dream_id: dreamId } = (await claim(id)).json;
  await putFilm(dreamId, id, 2);
  await count("cost", () => ask("GET", `/dreams/${did}/cost`));
  await count("estimate", () => ask("POST", "/estimate", { transcript: "A sea." }));
  await count("status", () => ask("GET", `/dreams/${did}/video-status`));
  await count("complete", () => report(`/dreams/${dreamId}/video-complete`, completion(dreamId, id, 2)));
  await count("status, completed", () => ask("GET", `/dreams/${did}/video-status`));
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
  await count("revoke a key", () => ask("DELETE", `/admin/keys/${made2.json.id}`, undefined, admin));
  await count("set a budget", () => ask("PATCH", "/admin/owners/o/budget", { daily_usd: 1 }, admin));
  await count("read a budget", () => ask("GET", "/admin/owners/o/budget", undefined, admin));
  return trips;
}

it("takes one round trip for nearly every request", async () => {
  expect(await everything()).toEqual({
    create: 1,
    get: 1,
    list: 1,
    "list, next page": 1,
    transcript: 1,
    change: 1,
    "finish, and its note that the message went": 2,
    "finish, refused": 1,
    claim: 1,
    charges: 1,
    progress: 1,
    "release, and its note that the message went": 2,
    cost: 1,
    estimate: 1,
    status: 1,
    complete: 1,
    "status, completed": 1,
    cancel: 2,
    "complete, failed": 1,
    "announce a segment": 1,
    "post a segment, and its note that the message went": 4,
    "list segments": 1,
    "complete a transcription, and its film's message": 4,
    "correct a segment": 3,
    "move a segment": 3,
    "delete a segment": 3,
    delete: 3,
    health: 1,
    sweep: 13,
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

it("finds every row by a key or an index, and sorts nothing that an index has sorted", async () => {
  watched.forget();
  await everything();
  const statements = [...new Set(watched.statements)];
  expect(statements.length).toBeGreaterThan(40);
  const slow: string[] = [];
  for (const text of statements) {
    const placeholders = text.match(/\?/g)?.length ?? 0;
    const plan = await edge.sql<{ detail: string }>(
      `EXPLAIN QUERY PLAN ${text}`,
      ...Array(placeholders).fill("[]"),
    );
    for (const { detail } of plan) {
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
}, 90_000);

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

describe("an address that tries wrong keys", () => {
  it("costs D1 one trip for each failure that the limit allows, whatever it tries them on", async () => {
    const limits = { quota: failureLimit.quota, windowMs: failureLimit.windowSeconds * 1000 };
    const count = new AttemptCount(limits, Date.now);
    const limited = {
      ...env,
      RATE_LIMITS: "on",
      REQUEST_LIMIT: { limit: async () => ({ success: true }) },
      ATTEMPTS: {
        getByName: () => ({
          begin: () => count.begin(),
          end: async (attempt: number | null, failed: boolean) => {
            count.end(attempt, failed);
            return count.blockedMs();
          },
        }),
      },
    } as unknown as Env;
    watched.forget();
    const guess = (n: number) => {
      const headers = { authorization: `Bearer dr_${n.toString(16).padStart(64, "0")}` };
      const [method, path] = [
        ["GET", "/dreams"],
        ["DELETE", "/dreams/d"],
        ["POST", "/dreams/d/cancel"],
      ][n % 3] as [string, string];
      return ask(method, path, undefined, headers, limited);
    };
    const answers = [];
    for (let n = 0; n < 100; n++) answers.push((await guess(n)).status);
    answers.push(
      ...(await Promise.all(Array.from({ length: 100 }, (_, n) => guess(100 + n)))).map(
        ({ status }) => status,
      ),
    );
    expect(answers.filter((status) => status === 401)).toHaveLength(failureLimit.quota);
    expect(answers.filter((status) => status === 429)).toHaveLength(200 - failureLimit.quota);
    expect(watched.trips).toBe(failureLimit.quota);
  });
});

describe("when D1 has more to do than it can", () => {
  it.each([
    "D1_ERROR: D1 DB is overloaded. Requests queued for too long.",
    "D1_ERROR: D1 DB is overloaded. Too many requests queued.",
    "D1_ERROR: D1 DB storage operation exceeded timeout which caused object to be reset.",
    "D1_ERROR: D1 DB exceeded its CPU time limit and was reset.",
    "D1_ERROR: D1 DB exceeded its memory limit and was reset.",
  ])("%s: clients hear when to come back, and nothing is asked a second time", async (words) => {
    watched.fault = () => new Error(words);
    try {
      for (const [method, path] of [
        ["GET", "/dreams"],
        ["POST", "/dreams"],
        ["GET", "/health"],
      ] as const) {
        watched.forget();
        const answer = await ask(method, path, method === "POST" ? { transcript: "A sea." } : undefined);
        expect(answer.json).toMatchObject({ status: 503, code: "internal.unavailable" });
        expect(answer.headers.get("retry-after")).toBe("5");
        expect(JSON.stringify(answer.json)).not.toContain("D1");
        expect(watched.trips).toBe(1);
      }
    } finally {
      watched.fault = () => null;
    }
  });
});

describe("when one trip in five is lost, half of them after D1 had done it", () => {
  const random = seeded(seedOfRun);

  it(`every dream gets one film, told once, whoever has to ask again (SEED=${seedOfRun})`, async () => {
    watched.fault = () => {
      const dice = random();
      return dice < 0.1 ? "before" : dice < 0.2 ? "after" : null;
    };
    let asked = 0;
    /** A client or worker that asks again for as long as it is told that the service is not reachable. */
    const insist = async (work: () => ReturnType<typeof ask>) => {
      for (;;) {
        asked++;
        const answer = await work();
        if (answer.status !== 503) return answer;
      }
    };
    try {
      for (let i = 0; i < 20; i++) {
        const created = randomUUID();
        const { json: dream } = await insist(() =>
          ask("POST", "/dreams", { transcript: `Dream ${i}` }, { "idempotency-key": created }),
        );
        const queued = randomUUID();
        const finished = await insist(() =>
          ask("POST", `/dreams/${dream.id}/finish`, {}, { "idempotency-key": queued }),
        );
        expect(finished.status).toBe(202);
        const { job_id } = finished.json;
        const claimId = randomUUID();
        const claimed = await insist(() => claim(job_id, claimId));
        expect(claimed.json).toMatchObject({ outcome: "claimed", attempt: 1 });
        expect((await insist(() => progress(job_id, 1))).status).toBe(200);
        const dreamId: string = claimed.json.dream_id;
        await putFilm(dreamId, job_id, 1);
        const done = await insist(() =>
          report(`/dreams/${dreamId}/video-complete`, completion(dreamId, job_id, 1)),
        );
        expect(done.json).toMatchObject({ status: "ok" });
        expect(await edge.sql("SELECT id FROM jobs WHERE dream_id = ?", dreamId)).toEqual([{ id: job_id }]);
        expect(await edge.log({ id: job_id })).toEqual([
          "job.queued",
          "job.started",
          "scene.voice",
          "scene.voice",
          "scene.voice",
          "job.completed",
        ]);
        expect(await edge.sql("SELECT video_status FROM dreams WHERE id = ?", dreamId)).toEqual([
          { video_status: "completed" },
        ]);
      }
    } finally {
      watched.fault = () => null;
    }
    expect(asked).toBeGreaterThanOrEqual(100);
  }, 120_000);
});

describe("a write without an Idempotency-Key whose answer from D1 was lost", () => {
  const storesNothing = new Set(["estimateFilm", "createEventsAddress"]);
  const storyboard = { title: "T", language: "en", scenes: [{ narration: "A sea.", picture: "A sea." }] };
  const admin = { authorization: `Bearer ${secrets.ADMIN_KEY}` };
  const dream = async () => (await ask("POST", "/dreams", { transcript: "A sea." })).json.id as string;
  const queued = async () => {
    const did = await dream();
    return { did, jobId: (await ask("POST", `/dreams/${did}/finish`)).json.job_id as string };
  };
  const filmed = async () => {
    const { did, jobId } = await queued();
    const { dream_id: dreamId } = (await claim(jobId)).json;
    const events = [{ n: 1, event: { type: "job.storyboard", data: storyboard } }];
    await report(`/internal/jobs/${jobId}/progress`, {
      ...{
        job_id: jobId,
        attempt: 1,
        stage: "scenes",
        progress: 1,
        scenes_total: 1,
        scenes_ready: 0,
        cost_usd: 0,
      },
      events,
    });
    await putFilm(dreamId, jobId, 1);
    await report(`/dreams/${dreamId}/video-complete`, completion(dreamId, jobId, 1));
    return { did, jobId };
  };
  const failed = async () => {
    const { did, jobId } = await queued();
    const { dream_id: dreamId } = (await claim(jobId)).json;
    await report(`/dreams/${dreamId}/video-complete`, {
      ...completion(dreamId, jobId, 1),
      ...{ status: "failed", error: "e" },
    });
    return { did, jobId };
  };
  const hook = async () =>
    (await ask("POST", "/webhooks", { url: "https://127.0.0.1:1/x" })).json.id as string;
  const apiKey = async () => (await ask("POST", "/admin/keys", { owner: "o" }, admin)).json.id as string;

  const writes: [string, number, () => Promise<() => ReturnType<typeof ask>>][] = [
    [
      "POST /dreams",
      201,
      async () => () => ask("POST", "/dreams", { id: randomUUID(), transcript: "A sea." }),
    ],
    [
      "PATCH /dreams/{did}",
      200,
      async () => {
        const did = await dream();
        return () => ask("PATCH", `/dreams/${did}`, { title: "T" });
      },
    ],
    [
      "DELETE /dreams/{did}",
      204,
      async () => {
        const { did } = await queued();
        return () => ask("DELETE", `/dreams/${did}`);
      },
    ],
    [
      "POST /dreams/{did}/finish",
      202,
      async () => {
        const did = await dream();
        return () => ask("POST", `/dreams/${did}/finish`);
      },
    ],
    [
      "POST /dreams/{did}/scenes/{n}/redo",
      202,
      async () => {
        const { did } = await filmed();
        return () => ask("POST", `/dreams/${did}/scenes/0/redo`);
      },
    ],
    [
      "POST /dreams/{did}/cancel",
      200,
      async () => {
        const { did } = await queued();
        return () => ask("POST", `/dreams/${did}/cancel`);
      },
    ],
    ["POST /webhooks", 201, async () => () => ask("POST", "/webhooks", { url: "https://127.0.0.1:1/x" })],
    [
      "PATCH /webhooks/{id}",
      200,
      async () => {
        const id = await hook();
        return () => ask("PATCH", `/webhooks/${id}`, { enabled: false });
      },
    ],
    [
      "DELETE /webhooks/{id}",
      204,
      async () => {
        const id = await hook();
        return () => ask("DELETE", `/webhooks/${id}`);
      },
    ],
    ["POST /admin/keys", 201, async () => () => ask("POST", "/admin/keys", { owner: "o" }, admin)],
    [
      "DELETE /admin/keys/{id}",
      204,
      async () => {
        const id = await apiKey();
        return () => ask("DELETE", `/admin/keys/${id}`, undefined, admin);
      },
    ],
    [
      "PATCH /admin/owners/{owner}/budget",
      200,
      async () => () => ask("PATCH", "/admin/owners/o/budget", { daily_usd: 1 }, admin),
    ],
    [
      "POST /admin/ops/jobs/{job_id}/cancel",
      200,
      async () => {
        const { jobId } = await queued();
        return () => ask("POST", `/admin/ops/jobs/${jobId}/cancel`, undefined, admin);
      },
    ],
    [
      "POST /admin/ops/jobs/{job_id}/retry",
      200,
      async () => {
        const { jobId } = await failed();
        return () => ask("POST", `/admin/ops/jobs/${jobId}/retry`, undefined, admin);
      },
    ],
    [
      "POST /admin/ops/redrive",
      200,
      async () => {
        const { jobId } = await queued();
        return () => ask("POST", "/admin/ops/redrive", { job_ids: [jobId] }, admin);
      },
    ],
    [
      "POST /webhooks/{id}/deliveries/{delivery_id}/redeliver",
      202,
      async () => {
        const id = await hook();
        const { jobId } = await failed();
        const [row] = await edge.sql<{ id: string }>(
          "SELECT id FROM deliveries WHERE webhook_id = ? AND job_id = ?",
          id,
          jobId,
        );
        return () => ask("POST", `/webhooks/${id}/deliveries/${row?.id}/redeliver`);
      },
    ],
    [
      "POST /dreams/{did}/upload-url",
      200,
      async () => {
        const did = await dream();
        const file = { segment_id: "a", content_type: "audio/wav", content_length: 4 };
        return () => ask("POST", `/dreams/${did}/upload-url`, file);
      },
    ],
    [
      "POST /dreams/{did}/segments",
      202,
      async () => {
        const did = await dream();
        const uploaded = await announce(did, "a");
        return () => postSegment(did, "a", 0, uploaded);
      },
    ],
    [
      "PATCH /dreams/{did}/segments/{segment_id}",
      200,
      async () => {
        const did = await dream();
        await postSegment(did, "a", 0, await announce(did, "a"));
        return () => ask("PATCH", `/dreams/${did}/segments/a`, { transcript: "A lake." });
      },
    ],
    [
      "DELETE /dreams/{did}/segments/{segment_id}",
      204,
      async () => {
        const did = await dream();
        await postSegment(did, "a", 0, await announce(did, "a"));
        return () => ask("DELETE", `/dreams/${did}/segments/a`);
      },
    ],
    ["POST /admin/cleanup", 200, async () => () => ask("POST", "/admin/cleanup", { dry_run: false }, admin)],
  ];

  it.each(writes)("is a success: %s", async (_, success, prepare) => {
    for (let lost = 1; ; lost++) {
      const write = await prepare();
      watched.forget();
      watched.fault = () => (watched.trips === lost ? "after" : null);
      const answer = await write().finally(() => {
        watched.fault = () => null;
      });
      expect({ lost, status: answer.status, json: answer.json }).toMatchObject({ status: success });
      if (watched.trips < lost) break;
    }
  });

  it("is tried for every route that a client or operator writes to", () => {
    const routes = app.openAPIRegistry.definitions
      .flatMap((one) => (one.type === "route" ? one.route : []))
      .filter(({ method, security, operationId = "" }) => {
        const isClients = security?.some((one) => "apiKey" in one || "adminKey" in one);
        return method !== "get" && isClients && !storesNothing.has(operationId);
      });
    expect(routes.length).toBeGreaterThan(10);
    const tried = new Set(writes.map(([name]) => name));
    expect(
      routes.map(({ method, path }) => `${method.toUpperCase()} ${path}`).filter((one) => !tried.has(one)),
    ).toEqual([]);
  });
});
