/** A deleted dream leaves nothing of its own, and everything that it shares with other dreams. */
import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { NewCharge } from "../../contract/charge-request.ts";
import { type AssetExtension, assetKey } from "../../contract/storage.ts";
import { type Edge, type Job, startEdge } from "./harness.ts";

let edge: Edge;
let key: string;
beforeAll(async () => {
  edge = await startEdge();
  key = (await edge.newKey()).key;
});
afterAll(() => edge.close());

const nameOf = (word: string) => createHash("sha256").update(word).digest("hex");
const put = (word: string, extension: AssetExtension) =>
  edge.media.put(assetKey(nameOf(word), extension), word);
const isThere = async (word: string, extension: AssetExtension) =>
  (await edge.media.head(assetKey(nameOf(word), extension))) !== null;
const remove = ({ did }: Job) => edge.call("DELETE", `/dreams/${did}`, { key });
const uses = (job: Job, ...words: string[]) => edge.progress(job, 1, { assets: words.map(nameOf) });
/** Skips the time in which a worker may still write. */
const settle = async () => {
  await edge.sql("UPDATE purges SET due_at = 1");
  await edge.sweep();
};

async function newAttempt(): Promise<Job> {
  const job = await edge.newJob(key);
  await edge.claim(job);
  return job;
}

describe("a deleted dream", () => {
  it("deletes the assets that only it used, and keeps those of another dream until that is deleted too", async () => {
    const [one, other] = [await newAttempt(), await newAttempt()];
    await Promise.all([put("own voice", "wav"), put("own segment", "mp4"), put("shared", "png")]);
    await uses(one, "own voice", "own segment", "shared");
    await uses(other, "shared");
    expect((await remove(one)).status).toBe(204);
    expect(await isThere("own voice", "wav")).toBe(false);
    expect(await isThere("own segment", "mp4")).toBe(false);
    expect(await isThere("shared", "png")).toBe(true);
    await settle();
    expect(await isThere("shared", "png")).toBe(true);
    await remove(other);
    expect(await isThere("shared", "png")).toBe(false);
    await settle();
    expect(await edge.sql("SELECT * FROM job_assets")).toEqual([]);
  });

  it("deletes assets that were bought and never reported, because their worker died", async () => {
    const job = await newAttempt();
    const charge: NewCharge = {
      fingerprint: nameOf("unreported"),
      capability: "picture",
      scene: 0,
      model: "a-model",
      ceiling_micro_usd: 1,
      gone: false,
    };
    const reserved = await edge.report(`/internal/jobs/${job.id}/charges`, {
      job_id: job.id,
      attempt: 1,
      settle: [],
      reserve: [charge],
      send: [charge.fingerprint],
    });
    expect(reserved.status).toBe(200);
    await put("unreported", "png");
    await remove(job);
    expect(await isThere("unreported", "png")).toBe(false);
  });

  it("deletes what its worker stored before it learned of the deletion", async () => {
    const job = await newAttempt();
    await remove(job);
    await put("late segment", "mp4");
    await edge.media.put(`dreams/${job.dreamId}/${job.id}/1/film.mp4`, "late film");
    expect((await uses(job, "late segment")).json).toMatchObject({ code: "job.cancelled" });
    await settle();
    expect(await isThere("late segment", "mp4")).toBe(false);
    expect((await edge.media.list({ prefix: `dreams/${job.dreamId}/` })).objects).toEqual([]);
    expect(await edge.sql("SELECT * FROM job_assets WHERE job_id = ?", job.id)).toEqual([]);
  });

  it("leaves none of its text in the database", async () => {
    const words = "Quillonmoor";
    const headers = { "idempotency-key": "made-once" };
    const body = { title: `${words} title`, transcript: `I stood in ${words}.` };
    const made = await edge.call<{ id: string }>("POST", "/dreams", { key, body, headers });
    const did = made.json.id;
    const asked = await edge.call<{ job_id: string }>("POST", `/dreams/${did}/finish`, { key, body: {} });
    const job = await edge.jobOf(key, did, asked.json.job_id);
    await edge.claim(job);
    await edge.progress(job, 1, {
      events: [{ n: 1, event: { type: "job.warning", data: { code: "x", message: words, scene: null } } }],
    });
    const whereItIs = async () => {
      const tables = await edge.sql<{ name: string }>(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'",
      );
      const found: string[] = [];
      for (const { name } of tables) {
        if (JSON.stringify(await edge.sql(`SELECT * FROM "${name}"`)).includes(words)) found.push(name);
      }
      return found.sort();
    };
    expect(await whereItIs()).toEqual(["dreams", "events", "idempotency_keys", "jobs"]);
    await remove(job);
    expect(await whereItIs()).toEqual([]);
    // A repeated request still gets the answer that the dream was made.
    const again = await edge.call("POST", "/dreams", { key, body, headers });
    expect(again.json).toMatchObject({ id: did, title: null });
    expect(again.headers.get("idempotency-replayed")).toBe("true");
  });
});
