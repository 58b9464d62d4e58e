/** The charge ledger and the budgets, in real workerd and D1. */
import { createHash, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Settlement } from "../../contract/charge.ts";
import type { ChargeAnswer, NewCharge } from "../../contract/charge-request.ts";
import type { Estimate } from "../../contract/cost.ts";
import { atOnce, type Edge, type Job, type OrProblem, secrets, startEdge, tally } from "./harness.ts";

let edge: Edge;
let owner: string;
let key: string;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge.close());

const hash = (text: string) => createHash("sha256").update(text).digest("hex");
const picture = (name: string, fields: Partial<NewCharge> = {}) => ({
  fingerprint: hash(name),
  capability: "picture",
  scene: 0,
  model: "m",
  ceiling_micro_usd: 50_000,
  ...fields,
});
const settled = (
  name: string,
  outcome: Settlement["outcome"],
  cost_micro_usd = 0,
  request_id: string | null = null,
) => ({
  fingerprint: hash(name),
  outcome,
  cost_micro_usd,
  request_id,
});

async function newOwner(daily_usd: number | null = null): Promise<void> {
  owner = `owner-${randomUUID()}`;
  key = (await edge.newKey(owner)).key;
  if (daily_usd !== null) await setBudget(daily_usd);
}
const setBudget = (daily_usd: number | null) =>
  edge.call("PATCH", `/admin/owners/${owner}/budget`, { key: secrets.ADMIN_KEY, body: { daily_usd } });
const budget = async () =>
  (
    await edge.call<{ daily_usd: number; spent_today_usd: number; is_default: boolean }>(
      "GET",
      `/admin/owners/${owner}/budget`,
      { key: secrets.ADMIN_KEY },
    )
  ).json;

async function newJob(options: object = {}): Promise<Job> {
  const job = await edge.newJob(key, options);
  await edge.claim(job);
  return job;
}
const ask = (job: Job, attempt: number, fields: object) =>
  edge.report<OrProblem<ChargeAnswer>>(`/internal/jobs/${job.id}/charges`, {
    job_id: job.id,
    attempt,
    ...fields,
  });
const buy = (job: Job, attempt: number, ...names: string[]) =>
  ask(job, attempt, { reserve: names.map((name) => picture(name)), send: names.map(hash) });
const decisions = (answer: { json: ChargeAnswer }) => answer.json.charges.map(({ decision }) => decision);
const rows = (job: Job) =>
  edge.sql<{ state: string; counted_micro_usd: number; tries: number; request_id: string | null }>(
    "SELECT state, counted_micro_usd, tries, request_id FROM charges WHERE job_id = ? ORDER BY id",
    job.id,
  );
const states = async (job: Job) => (await rows(job)).map(({ state }) => state);

describe("a report that a ledger request carries", () => {
  it("is stored before the purchases, once, and renews the lease", async () => {
    await newOwner();
    const job = await newJob();
    expect(decisions(await buy(job, 1, "a"))).toEqual(["go"]);
    const event = { type: "job.warning", data: { code: "c", message: "m", scene: null } };
    const report = {
      ...{ stage: "scenes", progress: 40, scenes_total: 3, scenes_ready: 1, cost_usd: 0.04 },
      events: [{ n: 1, event }],
      charges: [settled("a", "paid", 42_000)],
    };
    await edge.sql("UPDATE jobs SET lease_expires_at = 1 WHERE id = ?", job.id);
    for (let n = 0; n < 2; n++) {
      // The report settles the first purchase, so it can be bought again in the same request.
      const answer = await ask(job, 1, { report, reserve: [picture("a", { gone: n === 0 }), picture("b")] });
      expect(answer.json).toMatchObject({ reported: { watched: false, asks_for_reports: true } });
      expect(decisions(answer)).toEqual(["go", "go"]);
    }
    expect(await edge.log(job)).toEqual(["job.queued", "job.started", "job.warning"]);
    expect(await edge.status(job)).toMatchObject({ progress: 40, scenes: { total: 3, ready: 1 } });
    const [lease] = await edge.sql<{ at: number }>(
      "SELECT lease_expires_at AS at FROM jobs WHERE id = ?",
      job.id,
    );
    expect(lease?.at).toBeGreaterThan(Date.now());
  });

  it("changes nothing for an attempt that has lost the job, and is left out if it cannot be read", async () => {
    await newOwner();
    const job = await newJob();
    const report = {
      ...{ stage: "scenes", progress: 40, scenes_total: 3, scenes_ready: 1, cost_usd: 0, events: [] },
    };
    expect((await ask(job, 2, { report })).json).toMatchObject({ code: "job.fenced" });
    expect((await edge.status(job)).progress).toBe(0);
    const unread = await ask(job, 1, { report: { of: "tomorrow" }, reserve: [picture("a")] });
    expect(unread.json).toMatchObject({ charges: [{ decision: "go" }], reported: null });
  });
});

