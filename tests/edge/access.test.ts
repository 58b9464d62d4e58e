import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jobCodes } from "../../contract/job-codes.ts";
import { type Problem, problems } from "../../contract/problem.ts";
import { type Edge, type Job, secrets, startEdge } from "./harness.ts";

interface Operation {
  operationId: string;
  security?: Record<string, string[]>[];
  requestBody?: { required: boolean };
  responses: Record<string, { content?: Record<string, unknown> }>;
}

let edge: Edge;
let operations: { method: string; path: string; operation: Operation }[];
beforeAll(async () => {
  edge = await startEdge();
  const { json } = await edge.call<{ paths: Record<string, Record<string, Operation>> }>(
    "GET",
    "/openapi.json",
  );
  operations = Object.entries(json.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
});
afterAll(() => edge.close());

/** All operations that this kind of caller may use. */
const guardedBy = (scheme: string) =>
  operations.filter(({ operation }) => operation.security?.some((one) => scheme in one));

const fill = (path: string, did: string) =>
  path
    .replace("{did}", did)
    .replace("{job_id}", "job_1")
    .replace("{id}", "key_1")
    .replace("{n}", "0")
    .replace("{take}", "0123456789abcdef")
    .replace("{segment_id}", "one")
    .replace("{delivery_id}", "msg_1");

/** A body that is valid for every operation with a body. */
const bodyFor = ({ operation }: { operation: Operation }) => {
  return bodies[operation.operationId] ?? (operation.requestBody ? {} : undefined);
};

/** Bodies of endpoints that refuse `{}` before they know the caller. */
const bodies: Record<string, object> = {
  createWebhook: { url: "https://example.com/hook" },
  createUploadUrl: { segment_id: "one", content_type: "audio/ogg", content_length: 1_000 },
  postSegment: { segment_id: "one", order: 0, key: "uploads/one" },
  editStoryboard: { title: "Sea", scenes: [{ narration: "A sea.", picture: "A sea." }] },
  approveFilm: { revision: 1 },
  addCastMember: { name: "Ann", description: "A tall woman." },
};

/** A storyboard is changed by its revision; `*` is any. */
const headers = { "if-match": "*" };

describe("an API key", () => {
  it("is needed for every address of the client API", async () => {
    expect(guardedBy("apiKey").length).toBeGreaterThanOrEqual(9);
    for (const one of guardedBy("apiKey")) {
      const path = fill(one.path, "dream_1");
      const none = await edge.call(one.method, path, { body: bodyFor(one) });
      expect(none.json, path).toMatchObject({ status: 401, code: "auth.missing" });
      expect(none.headers.get("www-authenticate")).toBe("Bearer");
      for (const key of ["dr_unknown", secrets.ADMIN_KEY, "' OR 1=1 --", "x".repeat(600)]) {
        const wrong = await edge.call(one.method, path, { body: bodyFor(one), headers, key });
        expect(wrong.json, `${path} ${key}`).toMatchObject({ status: 401, code: "auth.invalid" });
      }
    }
  });

  it("opens nothing of another owner, and does not reveal that it exists", async () => {
    const mine = await edge.newKey();
    const theirs = await edge.newKey();
    const job = await edge.newFilm(theirs.key);
    const snapshot = () =>
      Promise.all(
        ["dreams", "jobs", "events", "outbox"].map((table) =>
          edge.sql(
            `SELECT * FROM ${table} WHERE ${table === "dreams" ? "id" : table === "jobs" ? "dream_id" : "job_id"} = ?`,
            table === "dreams" || table === "jobs" ? job.dreamId : job.id,
          ),
        ),
      );
    const before = await snapshot();
    const owned = guardedBy("apiKey").filter(({ path }) => path.includes("{did}"));
    expect(owned.length).toBeGreaterThanOrEqual(7);
    for (const one of owned) {
      const ask = (did: string) =>
        edge.call<Problem>(one.method, fill(one.path, did), { key: mine.key, body: bodyFor(one), headers });
      const [another, missing] = [await ask(job.did), await ask("dream_missing")];
      expect(another.json, one.path).toMatchObject({ status: 404, code: "dream.not_found" });
      const { request_id: _, instance: __, ...rest } = another.json;
      expect(missing.json).toMatchObject(rest);
    }
    expect(await snapshot()).toEqual(before);
    expect((await edge.status(job)).status).toBe("completed");
    const list = await edge.call<{ data: unknown[] }>("GET", "/dreams", { key: mine.key });
    expect(list.json.data).toEqual([]);
  });

  it("shares dreams with the owner's other keys, and opens nothing once revoked", async () => {
    const owner = `shared-${Date.now()}`;
    const [first, second] = [await edge.newKey(owner), await edge.newKey(owner)];
    const did = await edge.newDream(first.key);
    expect((await edge.call("GET", `/dreams/${did}`, { key: second.key })).status).toBe(200);

    const revoked = await edge.call("DELETE", `/admin/keys/${second.id}`, { key: secrets.ADMIN_KEY });
    expect(revoked.status).toBe(204);
    for (const one of guardedBy("apiKey")) {
      const answer = await edge.call(one.method, fill(one.path, did), {
        key: second.key,
        body: bodyFor(one),
        headers,
      });
      expect(answer.json, one.path).toMatchObject({ status: 401, code: "auth.invalid" });
    }
    expect((await edge.call("GET", `/dreams/${did}`, { key: first.key })).status).toBe(200);
  });
});

describe("the admin key", () => {
  const make = (body: unknown, key: string = secrets.ADMIN_KEY) =>
    edge.call<{ id: string; key: string }>("POST", "/admin/keys", { key, body });

  it("makes a key that is shown once and stored as a hash", async () => {
    const answer = await make({ owner: "ada@example.org", name: "laptop", tier: "premium" });
    expect(answer.status).toBe(201);
    expect(answer.json).toEqual({
      id: expect.stringMatching(/^key_[0-9a-z]{26}$/),
      key: expect.stringMatching(/^dr_[0-9a-f]{64}$/),
      owner: "ada@example.org",
      name: "laptop",
      tier: "premium",
      created_at: expect.any(String),
    });
    expect(answer.headers.get("cache-control")).toBe("no-store");
    const rows = await edge.sql("SELECT * FROM api_keys WHERE id = ?", answer.json.id);
    expect(JSON.stringify(rows)).not.toContain(answer.json.key.slice(3));
  });

  it("is needed", async () => {
    for (const one of guardedBy("adminKey")) {
      const ask = (key?: string) =>
        edge.call(one.method, fill(one.path, ""), { body: bodyFor(one), ...(key ? { key } : {}) });
      expect((await ask()).json).toMatchObject({ status: 401, code: "auth.missing" });
      const client = await edge.newKey();
      for (const key of [client.key, `${secrets.ADMIN_KEY}x`, secrets.ADMIN_KEY.slice(0, -1)]) {
        expect((await ask(key)).json).toMatchObject({ status: 401, code: "auth.invalid" });
      }
    }
  });

  it.each([
    [{}, "/owner"],
    [{ owner: "" }, "/owner"],
    [{ owner: "a/b" }, "/owner"],
    [{ owner: "a", tier: "gold" }, "/tier"],
    [{ owner: "a", admin: true }, "/admin"],
  ])("makes no key of %j", async (body, pointer) => {
    expect((await make(body)).json).toMatchObject({ status: 422, errors: [{ pointer }] });
  });

  it("says when there is no such key, and revokes twice without harm", async () => {
    const revoke = (id: string) => edge.call("DELETE", `/admin/keys/${id}`, { key: secrets.ADMIN_KEY });
    expect((await revoke("key_of_nobody")).json).toMatchObject({ status: 404, code: "key.not_found" });
    const { id } = await edge.newKey();
    expect([(await revoke(id)).status, (await revoke(id)).status]).toEqual([204, 204]);
  });
});

describe("every address", () => {
  it("answers with a request id, and a problem that the contract knows", async () => {
    const { key } = await edge.newKey();
    const asked: [string, string, string, number][] = [
      ["GET", "/nothing", "request.not_found", 404],
      ["GET", "/dreams/a/b/c", "request.not_found", 404],
      ["PUT", "/dreams", "request.method_not_allowed", 405],
      ["DELETE", "/dreams", "request.method_not_allowed", 405],
      ["POST", "/health", "request.method_not_allowed", 405],
      ["GET", "/internal/jobs/job_1/claim", "request.method_not_allowed", 405],
      ["GET", "/dreams/dream_1/finish", "request.method_not_allowed", 405],
    ];
    for (const [method, path, code, status] of asked) {
      const answer = await edge.call<Problem>(method, path, { key });
      expect(answer.status, path).toBe(status);
      expect(answer.headers.get("content-type")).toBe("application/problem+json");
      expect(answer.json).toEqual({
        type: new URL(`/problems/${code}`, edge.url).href,
        title: problems[code as keyof typeof problems][1],
        status,
        code,
        instance: path,
        request_id: answer.headers.get("x-request-id"),
      });
      expect(answer.headers.get("x-request-id")).toMatch(/^req_/);
    }
    expect((await edge.call("PUT", "/dreams", { key })).headers.get("allow")).toBe("POST, GET");
  });

  it("explains each of its problems where the problem's type points", async () => {
    for (const [code, [status, title]] of Object.entries(problems)) {
      const page = await edge.call("GET", `/problems/${code}`);
      expect(page.status).toBe(200);
      expect(page.json).toMatchObject({ code, status, title });
    }
    for (const [code, { title, advice }] of jobCodes) {
      const { json } = await edge.call("GET", `/problems/${code}`);
      expect(json).toMatchObject({ code, advice });
      if (!(code in problems)) expect(json).toMatchObject({ status: null, title });
    }
    const { json: all } = await edge.call<{ data: { code: string }[] }>("GET", "/problems");
    expect(new Set(all.data.map(({ code }) => code))).toEqual(
      new Set([...Object.keys(problems), ...jobCodes.keys()]),
    );
    expect((await edge.call("GET", "/problems/toString")).status).toBe(404);
  });
});

describe("/openapi.json", () => {
  it("documents each operation's answers, problems and callers", async () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { operation, method, path } of operations) {
      const successes = Object.keys(operation.responses).filter((code) => Number(code) < 300);
      expect(successes.length, `${method} ${path}`).toBeGreaterThan(0);
      const refusals = Object.entries(operation.responses).filter(([code]) => Number(code) >= 400);
      for (const [, { content }] of refusals)
        expect(Object.keys(content ?? {})).toEqual(["application/problem+json"]);
      expect(operation.security).toBeDefined();
    }
  });

  it("is complete: the API's answers to wrong requests are documented", async () => {
    const { key } = await edge.newKey();
    for (const { method, path, operation } of guardedBy("apiKey")) {
      const answer = await edge.call(method, fill(path, "dream_1"), {
        key,
        body: operation.requestBody ? "{" : undefined,
      });
      if (answer.status >= 400)
        expect(Object.keys(operation.responses), path).toContain(String(answer.status));
    }
  });
});

it("never logs the text of users or a key", async () => {
  const { key } = await edge.newKey();
  const job: Job = await edge.newFilm(key);
  await edge.call("PATCH", `/dreams/${job.did}`, { key, body: { transcript: "unheard-of-words" } });
  await edge.sql("ALTER TABLE dreams RENAME COLUMN title TO name");
  const broken = await edge.call<Problem>("PATCH", `/dreams/${job.did}`, {
    key,
    body: { title: "unheard-of-words" },
  });
  await edge.sql("ALTER TABLE dreams RENAME COLUMN name TO title");
  expect(broken.json).toMatchObject({ status: 503, code: "setup.incomplete" });
  const logged = JSON.stringify(edge.logs());
  expect(logged).toContain("setup.incomplete");
  for (const secret of ["unheard-of-words", key, ...Object.values(secrets)])
    expect(logged).not.toContain(secret);
});
