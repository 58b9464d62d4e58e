/** What films cost: the bill, and the estimate. */
import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Estimate, FilmCost } from "../../contract/cost.ts";
import type { OpsTimeline } from "../../contract/ops.ts";
import { type Edge, type OrProblem, secrets, startEdge } from "./harness.ts";

let edge: Edge;
let key: string;
beforeAll(async () => {
  edge = await startEdge();
  key = (await edge.newKey()).key;
});
afterAll(() => edge.close());

const hash = (text: string) => createHash("sha256").update(text).digest("hex");
const charge = (name: string, capability: string, scene: number | null) => ({
  fingerprint: hash(`${key}${name}`),
  capability,
  scene,
  model: "m",
  ceiling_micro_usd: 60_000,
});
const cost = async (did: string, as = key) =>
  (await edge.call<OrProblem<FilmCost>>("GET", `/dreams/${did}/cost`, { key: as })).json;
const estimate = async (body: object, as = key) =>
  (await edge.call<OrProblem<Estimate>>("POST", "/estimate", { key: as, body })).json;

describe("the bill of a film", () => {
  it("has a line for each bought and each reused asset, for running purchases, and for unknown outcomes", async () => {
    const job = await edge.newJob(key, { max_cost_usd: 1 });
    await edge.claim(job);
    const all = [charge("t", "text", null), charge("p0", "picture", 0), charge("p1", "picture", 1)];
    const fingerprints = all.map(({ fingerprint }) => fingerprint);
    const ask = (attempt: number, fields: object) =>
      edge.report(`/internal/jobs/${job.id}/charges`, { job_id: job.id, attempt, ...fields });
    await ask(1, { reserve: all, send: fingerprints.slice(0, 2) });
    const paid = {
      fingerprint: fingerprints[0],
      outcome: "paid",
      cost_micro_usd: 2_000,
      request_id: "req_7",
    };
    await edge.progress(job, 1, { charges: [paid as never] });
    await edge.lapse(job);
    await edge.claim(job);
    await ask(2, { reserve: all.slice(1), send: fingerprints.slice(1, 2) });
    const reused = (asset: "text" | "voice", scene: number | null) => ({
      type: "job.reused" as const,
      data: { saved_usd: 0.003, for: asset, scene },
    });
    await edge.progress(job, 2, {
      charges: [{ ...paid, fingerprint: fingerprints[1], cost_micro_usd: 50_000, request_id: null } as never],
      events: [
        // A purchase of this job's earlier attempt is not a saving.
        { n: 1, event: reused("text", null) },
        { n: 2, event: reused("voice", 0) },
      ],
    });
    const { lines, ...sums } = await cost(job.did);
    expect(lines.map(({ asset, scene, state, cost_usd }) => [asset, scene, state, cost_usd])).toEqual([
      ["text", null, "paid", 0.002],
      ["picture", 0, "unknown", 0.06],
      ["picture", 0, "paid", 0.05],
      ["voice", 0, "reused", 0],
      ["picture", 1, "reserved", 0.06],
    ]);
    const story = await edge.call<OpsTimeline>("GET", `/admin/ops/jobs/${job.id}`, {
      key: secrets.ADMIN_KEY,
    });
    expect(
      story.json.costs.map(({ for: asset, state, cost_usd, estimated }) => [
        asset,
        state,
        cost_usd,
        estimated,
      ]),
      "operators see the same, in the order of the purchases",
    ).toEqual([
      ["text", "paid", 0.002, false],
      ["picture", "unknown", 0.06, true],
      ["picture", "reserved", null, false],
      ["picture", "paid", 0.05, false],
    ]);
    expect(lines[0]).toMatchObject({ request_id: "req_7", tries: 1, model: "m" });
    expect(sums).toEqual({
      dream_id: job.did,
      job_id: job.id,
      total_usd: 0.112,
      estimated_usd: 0.06,
      reserved_usd: 0.06,
      by_capability: { text: 0.002, picture: 0.11, voice: 0, other: 0 },
      reused: 1,
      saved_usd: 0.003,
      outcome_unknown: 1,
      max_cost_usd: 1,
    });
    expect((await edge.status(job)).cost_usd).toBe(0.112);
  });

  it("marks the prices that no provider has confirmed, also if an older worker settles", async () => {
    const job = await edge.newJob(key);
    await edge.claim(job);
    const all = [charge("e0", "picture", 0), charge("e1", "picture", 1), charge("e2", "picture", 2)];
    const [confirmed, unconfirmed, older] = all.map(({ fingerprint }) => fingerprint);
    await edge.report(`/internal/jobs/${job.id}/charges`, {
      ...{ job_id: job.id, attempt: 1 },
      ...{ reserve: all, send: [confirmed, unconfirmed, older] },
    });
    const paid = { outcome: "paid", cost_micro_usd: 60_000 };
    await edge.progress(job, 1, {
      charges: [
        { ...paid, fingerprint: confirmed, estimated: false },
        { ...paid, fingerprint: unconfirmed, estimated: true },
        { ...paid, fingerprint: older },
      ] as never[],
    });
    const { lines, total_usd, estimated_usd } = await cost(job.did);
    expect(lines.map(({ estimated }) => estimated)).toEqual([false, true, false]);
    expect([total_usd, estimated_usd]).toEqual([0.18, 0.06]);
  });

  it("adds up if a newer worker buys what the edge does not know", async () => {
    const job = await edge.newJob(key);
    await edge.claim(job);
    const all = [charge("k0", "picture", 0), charge("k1", "music", null)];
    await edge.report(`/internal/jobs/${job.id}/charges`, {
      ...{ job_id: job.id, attempt: 1 },
      ...{ reserve: all, send: all.map(({ fingerprint }) => fingerprint) },
    });
    const charges = all.map(({ fingerprint }) => ({ fingerprint, outcome: "paid", cost_micro_usd: 20_000 }));
    await edge.progress(job, 1, { charges: charges as never[] });
    const { total_usd, by_capability } = await cost(job.did);
    expect(by_capability).toEqual({ text: 0, picture: 0.02, voice: 0, other: 0.02 });
    expect(total_usd).toBe(0.04);
  });

  it("equals the cost in the finished film's status, whatever its last attempt knew", async () => {
    const job = await edge.newJob(key);
    await edge.claim(job);
    const one = charge("once", "picture", 0);
    await edge.report(`/internal/jobs/${job.id}/charges`, {
      ...{ job_id: job.id, attempt: 1 },
      ...{ reserve: [one], send: [one.fingerprint] },
    });
    await edge.lapse(job);
    await edge.claim(job);
    await edge.progress(job, 2, {
      charges: [{ fingerprint: one.fingerprint, outcome: "found", cost_micro_usd: 50_000, request_id: null }],
    });
    await edge.putFilm(job, 2);
    await edge.complete(job, 2, { metadata: { duration: 30, scenes: 1, cost: 0 } });
    const { json } = await edge.call<{ video_metadata: object }>("GET", `/dreams/${job.did}`, { key });
    expect(json.video_metadata).toMatchObject({ cost: 0.05, scenes: 1 });
    expect((await cost(job.did)).total_usd).toBe(0.05);
  });

  it("is empty before a film was requested, and hidden from other owners", async () => {
    const did = await edge.newDream(key);
    expect(await cost(did)).toMatchObject({ job_id: null, lines: [], total_usd: 0 });
    expect((await cost(did, (await edge.newKey()).key)).code).toBe("dream.not_found");
  });
});

