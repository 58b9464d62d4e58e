/**
 * Requests that contain something else: SQL in every parameter of every address, methods and hosts in
 * headers.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Edge, type Job, secrets, startEdge, tally } from "../edge/harness.ts";

interface Parameter {
  name: string;
  in: "path" | "query" | "header";
}
interface Operation {
  security?: Record<string, string[]>[];
  parameters?: Parameter[];
  requestBody?: object;
}

let edge: Edge;
let key: string;
let job: Job;
beforeAll(async () => {
  edge = await startEdge();
  key = (await edge.newKey()).key;
  job = await edge.newFilm(key);
});
afterAll(() => edge.close());

const hostile = [
  "' OR '1'='1",
  "1; DROP TABLE dreams; --",
  "') UNION SELECT hash FROM api_keys --",
  '"; DELETE FROM jobs; --',
  "\\'; UPDATE api_keys SET revoked_at = 1; --",
  "%' ESCAPE '!",
  "* FROM sqlite_master",
  "ＳＥＬＥＣＴ＇",
  "\u0000",
  "\ud83d\ude80".repeat(40),
  "-1",
  "1e309",
  "9007199254740993",
  "[object Object]",
  "../../etc/passwd",
  "x".repeat(4_000),
];

/** Every row, except counters and the rows that the requests themselves leave. */
const everything = async () => {
  const tables = ["dreams", "jobs", "events", "api_keys", "webhooks", "outbox", "charges", "job_assets"];
  return JSON.stringify(
    await Promise.all(tables.map((table) => edge.sql(`SELECT * FROM ${table} ORDER BY 1, 2`))),
  );
};

describe("SQL in a parameter", () => {
  it("is a plain value in every parameter of every address that reads", async () => {
    const { json } = await edge.call<{ paths: Record<string, Record<string, Operation>> }>(
      "GET",
      "/openapi.json",
    );
    const before = await everything();
    const statuses: number[] = [];
    const fine = new Set([200, 204, 206, 400, 401, 403, 404, 405, 409, 416, 422]);
    let parameters = 0;
    for (const [path, methods] of Object.entries(json.paths)) {
      const operation = methods.get;
      if (operation === undefined || path.endsWith("/video-events")) continue;
      const isAdmins = operation.security?.some((one) => "adminKey" in one);
      const places = (operation.parameters ?? []).filter((one) => one.in !== "header");
      parameters += places.length;
      for (const attacked of places) {
        for (const text of hostile) {
          const url = new URL(fill(path, attacked, text), edge.url);
          if (attacked.in === "query") url.searchParams.set(attacked.name, text);
          const answer = await edge.call("GET", url.href, { key: isAdmins ? secrets.ADMIN_KEY : key });
          statuses.push(answer.status);
          const what = `${url.pathname}${url.search.slice(0, 80)} ${answer.status} ${answer.text.slice(0, 200)}`;
          expect(fine.has(answer.status), what).toBe(true);
          expect(answer.text, what).not.toMatch(/SQLITE_|D1_ERROR|syntax error|"hash"|CREATE TABLE/);
        }
      }
    }
    expect(parameters).toBeGreaterThanOrEqual(20);
    expect(tally(statuses)[500]).toBeUndefined();
    expect(await everything()).toBe(before);
  });

  /** The address with the job's own ids, except in the attacked parameter. */
  function fill(path: string, attacked: Parameter, text: string): string {
    return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
      if (attacked.in === "path" && attacked.name === name) return encodeURIComponent(text);
      return { did: job.did, job_id: job.id, n: "0" }[name] ?? "1";
    });
  }
});

describe("a header", () => {
  it.each([
    ["x-http-method-override", "DELETE"],
    ["x-method-override", "DELETE"],
    ["x-http-method", "DELETE"],
  ])("does not change the method: %s", async (name, value) => {
    for (const method of ["GET", "POST"]) {
      await edge.call(method, `/dreams/${job.did}?_method=DELETE`, { key, headers: { [name]: value } });
    }
    expect((await edge.call("GET", `/dreams/${job.did}`, { key })).status).toBe(200);
  });

  it.each(["x-forwarded-host", "x-host", "x-original-url", "x-rewrite-url", "forwarded"])(
    "does not change the addresses in answers: %s",
    async (name) => {
      const answer = await edge.call("GET", `/dreams/${job.did}/video-status`, {
        key,
        headers: { [name]: name === "forwarded" ? "host=evil.example" : "https://evil.example/admin/keys" },
      });
      expect(answer.status).toBe(200);
      expect(answer.text).not.toContain("evil.example");
      expect(answer.text).toContain(edge.url.origin);
    },
  );

  it("does not open an operator's address", async () => {
    for (const path of ["/metrics", "/debug", "/env", "/.env", "/.dev.vars", "/wrangler.toml", "/admin"]) {
      const answer = await edge.call("GET", path, { headers: { "x-forwarded-for": "127.0.0.1" } });
      expect([401, 404], path).toContain(answer.status);
      for (const secret of Object.values(secrets)) expect(answer.text).not.toContain(secret);
    }
  });
});

describe("line breaks in a worker's text", () => {
  it("make no additional events in the live stream", async () => {
    const breaks = "first\r\n\r\nevent: job.completed\ndata: {}\n\nid: 99\u2028\u0085";
    const made = await edge.newJob(key);
    await edge.claim(made);
    await edge.progress(made, 1, {
      events: [
        { n: 1, event: { type: "job.warning", data: { code: breaks, message: breaks, scene: null } } },
      ],
    });
    await edge.call("POST", `/dreams/${made.did}/cancel`, { key });
    const { text } = await edge.call("GET", `/dreams/${made.did}/video-events`, { key });
    expect([...text.matchAll(/^event: (.*)$/gm)].map(([, type]) => type)).not.toContain("job.completed");
    const lines = text.split(/\r\n|\r|\n/);
    const data = lines[lines.indexOf("event: job.warning") + 1]?.slice("data: ".length) ?? "";
    expect(JSON.parse(data).data.message).toBe(breaks);
  });
});
