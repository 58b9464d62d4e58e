/**
 * The sweep's steps and the clean-up, run here against the edge's real D1 and R2, with faults of R2 in
 * between.
 */
import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { type Edge, secrets, startEdge } from "../../tests/edge/harness.ts";
import { buildApp } from "../app.ts";
import type { Env } from "../env.ts";
import { realPorts } from "../ports.ts";
import { expireRows, rowsPerStatement } from "../store/expire-rows.ts";
import { openPrimary } from "../store/open.ts";
import { cleanUp } from "./clean-up.ts";
import { sweep } from "./sweep.ts";

let edge: Edge;
let env: Env;
/** Decides what becomes of a listing of R2. */
let fault: (prefix: string) => Promise<void>;
beforeAll(async () => {
  edge = await startEdge();
  const media = {
    list: async (options: { prefix: string }) => {
      await fault(options.prefix);
      return edge.media.list(options);
    },
    delete: (keys: string[]) => edge.media.delete(keys),
    head: (key: string) => edge.media.head(key),
  };
  env = {
    ...secrets,
    DB: edge.d1,
    MEDIA: media,
    VIDEO_STANDARD: { sendBatch: async () => {} },
    LEASES: { getByName: () => ({ watch: async (byMs: number) => byMs }) },
    WEBHOOK_SENDERS: { getByName: () => ({ notify: async () => {} }) },
    CHANNELS: { getByName: () => ({ notify: async () => {} }) },
    ...{ FILM_KEEP_DAYS: "1", LOG_KEEP_DAYS: "1" },
  } as unknown as Env;
});
afterAll(() => edge.close());
beforeEach(async () => {
  fault = async () => {};
  await edge.sql("DELETE FROM purges");
});

/** A clock that stands still: no time limit of a sweep ends it early, however slow the machine is. */
function stopClock() {
  const atMs = Date.now();
  return { ...realPorts, now: () => atMs };
}

const numbers = (count: number) => JSON.stringify(Array.from({ length: count }, (_, place) => place));
const addNonces = (count: number, round: number) =>
  edge.sql(
    "INSERT INTO nonces (id, taken_by, expires_at) SELECT ? || value, 'r', 1 FROM json_each(?)",
    ...[`n${round}_`, numbers(count)],
  );
const countNonces = async () => (await edge.sql<{ n: number }>("SELECT COUNT(*) AS n FROM nonces"))[0]?.n;

/** A note that the files of this job must go, and a file of it. */
async function addPurge(name: string, dueAt: number): Promise<void> {
  await edge.sql("INSERT INTO purges (job_id, dream_id, due_at) VALUES (?, ?, ?)", name, `d_${name}`, dueAt);
  await edge.media.put(`dreams/d_${name}/${name}/1/film.mp4`, "bytes");
}
const filesOf = async (name: string) =>
  (await edge.media.list({ prefix: `dreams/d_${name}/` })).objects.length;

it("empties a table into which more flows between two sweeps than one statement deletes", async () => {
  const most: (number | undefined)[] = [];
  for (let round = 0; round < 4; round++) {
    await addNonces(3 * rowsPerStatement, round);
    await sweep(env, stopClock());
    most.push(await countNonces());
  }
  expect(most).toEqual([0, 0, 0, 0]);
});

