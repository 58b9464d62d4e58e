import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Dream, DreamList, Transcript } from "../../contract/dream.ts";
import { limits } from "../../contract/limits.ts";
import type { Problem } from "../../contract/problem.ts";
import { atOnce, type Edge, type OrProblem, startEdge, tally } from "./harness.ts";

let edge: Edge;
let key: string;
beforeAll(async () => {
  edge = await startEdge();
  key = (await edge.newKey()).key;
});
afterAll(() => edge.close());

const create = (body: unknown, headers: Record<string, string> = {}, as = key) =>
  edge.call<OrProblem<Dream>>("POST", "/dreams", { key: as, body, headers });

describe("a dream", () => {
  it("is stored, read, listed and changed", async () => {
    const made = await create({ title: "Sea", transcript: "A silver sea 🌊." });
    expect(made.status).toBe(201);
    expect(made.json).toMatchObject({
      title: "Sea",
      transcript_chars: 15,
      video_status: null,
      video_url: null,
    });
    expect(made.headers.get("location")).toBe(new URL(`/dreams/${made.json.id}`, edge.url).href);

    const found = await edge.call<Dream>("GET", `/dreams/${made.json.id}`, { key });
    expect(found.json).toEqual(made.json);

    const changed = await edge.call<Dream>("PATCH", `/dreams/${made.json.id}`, {
      key,
      body: { transcript: "é" },
    });
    expect(changed.status).toBe(200);
    expect(changed.json).toMatchObject({ title: "Sea", transcript_chars: 1 });
    expect(changed.json.updated_at >= made.json.updated_at).toBe(true);

    const answer = await edge.call<Transcript>("GET", `/dreams/${made.json.id}/transcript`, { key });
    expect(answer.json).toEqual({ id: made.json.id, transcript: "é" });
  });

  it("may have an id of the client's, once", async () => {
    expect((await create({ id: "my-dream_1" })).json).toMatchObject({ id: "my-dream_1", title: null });
    expect((await create({ id: "my-dream_1" })).json).toMatchObject({ status: 409, code: "dream.exists" });
  });

  it("keeps every character of its text", async () => {
    const transcript = '"quotes" \\N {\\b1} %{x} \' ; -- \u202eRTL\u202c 龍 ﷽ 👩‍👩‍👧 \r\n\t end';
    const { json } = await create({ transcript });
    const answer = await edge.call<Transcript>("GET", `/dreams/${json.id}/transcript`, { key });
    expect(answer.json.transcript).toBe(transcript);
  });

  it("takes as many characters as the limit says, however they are written", async () => {
    const longest = "🌙".repeat(limits.transcriptChars);
    const escaped = `{"transcript":"${"\\ud83c\\udf19".repeat(limits.transcriptChars)}"}`;
    expect((await create(escaped)).json).toMatchObject({ transcript_chars: limits.transcriptChars });
    expect((await create({ transcript: longest })).status).toBe(201);
    expect((await create({ transcript: `${longest}.` })).json).toMatchObject({
      status: 422,
      code: "request.invalid",
      errors: [{ pointer: "/transcript", detail: `must be at most ${limits.transcriptChars} characters` }],
    });
    expect((await create({ title: "t".repeat(limits.titleChars + 1) })).json).toMatchObject({
      errors: [{ pointer: "/title" }],
    });
  });

  it("is deleted with its jobs, its log and its files, and its worker stops", async () => {
    const job = await edge.newJob(key);
    await edge.claim(job);
    await edge.putFilm(job, 1);
    const gone = await edge.call("DELETE", `/dreams/${job.did}`, { key });
    expect(gone.status).toBe(204);
    expect((await edge.call("GET", `/dreams/${job.did}`, { key })).status).toBe(404);
    expect((await edge.media.list({ prefix: `dreams/${job.dreamId}/` })).objects).toEqual([]);
    for (const table of ["jobs", "outbox"] as const) {
      const column = table === "jobs" ? "id" : "job_id";
      expect(await edge.sql(`SELECT * FROM ${table} WHERE ${column} = ?`, job.id)).toEqual([]);
    }
    expect(await edge.log(job)).toEqual([]);

    expect((await edge.progress(job, 1)).json).toMatchObject({ status: 409, code: "job.cancelled" });
    expect((await edge.claim(job)).json).toEqual({ outcome: "not_yours", reason: "unknown" });
  });

  it("is deleted with files that a worker still wrote afterwards", async () => {
    const job = await edge.newJob(key);
    await edge.claim(job);
    await edge.call("DELETE", `/dreams/${job.did}`, { key });
    await edge.putFilm(job, 1);
    await edge.sweep();
    expect((await edge.media.list({ prefix: `dreams/${job.dreamId}/` })).objects).toHaveLength(1);
    await edge.sql("UPDATE purges SET due_at = 0 WHERE job_id = ?", job.id);
    await edge.sweep();
    expect((await edge.media.list({ prefix: `dreams/${job.dreamId}/` })).objects).toEqual([]);
    expect(await edge.sql("SELECT * FROM purges WHERE job_id = ?", job.id)).toEqual([]);
  });
});

