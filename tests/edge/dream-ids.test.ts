/** Owners may choose the same ids; an owner's id never refers to another owner's dream. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Dream, DreamList } from "../../contract/dream.ts";
import type { VideoQueued, VideoStatus } from "../../contract/job.ts";
import type { EventsAddress } from "../../contract/live.ts";
import { atOnce, type Edge, startEdge } from "./harness.ts";
import { type Heard, listen } from "./listen.ts";

let edge: Edge;
let ada: string;
let bob: string;
beforeAll(async () => {
  edge = await startEdge();
  ada = (await edge.newKey()).key;
  bob = (await edge.newKey()).key;
});
afterAll(() => edge.close());

const create = (key: string, id: string, transcript: string, headers = {}) =>
  edge.call<Dream>("POST", "/dreams", { key, body: { id, transcript }, headers });
const finish = (key: string, id: string, headers = {}) =>
  edge.call<VideoQueued>("POST", `/dreams/${id}/finish`, { key, headers });

describe("an id that two owners have chosen", () => {
  it("refers to each owner's own dream, in every answer", async () => {
    for (const [key, words] of [
      [ada, "A heron."],
      [bob, "A whale."],
    ] as const) {
      expect((await create(key, "order-1001", words)).status).toBe(201);
      const read = await edge.call("GET", "/dreams/order-1001/transcript", { key });
      expect(read.json).toEqual({ id: "order-1001", transcript: words });
    }
    const jobs = await Promise.all([ada, bob].map((key) => finish(key, "order-1001")));
    expect(jobs.map(({ json }) => json.dream_id)).toEqual(["order-1001", "order-1001"]);
    const status = await edge.call<VideoStatus>("GET", "/dreams/order-1001/video-status", { key: bob });
    expect(status.json.job_id).toBe(jobs[1]?.json.job_id);
    expect((await edge.call("DELETE", "/dreams/order-1001", { key: ada })).status).toBe(204);
    const kept = await edge.call<DreamList>("GET", "/dreams", { key: bob });
    expect(kept.json.data.map(({ id }) => id)).toEqual(["order-1001"]);
    expect(
      (await edge.call<VideoStatus>("GET", "/dreams/order-1001/video-status", { key: bob })).json,
    ).toEqual(expect.objectContaining({ job_id: jobs[1]?.json.job_id, status: "queued" }));
  });

  it("is refused only to the owner that has it, so no answer reveals another owner's dreams", async () => {
    await create(ada, "secret-name", "A heron.");
    expect((await create(ada, "secret-name", "Another.")).json).toMatchObject({ code: "dream.exists" });
    expect((await edge.call("GET", "/dreams/secret-name", { key: bob })).status).toBe(404);
    expect((await create(bob, "secret-name", "A whale.")).status).toBe(201);
  });
});

// At once, because one of them waits a minute for a channel that looks for itself.
describe.concurrent("a dream with the id of a deleted one", () => {
  it("gets a film of its own under an Idempotency-Key that the first has used", async () => {
    const headers = { "idempotency-key": "one-film" };
    await create(ada, "again", "A heron.");
    const first = await finish(ada, "again", headers);
    await edge.call("DELETE", "/dreams/again", { key: ada });
    expect((await finish(ada, "again", headers)).status).toBe(404);
    await create(ada, "again", "A whale.");
    const second = await finish(ada, "again", headers);
    expect(second.headers.get("idempotency-replayed")).toBeNull();
    expect(second.json.job_id).not.toBe(first.json.job_id);
  });

  const secret = "the-words-of-another";
  const tries = 24;

  /**
   * Ada streams a dream without a film, the dream is deleted, and Bob makes one with its id. Resolves to the
   * job's id if Ada's stream shows it.
   */
  async function attack(index: number, isNudged: boolean, byToken: boolean): Promise<string | null> {
    const id = `taken-${isNudged}-${index}`;
    await create(ada, id, "A heron.");
    const opened = Promise.withResolvers<void>();
    const address = byToken
      ? (await edge.call<EventsAddress>("POST", `/dreams/${id}/video-events/token`, { key: ada })).json
          .events_url
      : new URL(`/dreams/${id}/video-events`, edge.url);
    const overheard = (heard: Heard) => JSON.stringify(heard.frames).includes(secret);
    const listening = listen(address, {
      headers: byToken ? {} : { authorization: `Bearer ${ada}` },
      enough: (heard) => {
        opened.resolve();
        return overheard(heard);
      },
    });
    await opened.promise;
    if (isNudged) await edge.call("DELETE", `/dreams/${id}`, { key: ada });
    else await loseDream(id);
    await create(bob, id, secret);
    const { json } = await finish(bob, id);
    await edge.claim({ id: json.job_id });
    await edge.progress({ id: json.job_id }, 1, {
      events: [{ n: 1, event: { type: "job.warning", data: { code: "x", message: secret, scene: null } } }],
    });
    const heard = await listening;
    return overheard(heard) || JSON.stringify(heard.frames).includes(json.job_id) ? id : null;
  }

  /** Deletes Ada's dream as the API does, but does not notify its channel. */
  async function loseDream(id: string): Promise<void> {
    const ours = "SELECT id FROM dreams WHERE id = ?1 OR client_id = ?1";
    const column = await edge.sql<{ name: string }>("SELECT name FROM pragma_table_info('dreams')");
    const found = column.some(({ name }) => name === "client_id")
      ? ours
      : "SELECT id FROM dreams WHERE id = ?1";
    await edge.sql(`DELETE FROM jobs WHERE dream_id IN (${found})`, id);
    await edge.sql(`DELETE FROM dreams WHERE id IN (${found})`, id);
  }

  it.each([
    ["", true],
    [" and whose notice was lost", false],
  ])(
    `is in none of ${tries} streams of the one that was deleted%s`,
    // All at once, because a stream whose notice was lost ends only when its channel looks for itself.
    async (_, isNudged) => {
      const leaks = await atOnce(tries, (index) => attack(index, isNudged, index % 2 === 1));
      expect(leaks.filter((id) => id !== null)).toEqual([]);
    },
  );
});