describe("an estimate", () => {
  it("is the same for a text and for the dream with that text", async () => {
    const transcript = "I flew over a silver sea. Under the water a town was lit, and somebody waved at me.";
    const did = await edge.newDream(key, transcript);
    const options = { length_seconds: 20 };
    const [of, by] = [await estimate({ transcript, options }), await estimate({ dream_id: did, options })];
    expect(of).toEqual(by);
    const { text, picture, voice } = of.by_capability;
    expect(of.cost_usd).toBeCloseTo(text + picture + voice, 6);
    expect(of.at_most_usd).toBeGreaterThan(of.cost_usd);
  });

  it("says whether the dream's words fill the length asked for", async () => {
    const short = { transcript: "A whale came out of the water and looked at me." };
    const [filled, unfilled] = [
      await estimate({ ...short, options: { length_seconds: 10 } }),
      await estimate({ ...short, options: { length_seconds: 120 } }),
    ];
    expect(unfilled.fills_length).toBe(false);
    expect(unfilled.seconds).toBeLessThan(12);
    expect(filled.seconds).toBeLessThanOrEqual(unfilled.seconds);
    const long = "One thing happened after another in my dream, and I saw it all. ".repeat(40);
    const whole = await estimate({ transcript: long, options: { length_seconds: 120 } });
    expect(whole.fills_length).toBe(true);
    expect(Math.abs(whole.seconds / 120 - 1)).toBeLessThan(0.1);
  });

  it("says how many words of a long dream fit, and nothing of a dream whose words are told nearly all", async () => {
    const long = "One thing happened after another in my dream, and I saw it all. ".repeat(265);
    const of = (transcript: string, length_seconds: number) =>
      estimate({ transcript, options: { length_seconds } });
    const { shortening } = await of(long, 180);
    expect(shortening).toMatchObject({ unit: "words", has: 3_445 });
    expect(shortening?.fit).toBeLessThan(700);
    expect((await of("A whale came out of the water and looked at me.", 10)).shortening).toBeNull();
  });

  it("calls a dream too short whose told length is more than 8 % below the one asked for, and no other", async () => {
    const words = "A whale came out of the water and looked at me, and then it sang. ".split(" ");
    for (let count = 4; count < 60; count++) {
      const transcript = Array.from({ length: count }, (_, n) => words[n % words.length]).join(" ");
      const { seconds, fills_length } = await estimate({ transcript, options: { length_seconds: 15 } });
      expect(fills_length, `${seconds} s of 15`).toBe(Math.round(seconds) >= 13.8);
    }
  });

  it("grows with the film's length, and needs a text and a key", async () => {
    const transcript = "One thing happened after another in my dream, and I saw it all. ".repeat(40);
    const of = async (length_seconds: number) =>
      (await estimate({ transcript, options: { length_seconds } })).cost_usd;
    expect(await of(120)).toBeGreaterThan(3 * (await of(30)));
    expect((await estimate({ transcript: " " })).code).toBe("dream.transcript_missing");
    expect((await estimate({ transcript: "\u200b\u{e0041}" })).code).toBe("dream.transcript_missing");
    expect((await estimate({})).code).toBe("request.invalid");
    expect((await estimate({ transcript, dream_id: "d" })).code).toBe("request.invalid");
    expect((await estimate({ dream_id: "nobodys" })).code).toBe("dream.not_found");
    expect((await estimate({ transcript }, "dr_wrong")).code).toBe("auth.invalid");
  });
});