describe("the list of dreams", () => {
  it("has each dream once, newest first, page by page, while new ones are added", async () => {
    const { key: own } = await edge.newKey();
    const ids: string[] = [];
    for (let i = 0; i < 7; i++) ids.unshift(await edge.newDream(own));
    // Dreams of the same millisecond must not be lost between two pages.
    await edge.sql(
      "UPDATE dreams SET created_at = 1000 WHERE client_id IN (?, ?, ?)",
      ids[2],
      ids[3],
      ids[4],
    );
    const { results } = await edge.d1
      .prepare(
        "SELECT client_id AS id FROM dreams WHERE client_id IN (SELECT value FROM json_each(?)) ORDER BY created_at DESC, dreams.id DESC",
      )
      .bind(JSON.stringify(ids))
      .all<{ id: string }>();

    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? "" : `&cursor=${cursor}`;
      const page = await edge.call<DreamList>("GET", `/dreams?limit=2${query}`, { key: own });
      expect(page.status).toBe(200);
      expect(page.json.data.length).toBeLessThanOrEqual(2);
      seen.push(...page.json.data.map(({ id }) => id));
      cursor = page.json.next_cursor;
      await edge.newDream(own);
    } while (cursor !== null && seen.length < 20);
    expect(seen).toEqual(results.map(({ id }) => id));
  });

  it("is empty for a new owner", async () => {
    const { key: own } = await edge.newKey();
    expect((await edge.call("GET", "/dreams", { key: own })).json).toEqual({ data: [], next_cursor: null });
  });

  it.each([
    ["cursor=%25%25", 400, "cursor.invalid"],
    ["cursor=bm90IG91cnM", 400, "cursor.invalid"],
    ["limit=0", 422, "request.invalid"],
    ["limit=101", 422, "request.invalid"],
    ["limit=ten", 422, "request.invalid"],
    ["order=title", 422, "request.invalid"],
  ])("refuses ?%s", async (query, status, code) => {
    expect((await edge.call("GET", `/dreams?${query}`, { key })).json).toMatchObject({ status, code });
  });
});

describe("an Idempotency-Key on POST /dreams", () => {
  it("makes one dream of 50 requests at once, and gives all of them the same answer", async () => {
    const { key: own } = await edge.newKey();
    const body = { title: "Once", transcript: "Only once." };
    const answers = await atOnce(50, () => create(body, { "idempotency-key": "once" }, own));
    expect(tally(answers.map(({ status }) => status))).toEqual({ 201: 50 });
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(new Set(answers.map(({ headers }) => headers.get("location"))).size).toBe(1);
    expect(answers.filter(({ headers }) => headers.has("idempotency-replayed"))).toHaveLength(49);
    expect((await edge.call<DreamList>("GET", "/dreams", { key: own })).json.data).toHaveLength(1);
  });

  it("is the same key with and without quotes, with the fields in any order", async () => {
    const first = await create({ title: "A", transcript: "B" }, { "idempotency-key": "quoted-1" });
    const again = await create('{"transcript": "B", "title": "A"}', { "idempotency-key": '"quoted-1"' });
    expect(again.json).toEqual(first.json);
  });

  it("is refused with another request", async () => {
    await create({ title: "first" }, { "idempotency-key": "reused" });
    const other = await create({ title: "second" }, { "idempotency-key": "reused" });
    expect(other.json).toMatchObject({ status: 422, code: "idempotency.key_reused" });
  });

  it("belongs to its owner: for another owner it is another request, for the owner's second API key the same", async () => {
    const mine = await edge.newKey();
    const mineToo = await edge.newKey(
      (await edge.sql<{ owner_id: string }>("SELECT owner_id FROM api_keys WHERE id = ?", mine.id))[0]
        ?.owner_id,
    );
    const theirs = await edge.newKey();
    const ask = (as: string) => create({ title: "shared" }, { "idempotency-key": "shared" }, as);
    const [first, second, third] = [await ask(mine.key), await ask(mineToo.key), await ask(theirs.key)];
    expect(second.json.id).toBe(first.json.id);
    expect(third.json.id).not.toBe(first.json.id);
  });

  it("does not remember a request that was refused", async () => {
    await create({ titel: "typo" }, { "idempotency-key": "refused" });
    expect((await create({ title: "right" }, { "idempotency-key": "refused" })).status).toBe(201);
  });

  it("is free again after its time", async () => {
    const first = await create({ title: "old" }, { "idempotency-key": "expires" });
    await edge.sql("UPDATE idempotency_keys SET expires_at = 1 WHERE key = 'expires'");
    const second = await create({ title: "new" }, { "idempotency-key": "expires" });
    expect(second.status).toBe(201);
    expect(second.json.id).not.toBe(first.json.id);
  });

  it.each(['""', 'a"b', "a b", "ü", "x".repeat(256)])("refuses the key %j", async (bad) => {
    const answer = await create({}, { "idempotency-key": bad });
    expect(answer.json).toMatchObject({ status: 400, code: "idempotency.key_invalid" });
  });

  it("refuses an empty key, which only a request over the wire has", async () => {
    const json = "application/json";
    const headers = { authorization: `Bearer ${key}`, "content-type": json, "idempotency-key": "" };
    const answer = await fetch(new URL("/dreams", edge.url), { method: "POST", body: "{}", headers });
    expect(await answer.json()).toMatchObject({ status: 400, code: "idempotency.key_invalid" });
  });
});