describe("a charge", () => {
  it("is reserved, sent and paid, with its real cost and the provider's id", async () => {
    await newOwner();
    const job = await newJob();
    expect(decisions(await ask(job, 1, { reserve: [picture("a"), picture("b")] }))).toEqual(["go", "go"]);
    expect(await states(job)).toEqual(["reserved", "reserved"]);
    expect(decisions(await ask(job, 1, { send: [hash("a")] }))).toEqual(["go"]);
    expect(await states(job)).toEqual(["sent", "reserved"]);
    await edge.progress(job, 1, { charges: [settled("a", "paid", 42_000, "req_1")] });
    expect(await rows(job)).toEqual([
      { state: "paid", counted_micro_usd: 42_000, tries: 1, request_id: "req_1" },
      { state: "reserved", counted_micro_usd: 50_000, tries: 0, request_id: null },
    ]);
    expect((await edge.status(job)).cost_usd).toBe(0.042);
    expect((await budget()).spent_today_usd).toBeCloseTo(0.092, 6);
  });

  it("gets the same answer when its claim is repeated after a lost reply", async () => {
    await newOwner();
    const job = await newJob();
    const answers = await atOnce(10, () => buy(job, 1, "a"));
    expect(tally(answers.map((answer) => decisions(answer).join()))).toEqual({ go: 10 });
    expect(await rows(job)).toMatchObject([{ state: "sent", tries: 1, counted_micro_usd: 50_000 }]);
  });

  it("is not bought again by any job of the owner once it is paid, unless its bytes are gone", async () => {
    await newOwner();
    const [first, second] = [await newJob(), await newJob()];
    await buy(first, 1, "a");
    await edge.progress(first, 1, { charges: [settled("a", "paid", 42_000)] });
    expect(decisions(await buy(second, 1, "a"))).toEqual(["paid"]);
    expect(decisions(await ask(second, 1, { reserve: [picture("a", { gone: true })] }))).toEqual(["go"]);
    expect([await states(first), await states(second)]).toEqual([["paid"], ["reserved"]]);
    expect((await budget()).spent_today_usd).toBeCloseTo(0.092, 6);
  });

  it("waits for another job of the owner that is buying it, and no longer than that job runs", async () => {
    await newOwner();
    const [first, second] = [await newJob(), await newJob()];
    await buy(first, 1, "a");
    expect(decisions(await buy(second, 1, "a"))).toEqual(["wait"]);
    await edge.lapse(first);
    expect(decisions(await buy(second, 1, "a"))).toEqual(["go"]);
    expect([await states(first), await states(second)]).toEqual([["unknown"], ["sent"]]);
  });

  it("has no effect on another owner", async () => {
    await newOwner();
    const mine = await newJob();
    await buy(mine, 1, "a");
    await edge.progress(mine, 1, { charges: [settled("a", "paid", 42_000)] });
    await newOwner();
    expect(decisions(await buy(await newJob(), 1, "a"))).toEqual(["go"]);
  });

  it("is free again if the provider declined without charging", async () => {
    await newOwner();
    const job = await newJob();
    await buy(job, 1, "a", "b");
    const again = await ask(job, 1, {
      settle: [settled("a", "refused"), settled("b", "failed")],
      send: [hash("a")],
    });
    expect(decisions(again)).toEqual(["go"]);
    expect(await rows(job)).toMatchObject([
      { state: "sent", tries: 2 },
      { state: "failed", counted_micro_usd: 0 },
    ]);
  });
});

it("books a call that its worker cut off at its ceiling, and lets the asset be bought however often", async () => {
  await newOwner();
  const job = await newJob({ max_cost_usd: 1 });
  const buy = { reserve: [picture("a")], send: [hash("a")] };
  await ask(job, 1, buy);
  for (let cut = 0; cut < 3; cut++) {
    const again = { settle: [settled("a", "abandoned")], ...buy };
    expect(decisions(await ask(job, 1, again))).toEqual(["go"]);
  }
  expect(await states(job)).toEqual(["paid", "paid", "paid", "sent"]);
  const { json } = await edge.call("GET", `/dreams/${job.did}/cost`, { key });
  expect(json).toMatchObject({ total_usd: 0.15, outcome_unknown: 0 });
});