it("deletes all uploads that were never posted, and ends the wait of all told films, in one sweep", async () => {
  await edge.sql(
    `INSERT INTO segments (id, dream_id, owner_id, segment_id, content_type, size_bytes, created_at, updated_at,
       expires_at)
     SELECT 'seg_' || value, 'd_' || value, 'teller', 's', 'audio/wav', 1, 1, 1, 1 FROM json_each(?)`,
    numbers(2_500),
  );
  await edge.sql(
    `INSERT INTO dreams (id, owner_id, client_id, transcript, transcript_chars, created_at, updated_at)
     SELECT 'told_' || value, 'teller', 'told_' || value, 'I flew.', 7, 1, 1 FROM json_each(?)`,
    numbers(250),
  );
  await edge.sql(
    `INSERT INTO jobs (id, dream_id, owner_id, is_waiting, status, priority, input, ready_at, created_at)
     SELECT 'film_' || value, 'told_' || value, 'teller', 1, 'queued', 'standard',
       '{"until_told":{"microUsd":1,"microUsdPerByte":0}}', 8640000000000000, 1 FROM json_each(?)`,
    numbers(250),
  );
  const swept = await sweep(env, stopClock());
  expect(swept).toMatchObject({ released: 250 });
  const left = await edge.sql(
    `SELECT (SELECT COUNT(*) FROM segments WHERE owner_id = 'teller') AS segments,
       (SELECT COUNT(*) FROM jobs WHERE is_waiting = 1) AS waiting,
       (SELECT COUNT(*) FROM outbox WHERE job_id LIKE 'film_%') AS messages`,
  );
  expect(left).toEqual([{ segments: 0, waiting: 0, messages: 250 }]);
  await edge.sql("DELETE FROM purges");
  await edge.sql("DELETE FROM jobs WHERE owner_id = 'teller'");
  await edge.sql("DELETE FROM outbox");
});

it("stops when its time is up and leaves the rest to the next run", async () => {
  await addNonces(3 * rowsPerStatement, 9);
  let clock = realPorts.now();
  const removed = await expireRows(openPrimary(env.DB), () => ++clock, clock + 3);
  expect(removed.nonces).toBe(rowsPerStatement);
  expect((await expireRows(openPrimary(env.DB), realPorts.now, realPorts.now() + 20_000)).nonces).toBe(
    2 * rowsPerStatement,
  );
});

it("removes 300 expired films and takes in one clean-up, with their files by the next sweep", async () => {
  await edge.sql(
    `INSERT INTO jobs (id, dream_id, owner_id, kind, status, priority, input, attempt, files, created_at, ended_at)
     SELECT 'old_' || value, 'd_old_' || value, 'o', IIF(value % 3 = 0, 'takes', 'film'), 'completed', 'standard',
       '{}', 1, '{}', 1, 1 FROM json_each(?)`,
    numbers(300),
  );
  await edge.media.put("dreams/d_old_299/old_299/1/film.mp4", "bytes");
  await edge.media.put("dreams/d_old_297/old_297/1/takes/0123456789abcdef.jpg", "bytes");
  const { removed, has_more } = await cleanUp(env, openPrimary(env.DB), stopClock().now, 60_000, false);
  expect({ removed, has_more }).toMatchObject({ removed: { films: 300, logs: 300 }, has_more: false });
  expect(await edge.sql("SELECT id FROM jobs WHERE owner_id = 'o' AND files IS NOT NULL")).toEqual([]);
  expect((await sweep(env, stopClock())).purged).toBe(300);
  expect([await filesOf("old_299"), await filesOf("old_297")]).toEqual([0, 0]);
});

it("purges the others where one job's files can not be listed or the listing hangs, and comes back later", async () => {
  const log = vi.spyOn(console, "error").mockImplementation(() => {});
  await addPurge("broken", 1);
  await addPurge("hanging", 2);
  for (const place of [3, 4, 5, 6, 7, 8]) await addPurge(`fine_${place}`, place);
  fault = async (prefix) => {
    if (prefix.includes("broken")) throw new Error("R2: internal error");
    if (prefix.includes("hanging")) await new Promise(() => {});
  };
  const startMs = realPorts.now();
  expect((await sweep(env, realPorts)).purged).toBe(6);
  expect(log.mock.calls.map(([line]) => JSON.parse(line as string).step)).toEqual(["purge", "purge"]);
  log.mockRestore();
  const left = await edge.sql<{ job_id: string; due_at: number; tries: number }>(
    "SELECT job_id, due_at, tries FROM purges ORDER BY job_id",
  );
  expect(left.map(({ job_id, tries }) => [job_id, tries])).toEqual([
    ["broken", 1],
    ["hanging", 1],
  ]);
  for (const { due_at } of left) expect(due_at).toBeGreaterThanOrEqual(startMs + 60_000);
  const [counted] = await edge.sql<{ value: number }>(
    "SELECT value FROM counters WHERE name = 'sweep_failed' AND label = 'purge'",
  );
  expect(counted?.value).toBe(2);

  fault = async () => {};
  await edge.sql("UPDATE purges SET due_at = 1");
  expect((await sweep(env, realPorts)).purged).toBe(2);
  expect([await filesOf("broken"), await filesOf("hanging")]).toEqual([0, 0]);
});