describe("a body", () => {
  const post = (body: string | ReadableStream, headers: Record<string, string> = {}) =>
    edge.call<Problem>("POST", "/dreams", { key, body, headers });

  it.each([
    ["nothing", ""],
    ["half of one", '{"title":'],
    ["a word", "dream"],
    ["NaN", '{"title":NaN}'],
    ["two", "{}{}"],
  ])("that is not JSON is 400: %s", async (_, body) => {
    expect((await post(body)).json).toMatchObject({ status: 400, code: "request.not_json" });
  });

  it.each([
    ["a list", "[]", [""]],
    ["null", "null", [""]],
    ["an unknown field", '{"title":"t","colour":"red"}', ["/colour"]],
    ["a prototype", '{"__proto__":{"title":"t"}}', ["/__proto__"]],
    ["wrong types", '{"title":1,"transcript":[]}', ["/title", "/transcript"]],
    ["an id with a dot", '{"id":"a.b"}', ["/id"]],
    ["an id with a slash", '{"id":"../a"}', ["/id"]],
    ["half a character", '{"transcript":"\\ud800"}', ["/transcript"]],
    ["a NUL", '{"transcript":"a\\u0000b"}', ["/transcript"]],
    ["20,000 levels", `{"title":${"[".repeat(20_000)}${"]".repeat(20_000)}}`, ["/title"]],
  ])("that does not fit is 422 and says where: %s", async (_, body, pointers) => {
    const { json } = await post(body);
    expect(json).toMatchObject({ status: 422, code: "request.invalid" });
    expect(json.errors?.map(({ pointer }) => pointer)).toEqual(pointers);
  });

  it("that is not UTF-8 is 400", async () => {
    const stream = new Blob([new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d])]).stream();
    expect((await post(stream)).json).toMatchObject({ status: 400, code: "request.not_json" });
  });

  it("of another type is 415", async () => {
    const answer = await post("title=t", { "content-type": "application/x-www-form-urlencoded" });
    expect(answer.json).toMatchObject({ status: 415, code: "request.unsupported_media_type" });
  });

  it("that is too long is 413, with its length or without", async () => {
    const long = JSON.stringify({ transcript: "x".repeat(limits.bodyBytes) });
    expect((await post(long)).json).toMatchObject({ status: 413, code: "request.too_large" });
    expect((await post(new Blob([long]).stream())).json).toMatchObject({
      status: 413,
      code: "request.too_large",
    });
  });
});

it("an id or a parameter with a meaning in SQL is a plain value", async () => {
  for (const hostile of ["' OR 1=1 --", '"; DROP TABLE dreams; --', "%", "*", "\u0000"]) {
    const answer = await edge.call<Problem>("GET", `/dreams/${encodeURIComponent(hostile)}`, { key });
    expect(answer.json).toMatchObject({
      status: 422,
      code: "request.invalid",
      errors: [{ pointer: "/path/did" }],
    });
  }
  expect((await edge.call("GET", "/dreams", { key })).status).toBe(200);
});

it("reads its own writes: a bookmark comes with every answer and is accepted in requests", async () => {
  const made = await create({ title: "bookmarked" });
  const bookmark = made.headers.get("x-d1-bookmark") ?? "";
  expect(bookmark).toMatch(/^[0-9a-f]{8}-/);
  for (const sent of [bookmark, "not-a-bookmark", ""]) {
    const read = await edge.call("GET", `/dreams/${made.json.id}`, {
      key,
      headers: { "x-d1-bookmark": sent },
    });
    expect(read.status).toBe(200);
    expect(read.headers.get("x-d1-bookmark")).toMatch(/^[0-9a-f]{8}-/);
  }
});
