import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { parse } from "smol-toml";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addressOf, failureLimit, policies } from "../../edge/http/rate-policies.ts";
import { until } from "../until.ts";
import { type Answer, atOnce, type Edge, secrets, startEdge, tally } from "./harness.ts";

/** Cloudflare counts, and the edge asks it: what the edge does at a limit does not depend on the limit. */
const quota = 60;
const ratelimits = Object.values(policies).map(({ binding, windowSeconds }, index) => ({
  name: binding,
  namespace_id: String(index + 1),
  simple: { limit: binding === policies.films.binding ? quota / 6 : quota, period: windowSeconds },
}));

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge({ RATE_LIMITS: "on", ACTIVE_JOBS: "3 5" }, { ratelimits });
});
afterAll(() => edge.close());

const codes = (answers: Answer[]) => tally(answers.map(({ status }) => status));
const limited = (answers: Answer[]) => answers.filter(({ status }) => status === 429);

it("documents the limits that wrangler.toml sets", () => {
  const toml = parse(readFileSync(new URL("../../wrangler.toml", import.meta.url), "utf8")) as {
    ratelimits: { name: string; simple: { limit: number; period: number } }[];
  };
  expect(toml.ratelimits.map(({ name, simple }) => [name, simple.limit, simple.period])).toEqual(
    Object.values(policies).map(({ binding, quota, windowSeconds }) => [binding, quota, windowSeconds]),
  );
});

describe("an API key", () => {
  it("may make a number of requests per minute, and is told so; another key is not affected", async () => {
    const [busy, calm] = [await edge.newKey(), await edge.newKey()];
    const list = (key: string) => edge.call("GET", "/dreams", { key });
    expect((await list(calm.key)).headers.get("ratelimit-policy")).toBe('"requests";q=1200;w=60');
    // A new minute may begin in the middle of them.
    const answers = await manyTimes(2 * quota + 50, () => list(busy.key));
    const refused = limited(answers);
    expect(codes(answers)[200]).toBeGreaterThanOrEqual(quota);
    expect(refused.length).toBeGreaterThanOrEqual(50);
    expect(refused[0]?.json).toMatchObject({ code: "request.rate_limited", status: 429 });
    expect(refused[0]?.headers.get("retry-after")).toBe("60");
    expect(refused[0]?.headers.get("ratelimit")).toBe('"requests";r=0;t=60');
    expect(refused[0]?.headers.get("content-type")).toBe("application/problem+json");
    expect((await list(calm.key)).status).toBe(200);
  });

  it("may request fewer films than other things", async () => {
    const { key } = await edge.newKey();
    const did = await edge.newDream(key);
    const answers = await manyTimes(quota / 3 + 10, () =>
      edge.call("POST", `/dreams/${did}/finish`, { key, body: {} }),
    );
    expect(codes(answers)[202]).toBe(1);
    expect(limited(answers).length).toBeGreaterThanOrEqual(10);
    expect(limited(answers)[0]?.headers.get("ratelimit")).toBe('"films";r=0;t=60');
    expect((await edge.call("GET", "/dreams", { key })).status).toBe(200);
  });
});

