import { afterAll, describe, expect, it } from "vitest";
import { startEdgeInProcess } from "../../tests/edge/edge-in-process.ts";
import type { Env } from "../env.ts";
import { AttemptCount } from "../http/attempts/attempt-count.ts";
import { failureLimit } from "../http/rate-policies.ts";

const { edge, env, watched, ask } = await startEdgeInProcess();
afterAll(() => edge.close());

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