it("names the kind of a clean-up that failed, and says that there is more", async () => {
  const log = vi.spyOn(console, "error").mockImplementation(() => {});
  fault = async (prefix) => {
    if (prefix === "assets/") throw new Error("R2: internal error");
  };
  const keeping = { ...env, ASSET_KEEP_DAYS: "1" };
  const report = await cleanUp(keeping, openPrimary(env.DB), realPorts.now, 1_000, false);
  expect(report).toMatchObject({ failed: ["assets"], has_more: true });
  log.mockRestore();
});

it("answers that a dream is deleted where its files can not be removed, and removes them later", async () => {
  const log = vi.spyOn(console, "error").mockImplementation(() => {});
  const { key } = await edge.newKey();
  const job = await edge.newFilm(key);
  fault = async () => {
    throw new Error("R2: internal error");
  };
  const request = new Request(`https://edge.example/dreams/${job.did}`, {
    method: "DELETE",
    headers: { authorization: `Bearer ${key}` },
  });
  const waiting = { waitUntil: () => {}, passThroughOnException: () => {}, props: {} };
  const serving = { ...env, RATE_LIMITS: "off" };
  const { status } = await buildApp(realPorts).fetch(request, serving as unknown as Env, waiting);
  expect(status).toBe(204);
  expect(log.mock.calls.map(([line]) => JSON.parse(line as string).step)).toEqual(["delete_dream"]);
  log.mockRestore();
  const files = async () => (await edge.media.list({ prefix: `dreams/${job.dreamId}/` })).objects.length;
  expect(await files()).toBeGreaterThan(0);

  fault = async () => {};
  await edge.sql("UPDATE purges SET due_at = 1");
  await sweep(env, realPorts);
  expect(await files()).toBe(0);
});

it("sends in one run every message that is due", async () => {
  await edge.sql(
    `INSERT INTO jobs (id, dream_id, owner_id, status, priority, input, created_at)
     SELECT 'due_' || value, 'd_due_' || value, 'o', 'queued', 'standard', '{}', 1 FROM json_each(?)`,
    numbers(1_250),
  );
  await edge.sql(
    `INSERT INTO outbox (job_id, priority, due_at, sends)
     SELECT 'due_' || value, 'standard', 1, 0 FROM json_each(?)`,
    numbers(1_250),
  );
  expect((await sweep(env, stopClock())).sent).toBe(1_250);
  expect((await sweep(env, stopClock())).sent).toBe(0);
});

it("runs every other step where one fails", async () => {
  const log = vi.spyOn(console, "error").mockImplementation(() => {});
  await addNonces(1, 20);
  await addPurge("fine", 1);
  const broken = {
    ...env,
    get WEBHOOK_SENDERS(): never {
      throw new Error("no such binding");
    },
  } as unknown as Env;
  const { key } = await edge.newKey();
  await edge.sql(
    `INSERT INTO webhooks (id, owner_id, url, events, secret, enabled, created_at)
     SELECT 'hook', owner_id, 'https://example.com/', '[]', 's', 1, 1 FROM api_keys LIMIT 1`,
  );
  await edge.sql(
    `INSERT INTO deliveries (id, webhook_id, job_id, type, body, status, due_at, created_at)
     VALUES ('m', 'hook', 'j', 'job.failed', '{}', 'pending', 1, ?)`,
    realPorts.now(),
  );
  const job = await edge.newJob(key);
  await edge.claim(job);
  await edge.lapse(job);
  const swept = await sweep(broken, realPorts);
  expect(swept).toMatchObject({ requeued: 1, sent: 1, expired: 1, purged: 1 });
  expect(log.mock.calls.map(([line]) => JSON.parse(line as string).step)).toEqual(["webhooks"]);
  log.mockRestore();
});