describe("an unknown outcome", () => {
  it("is bought once more, counted, and fails the asset the second time", async () => {
    await newOwner();
    const job = await newJob();
    await buy(job, 1, "a");
    for (const [attempt, decision] of [
      [2, "go"],
      [3, "outcome_unknown"],
    ] as const) {
      await edge.lapse(job);
      await edge.claim(job);
      expect(decisions(await buy(job, attempt, "a"))).toEqual([decision]);
    }
    expect(await states(job)).toEqual(["unknown", "unknown"]);
    expect((await edge.status(job)).cost_usd).toBe(0.1);
  });

  it("is the same if the worker dies or reports it itself", async () => {
    await newOwner();
    const job = await newJob();
    await buy(job, 1, "a");
    const again = { settle: [settled("a", "unknown")], reserve: [picture("a")], send: [hash("a")] };
    expect(decisions(await ask(job, 1, again))).toEqual(["go"]);
    expect(decisions(await ask(job, 1, again))).toEqual(["outcome_unknown"]);
  });

  it("becomes paid if the asset is in R2 after all", async () => {
    await newOwner();
    const job = await newJob();
    await buy(job, 1, "a");
    await edge.lapse(job);
    await edge.claim(job);
    await edge.progress(job, 2, { charges: [settled("a", "found", 42_000)] });
    expect(await rows(job)).toMatchObject([{ state: "paid", counted_micro_usd: 42_000 }]);
  });

  it("does not follow from a charge that was only reserved", async () => {
    await newOwner();
    const job = await newJob();
    await ask(job, 1, { reserve: [picture("a")] });
    await edge.lapse(job);
    await edge.claim(job);
    expect(decisions(await buy(job, 2, "a"))).toEqual(["go"]);
    expect(await states(job)).toEqual(["sent"]);
  });
});

describe("an attempt that lost its job", () => {
  it("neither buys nor settles", async () => {
    await newOwner();
    const job = await newJob();
    await buy(job, 1, "a");
    await edge.lapse(job);
    await edge.claim(job);
    await buy(job, 2, "a");
    expect((await buy(job, 1, "b")).json.code).toBe("job.fenced");
    expect((await edge.progress(job, 1, { charges: [settled("a", "paid", 1)] })).json.code).toBe(
      "job.fenced",
    );
    expect(await states(job)).toEqual(["unknown", "sent"]);
  });

  it.each(["cancel", "fail", "complete"] as const)(
    "leaves nothing reserved when it ends: %s",
    async (end) => {
      await newOwner();
      const job = await newJob();
      await ask(job, 1, { reserve: [picture("a"), picture("b")], send: [hash("a")] });
      if (end === "cancel") await edge.call("POST", `/dreams/${job.did}/cancel`, { key });
      if (end === "fail") await edge.complete(job, 1, { status: "failed", error: "e" });
      if (end === "complete") {
        await edge.putFilm(job, 1);
        await edge.complete(job, 1);
      }
      expect(await states(job)).toEqual(["unknown", "failed"]);
      expect((await budget()).spent_today_usd).toBe(0.05);
      expect((await edge.status(job)).cost_usd).toBe(0.05);
    },
  );

  it("frees its reserved charges when it hands the job back, and keeps those that were sent", async () => {
    await newOwner();
    const job = await newJob();
    await ask(job, 1, { reserve: [picture("a"), picture("b")], send: [hash("a")] });
    await edge.release(job, 1);
    expect(await states(job)).toEqual(["sent", "failed"]);
  });
});