describe("an address that tries keys", () => {
  const from = (address: string) => ({ "cf-connecting-ip": address });
  const random = () => `dr_${randomBytes(32).toString("hex")}`;
  const doors = [
    ["GET", "/dreams"],
    ["GET", "/dreams/dream_1/video-status"],
    ["PATCH", "/dreams/dream_1"],
    ["POST", "/dreams/dream_1/cancel"],
    ["GET", "/dreams/dream_1/video-events"],
    ["GET", "/admin/dead-letters"],
  ] as const;
  const guess = (address: string, index: number, key = random()) => {
    const [method, path] = doors[index % doors.length] as (typeof doors)[number];
    const body = method === "PATCH" ? { body: { title: "T" } } : {};
    return edge.call(method, path, { key, headers: from(address), ...body });
  };

  it("gets exactly as many guesses as the limit says, however many it makes at once", async () => {
    const tries = await manyTimes(80, (index) => guess("198.51.100.7", index));
    expect(codes(tries)).toEqual({ 401: failureLimit.quota, 429: 80 - failureLimit.quota });
    const refused = limited(tries).find(({ headers }) => headers.get("retry-after") !== "1");
    expect(Number(refused?.headers.get("retry-after"))).toBeGreaterThan(30);
    expect(refused?.headers.get("ratelimit")).toMatch(/^"failures";r=0;t=\d\d$/);
  });

  it("gets the same answer with a right key from then on, also an admin's; another address does not", async () => {
    const { key } = await edge.newKey();
    const [mine, other] = ["198.51.100.8", "198.51.100.9"];
    const knocks = (headers: Record<string, string>) => [
      edge.call("GET", "/dreams", { key, headers }),
      edge.call("GET", "/admin/dead-letters", { key: secrets.ADMIN_KEY, headers }),
      edge.call("GET", "/dreams", { headers }),
    ];
    const statuses = async (address: string) =>
      (await Promise.all(knocks(from(address)))).map(({ status }) => status);
    expect(await statuses(mine)).toEqual([200, 200, 401]);
    await manyTimes(failureLimit.quota, (index) => guess(mine, index));
    expect(await statuses(mine)).toEqual([429, 429, 429]);
    expect(await statuses(other)).toEqual([200, 200, 401]);
  });

  it("loses no guesses by many right keys at once, or by requests that are refused for another reason", async () => {
    const keys = await atOnce(2 * failureLimit.quota, async () => (await edge.newKey()).key);
    // Those that wait for a place for 2 s, on a slow machine, are told to come back after one more.
    const answers = await Promise.all(
      keys.map((key) =>
        until(
          () => edge.call("GET", "/dreams/none", { key, headers: from("198.51.100.10") }),
          ({ headers }) => headers.get("retry-after") !== "1",
        ),
      ),
    );
    expect(codes(answers)).toEqual({ 404: 2 * failureLimit.quota });
  });

  it("is the whole /64 for IPv6, in any spelling", () => {
    const of = (address: string) => addressOf(new Headers(from(address)));
    expect(of("2001:db8::1")).toBe(of("2001:db8::ffff:2"));
    expect(of("2001:db8:0:1::1")).not.toBe(of("2001:db8::1"));
    expect(of("2001:db8:1:2:3:4:5:6")).toBe("2001:db8:1:2");
    expect(of("::1")).toBe("0:0:0:0");
    expect(of("::ffff:192.0.2.1")).toBe("192.0.2.1");
  });
});

describe("a render worker", () => {
  it("is never limited, however often it reports", async () => {
    const { key } = await edge.newKey();
    const job = await edge.newJob(key);
    await edge.claim(job);
    const answers = await manyTimes(2 * quota + 50, () => edge.progress(job, 1));
    expect(codes(answers)).toEqual({ 200: 2 * quota + 50 });
    const forged = await manyTimes(2 * failureLimit.quota + 5, () =>
      edge.report(`/internal/jobs/${job.id}/progress`, {}, { secret: `whsec_${"A".repeat(32)}` }),
    );
    expect(codes(forged)).toEqual({ 401: 2 * failureLimit.quota + 5 });
  });
});

describe("an owner", () => {
  it.each([
    ["standard", 3],
    ["premium", 5],
  ] as const)(
    "has a limited number of films in the making with a %s key, however they are requested",
    async (tier, most) => {
      const owner = `busy-${tier}`;
      const keys = [await edge.newKey(owner, tier), await edge.newKey(owner, tier)];
      const dreams = await atOnce(most + 4, () => edge.newDream(keys[0]?.key as string));
      const asked = await Promise.all(
        dreams.map((did, index) =>
          edge.call<{ job_id: string; code?: string }>("POST", `/dreams/${did}/finish`, {
            key: keys[index % 2]?.key as string,
            body: {},
          }),
        ),
      );
      expect(codes(asked)).toEqual({ 202: most, 429: 4 });
      const full = limited(asked)[0];
      expect(full?.json).toMatchObject({ code: "job.too_many" });
      expect(full?.headers.get("retry-after")).toBe("30");
      const [{ count } = { count: -1 }] = await edge.sql<{ count: number }>(
        "SELECT COUNT(*) AS count FROM jobs WHERE owner_id = ?",
        owner,
      );
      expect(count).toBe(most);

      const taken = dreams[asked.findIndex(({ status }) => status === 202)] as string;
      const key = keys[0]?.key as string;
      expect((await edge.call("POST", `/dreams/${taken}/finish`, { key, body: {} })).json).toMatchObject({
        code: "job.active",
      });
      expect((await edge.call("POST", `/dreams/${taken}/cancel`, { key })).status).toBe(200);
      const free = dreams[asked.findIndex(({ status }) => status === 429)] as string;
      expect((await edge.call("POST", `/dreams/${free}/finish`, { key, body: {} })).status).toBe(202);
    },
  );
});

it("does not limit the admin key", async () => {
  expect((await edge.call("GET", "/admin/dead-letters", { key: secrets.ADMIN_KEY })).status).toBe(200);
});

/** Runs it `times` times, 50 at once. */
async function manyTimes<T>(times: number, work: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  await atOnce(50, async () => {
    while (next < times) {
      const index = next++;
      results[index] = await work(index);
    }
  });
  return results;
}
