/** Workers' signatures: which are refused, and that each opens once. */
import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { limits } from "../../contract/limits.ts";
import type { Problem } from "../../contract/problem.ts";
import { numberMessages, signMessage } from "../../contract/signature.ts";
import { filmUrl } from "../../contract/storage.ts";
import { atOnce, type Job, secrets, tally } from "./harness.ts";
import { useEdge } from "./use-edge.ts";

const { edge, key } = await useEdge();

describe("a signature", () => {
  const text = (job: Job) =>
    JSON.stringify({ job_id: job.id, claim_id: randomUUID(), worker_id: "worker-1" });
  const path = (job: Job) => `/internal/jobs/${job.id}/claim`;
  const send = (job: Job, body: string, headers: object) =>
    edge.call<Problem>("POST", path(job), { body, headers: { ...headers } });
  const now = () => Math.floor(Date.now() / 1000);
  const [secret = "", older = ""] = secrets.CALLBACK_SECRETS.split(" ");

  it("of either live secret opens", async () => {
    for (const one of [secret, older]) {
      const job = await edge.newJob(key);
      const body = text(job);
      expect((await send(job, body, signMessage(one, randomUUID(), now(), body))).status).toBe(200);
    }
  });

  it.each<[string, (body: string) => object, string]>([
    ["none", () => ({}), "signature.missing"],
    ["no signature", (body) => ({ ...sign(body), "webhook-signature": "" }), "signature.missing"],
    ["another secret", (body) => sign(body, { secret: foreign }), "signature.invalid"],
    ["one byte more in the body", (body) => sign(`${body} `), "signature.invalid"],
    ["a cut signature", (body) => cut(sign(body)), "signature.invalid"],
    ["another id", (body) => ({ ...sign(body), "webhook-id": randomUUID() }), "signature.invalid"],
    ["a time 301 s ago", (body) => sign(body, { offset: -301 }), "signature.stale"],
    ["a time in 301 s", (body) => sign(body, { offset: 301 }), "signature.stale"],
    [
      "a time that is not a number",
      (body) => ({ ...sign(body), "webhook-timestamp": "12ab" }),
      "signature.stale",
    ],
  ])("with %s is refused and changes nothing", async (_, signed, code) => {
    const job = await edge.newJob(key);
    const body = text(job);
    const sentMs = Date.now();
    const answer = await send(job, body, signed(body));
    expect(answer.json).toMatchObject({ status: 401, code });
    expect((await edge.row(job))?.status).toBe("queued");
    if (code === "signature.stale") {
      const serverMs = Date.parse(answer.headers.get("date") ?? "");
      // The header has whole seconds.
      expect(serverMs).toBeGreaterThan(sentMs - 1000);
      expect(serverMs).toBeLessThanOrEqual(Date.now());
    }
  });

  const foreign = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
  const sign = (body: string, how: { secret?: string; offset?: number } = {}) =>
    signMessage(how.secret ?? secret, randomUUID(), now() + (how.offset ?? 0), body);
  const cut = (signed: ReturnType<typeof sign>) => ({
    ...signed,
    "webhook-signature": signed["webhook-signature"].slice(0, -3),
  });

  /** Workers number their messages; older workers give each a random id. */
  const ids: [string, () => string][] = [
    ["numbered", () => numberMessages(randomUUID())()],
    ["an older worker's", randomUUID],
  ];

  it.each(ids)(
    "works once: of 100 copies of one message one acts and 99 are replays (%s)",
    async (_, newId) => {
      const job = await edge.newJob(key);
      await edge.claim(job);
      await edge.putFilm(job, 1);
      const id = newId();
      const answers = await atOnce(100, () => edge.complete(job, 1, {}, { id }));
      expect(tally(answers.map(({ json }) => json.code ?? "ok"))).toEqual({
        ok: 1,
        "signature.replayed": 99,
      });
      expect((await edge.complete(job, 1)).json).toEqual({ status: "ok", applied: false });
    },
  );

  it.each(ids)("works once whichever of the live secrets it is signed with (%s)", async (_, newId) => {
    const job = await edge.newJob(key);
    const [first, second] = secrets.CALLBACK_SECRETS.split(" ") as [string, string];
    const id = newId();
    const answers = await atOnce(100, (index) =>
      edge.report<Problem>(path(job), text(job), { id, secret: index % 2 ? first : second }),
    );
    expect(tally(answers.map(({ status, json }) => json.code ?? status))).toEqual({
      200: 1,
      "signature.replayed": 99,
    });
  });

  it.each(ids)("is used up for every call, whatever it was for (%s)", async (_, newId) => {
    const job = await edge.newJob(key);
    const id = newId();
    const claimed = await edge.report<Problem>(path(job), text(job), { id });
    expect(claimed.status).toBe(200);
    const report = {
      job_id: job.id,
      attempt: 1,
      stage: "scenes",
      progress: 1,
      scenes_total: null,
      scenes_ready: 0,
      cost_usd: 0,
      events: [],
    };
    const progress = await edge.report<Problem>(`/internal/jobs/${job.id}/progress`, report, { id });
    expect(progress.json).toMatchObject({ status: 409, code: "signature.replayed" });
    const release = {
      job_id: job.id,
      attempt: 1,
      reason: "error",
      code: "c",
      message: "m",
      delay_seconds: 0,
    };
    const released = await edge.report<Problem>(`/internal/jobs/${job.id}/release`, release, { id });
    expect(released.json).toMatchObject({ status: 409, code: "signature.replayed" });
    expect(await edge.row(job)).toMatchObject({ status: "processing", progress: 0, failed_attempts: 0 });
  });

  it("for one job opens no other", async () => {
    const mine = await edge.newJob(key);
    const other = await edge.newJob(key);
    for (const job of [mine, other]) await edge.claim(job);
    await edge.putFilm(mine, 1);
    const body = JSON.stringify({
      job_id: mine.id,
      attempt: 1,
      status: "completed",
      video_url: filmUrl(edge.url.href, mine.dreamId, mine.id, 1),
      metadata: { duration: 1, scenes: 1, cost: 0 },
      error: null,
    });
    const headers = { ...signMessage(secret, randomUUID(), now(), body) };
    const crossed = await edge.call<Problem>("POST", `/dreams/${other.dreamId}/video-complete`, {
      body,
      headers,
    });
    expect(crossed.json).toMatchObject({ status: 404, code: "job.not_found" });
    expect(await edge.status(other)).toMatchObject({ status: "processing" });
    expect(await edge.status(mine)).toMatchObject({ status: "processing" });
  });

  it("for one job's claim, report or hand-back opens no other's", async () => {
    const mine = await edge.newJob(key);
    const other = await edge.newJob(key);
    await edge.claim(mine);
    const waiting = await edge.newJob(key);
    await edge.claim(other);
    const bodies = {
      claim: { job_id: mine.id, claim_id: randomUUID(), worker_id: "worker-1" },
      progress: {
        job_id: mine.id,
        ...{
          attempt: 1,
          stage: "scenes",
          progress: 9,
          scenes_total: 1,
          scenes_ready: 0,
          cost_usd: 0,
          events: [],
        },
      },
      release: { job_id: mine.id, attempt: 1, reason: "error", code: "c", message: "m", delay_seconds: 0 },
    };
    for (const [verb, body] of Object.entries(bodies))
      for (const job of [other, waiting]) {
        const crossed = await edge.report<Problem>(`/internal/jobs/${job.id}/${verb}`, body);
        expect(crossed.json, verb).toMatchObject({ status: 404, code: "job.not_found" });
      }
    expect(await edge.row(other)).toMatchObject({ status: "processing", progress: 0, failed_attempts: 0 });
    expect((await edge.row(waiting))?.status).toBe("queued");
  });

  it("is checked before a too large or malformed body is parsed", async () => {
    const job = await edge.newJob(key);
    expect((await send(job, "{", {})).json).toMatchObject({ code: "signature.missing" });
    const long = "x".repeat(limits.internalBodyBytes + 1);
    expect((await send(job, long, {})).json).toMatchObject({ status: 413, code: "request.too_large" });
    const body = "{";
    const signed = { ...signMessage(secret, randomUUID(), now(), body) };
    expect((await send(job, body, signed)).json).toMatchObject({ status: 400, code: "request.not_json" });
  });
});