describe("a budget", () => {
  it("of a job admits the charges that fit, in the given order", async () => {
    await newOwner();
    const job = await newJob({ max_cost_usd: 0.12 });
    const answer = await ask(job, 1, { reserve: ["a", "b", "c"].map((name) => picture(name)) });
    expect(decisions(answer)).toEqual(["go", "go", "over_budget"]);
    expect(answer.json.short_of).toBe("job");
    await ask(job, 1, { send: [hash("a"), hash("b")] });
    await edge.progress(job, 1, { charges: [settled("a", "paid", 20_000), settled("b", "paid", 50_000)] });
    expect(decisions(await ask(job, 1, { reserve: [picture("c")] }))).toEqual(["go"]);
  });

  it("of a film whose client set none is the estimate's upper bound, whatever is bought again", async () => {
    await newOwner();
    const transcript = `I "flew"\nover\ta sea \u{1f30a} \\ ${"海の上を飛んだ。".repeat(50)}`;
    const job = await edge.newJob(key, { length_seconds: 10 }, transcript);
    await edge.claim(job);
    const { json: estimate } = await edge.call<Estimate>("POST", "/estimate", {
      key,
      body: { dream_id: job.did, options: { length_seconds: 10 } },
    });
    const scenes = ["s0", "s1"];
    // A worker dies while all pictures are being bought: each is bought once more.
    for (const attempt of [1, 2]) {
      expect(decisions(await buy(job, attempt, ...scenes))).toEqual(["go", "go"]);
      if (attempt === 1) await edge.lapse(job).then(() => edge.claim(job));
    }
    await edge.progress(job, 2, { charges: scenes.map((name) => settled(name, "paid", 50_000)) });
    // The bought assets can repeatedly not be used.
    const ceiling = 20_000;
    let granted = 0;
    for (let n = 0; n < 100; n++) {
      const again = picture(`v${n}`, { ceiling_micro_usd: ceiling });
      const answer = await ask(job, 2, { reserve: [again], send: [again.fingerprint] });
      if (decisions(answer)[0] !== "go") break;
      await ask(job, 2, { settle: [settled(`v${n}`, "paid", ceiling)] });
      granted++;
    }
    const { cost_usd = 0 } = await edge.status(job);
    expect(granted).toBeGreaterThan(1);
    expect(cost_usd).toBeLessThanOrEqual(estimate.at_most_usd);
    expect(cost_usd).toBeGreaterThan(estimate.at_most_usd - ceiling / 1e6);
    const [{ bound } = { bound: 0 }] = await edge.sql<{ bound: number }>(
      "SELECT input ->> '$.at_most_micro_usd' AS bound FROM jobs WHERE id = ?",
      job.id,
    );
    expect(bound / 1e6).toBe(estimate.at_most_usd);
  });

  it("of a client may exceed the estimate's upper bound, and a job of an older edge has none", async () => {
    await newOwner();
    const dear = picture("dear", { ceiling_micro_usd: 90_000_000 });
    const asked = await newJob({ length_seconds: 10, max_cost_usd: 95 });
    expect(decisions(await ask(asked, 1, { reserve: [dear] }))).toEqual(["go"]);
    const old = await newJob({ length_seconds: 10 });
    const other = picture("other", { ceiling_micro_usd: 9_000_000 });
    expect(decisions(await ask(old, 1, { reserve: [other] }))).toEqual(["over_budget"]);
    await edge.sql("UPDATE jobs SET input = json_remove(input, '$.at_most_micro_usd') WHERE id = ?", old.id);
    expect(decisions(await ask(old, 1, { reserve: [other] }))).toEqual(["go"]);
  });

  it("of nothing buys nothing", async () => {
    await newOwner();
    const job = await newJob({ max_cost_usd: 0 });
    expect(decisions(await buy(job, 1, "a"))).toEqual(["over_budget"]);
    expect(await rows(job)).toEqual([]);
  });

  it("of an owner is the service's default until it is set, and holds over all of the day's jobs", async () => {
    await newOwner();
    expect(await budget()).toMatchObject({ daily_usd: 100, is_default: true, spent_today_usd: 0 });
    await setBudget(0.08);
    const [first, second] = [await newJob(), await newJob()];
    expect(decisions(await buy(first, 1, "a"))).toEqual(["go"]);
    const refused = await buy(second, 1, "b");
    expect(decisions(refused)).toEqual(["over_budget"]);
    expect(refused.json.short_of).toBe("owner");
    await edge.sql("UPDATE charges SET day = day - 1 WHERE owner_id = ?", owner);
    expect(decisions(await buy(second, 1, "b"))).toEqual(["go"]);
    expect((await setBudget(null)).json).toMatchObject({ daily_usd: 100, is_default: true });
  });

  it("is never overspent by 1,000 reservations at once, and is spent to the last cent", async () => {
    await newOwner(12.5);
    const jobs = await Promise.all(Array.from({ length: 20 }, () => newJob({ max_cost_usd: 10 })));
    await Promise.all(jobs.map((job) => edge.prolong(job)));
    const answers = await atOnce(1_000, (n) => buy(jobs[n % jobs.length] as Job, 1, `p-${n}`));
    expect(tally(answers.flatMap(decisions))).toEqual({ go: 250, over_budget: 750 });
    const [sum] = await edge.sql<{ spent: number }>(
      "SELECT SUM(counted_micro_usd) AS spent FROM charges WHERE owner_id = ?",
      owner,
    );
    expect(sum?.spent).toBe(12_500_000);
    expect((await budget()).spent_today_usd).toBe(12.5);
  });
});

it("a charge is kept without any text when its dream is deleted, and is deleted when no budget needs it", async () => {
  await newOwner();
  const job = await newJob();
  await buy(job, 1, "a");
  await edge.progress(job, 1, { charges: [settled("a", "paid", 42_000)] });
  await edge.call("DELETE", `/dreams/${job.did}`, { key });
  expect((await budget()).spent_today_usd).toBe(0.042);
  await edge.sql("UPDATE charges SET expires_at = 1 WHERE job_id = ?", job.id);
  await edge.sweep();
  expect(await rows(job)).toEqual([]);
});