describe.concurrent("a database of an earlier version", () => {
  it("keeps its dreams under their ids for their owners", async () => {
    const old = await startEdge({}, { migrate: false });
    try {
      const folder = join(import.meta.dirname, "../../db/migrations");
      const before = readdirSync(folder).filter((name) => /^00(0\d|10)_.*\.sql$/.test(name));
      await old.sql(
        "CREATE TABLE d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TEXT)",
      );
      for (const name of before) {
        const texts = readFileSync(join(folder, name), "utf8").split("--> statement-breakpoint");
        const present = texts.filter((text) => text.trim() !== "");
        if (present.length > 0) await old.d1.batch(present.map((text) => old.d1.prepare(text)));
        await old.sql("INSERT INTO d1_migrations (name) VALUES (?)", name);
      }
      const { key } = await old.newKey("ada");
      const insert = (id: string) =>
        old.sql(
          `INSERT INTO dreams (id, owner_id, transcript, transcript_chars, created_at, updated_at)
           VALUES (?, 'ada', 'A heron.', 8, 1, 1)`,
          id,
        );
      await insert("order-1");
      await old.migrate();
      // Inserted by an older edge, which runs until the new one is deployed.
      await insert("order-2");
      for (const id of ["order-1", "order-2"]) {
        expect((await old.call("GET", `/dreams/${id}/transcript`, { key })).json).toMatchObject({ id });
        const asked = await old.call<VideoQueued>("POST", `/dreams/${id}/finish`, { key });
        const job = await old.jobOf(key, id, asked.json.job_id);
        expect(job.dreamId).toBe(id);
        await old.claim(job);
        await old.putFilm(job, 1);
        expect((await old.complete(job, 1)).json).toMatchObject({ applied: true });
      }
    } finally {
      await old.close();
    }
  });
});
