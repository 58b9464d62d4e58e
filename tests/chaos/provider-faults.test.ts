/**
 * C13: a provider that fails in every way, paid and unpaid. The real ledger in workerd and D1, the worker's
 * purchases, and the simulator with its own bill.
 */
import { expect, it } from "vitest";
import { limits } from "../../contract/limits.ts";
import { createAi } from "../../render-worker/ai/create-ai.ts";
import { createEdgeClient } from "../../render-worker/clients/edge.ts";
import { Slots } from "../../render-worker/flow/slots.ts";
import { Progress } from "../../render-worker/pipeline/progress.ts";
import { createAssetStore } from "../../render-worker/purchases/asset-store.ts";
import { createFirstCalls } from "../../render-worker/purchases/first-calls.ts";
import { createLedgerClient } from "../../render-worker/purchases/ledger-client.ts";
import { parseProviders } from "../../render-worker/runtime/providers.ts";
import { type Job, secrets, tally } from "../edge/harness.ts";
import { createFakeStorage } from "../fakes/fake-storage.ts";
import { useLedgerAndSimulator } from "./use-ledger.ts";

const { edge, simulator, folder, key } = await useLedgerAndSimulator();

const signal = new AbortController().signal;

/** Buys pictures for the job, as its worker does. Resolves to the outcome of each. */
async function buyPictures(job: Job, names: readonly string[]): Promise<string[]> {
  await edge.claim(job);
  await edge.prolong(job);
  const providers = parseProviders({
    OPENAI_API_KEY: "local",
    OPENAI_BASE_URL: `${simulator.origin}/v1`,
    PICTURE_TIMEOUT_SECONDS: "6",
  });
  const ai = createAi(providers);
  const client = createEdgeClient(edge.url.href, secrets.CALLBACK_SECRETS.split(" ")[0] as string, "w");
  const progress = new Progress(() => {});
  const store = createAssetStore(
    {
      storage: createFakeStorage(folder).storage,
      ledger: createLedgerClient(client, { job_id: job.id, attempt: 1 }, signal),
      purchases: new Slots(4),
      progress,
      firstCalls: createFirstCalls({ hasRecentSuccess: () => true, assertConfigured: () => {} }),
      metrics: { assetReused: () => {}, spent: () => {} },
      graceMs: 1_000,
    },
    job.id,
    folder,
    signal,
  );
  const kind = { capability: "picture", extension: "png", contentType: "image/png" } as const;
  const ends = await Promise.all(
    names.map(async (prompt, scene) => {
      const request = { prompt, size: "1536x1024" } as const;
      const call = async (graceSignal: AbortSignal) => {
        const { value: bytes, requestId } = await ai.paint(request, graceSignal);
        return { bytes, requestId, costMicroUsd: 1_000 };
      };
      return store
        .obtain(kind, request, { scene, model: "m", ceilingMicroUsd: 2_000, call })
        .then(() => "bought")
        .catch((error) => error.code as string);
    }),
  );
  while (progress.hasUrgentReports) {
    const charges = progress.unreportedSettlements(50);
    const events = progress.unreportedEvents(50, limits.reportEventsBytes);
    await client.report(job.id, {
      ...{ attempt: 1, stage: "scenes", progress: 50, scenes_total: 1, scenes_ready: 0, cost_usd: 0 },
      ...{ charges, events, assets: [] },
    });
    progress.confirmSettlements(charges);
    progress.confirmEvents(events.at(-1)?.n ?? 0);
  }
  return ends;
}

const statesOf = async (job: Job) =>
  tally(
    (await edge.sql<{ state: string }>("SELECT state FROM charges WHERE job_id = ?", job.id)).map(
      (row) => row.state,
    ),
  );
const names = (count: number, what: string) =>
  Array.from({ length: count }, (_, n) => `${what} number ${n}.`);
/** Small pictures are the simulator's cheapest assets. */
const faults = (...all: object[]) =>
  simulator.control({ seed: 1, latency_ms: {}, picture_scale: 0.1, faults: all });

/** 300 in `npm run test:long`. */
const assets = process.env.LONG ? 300 : 40;

it(`pays ${assets} assets exactly as its ledger says, in whatever way a third of the calls fail`, async () => {
  await faults(
    { kind: "server_error", rate: 0.1 },
    { kind: "rate_limited", rate: 0.08, retry_after_ms: 300 },
    { kind: "half_body", rate: 0.06 },
    { kind: "timeout_after_charge", rate: 0.04 },
    { kind: "connection_reset", rate: 0.06 },
  );
  const job = await edge.newJob(key);
  const ends = tally(await buyPictures(job, names(assets, "A gull")));
  const { billed, unbilled } = await simulator.ledger();
  const states = await statesOf(job);
  const resets = unbilled.filter(({ fault }) => fault === "connection_reset").length;
  // If the connection broke, only the provider knows that the call was not paid.
  expect((states.paid ?? 0) + (states.unknown ?? 0)).toBe(billed.length + resets);
  expect(states.paid).toBe(ends.bought);
  expect(states).not.toHaveProperty("sent");
  expect(states).not.toHaveProperty("reserved");
  expect(Object.keys(ends).sort().join()).toMatch(/^(ai.outcome_unknown,)?bought(,openai.unavailable)?$/);
  const calls = tally(
    [...billed, ...unbilled.filter(({ fault }) => fault === "connection_reset")].map(
      (call) => call.fingerprint,
    ),
  );
  expect(Math.max(...Object.values(calls))).toBeLessThanOrEqual(2);
  expect(ends.bought).toBeGreaterThan(assets * 0.9);
});

it("buys once more what was charged and never answered, and stops the second time", async () => {
  await simulator.reset();
  await faults(
    { kind: "timeout_after_charge", match: "owl", rate: 1 },
    { kind: "timeout_after_charge", match: "lark", times: 1 },
  );
  const job = await edge.newJob(key);
  expect(await buyPictures(job, ["An owl.", "A lark.", "A wren."])).toEqual([
    "ai.outcome_unknown",
    "bought",
    "bought",
  ]);
  expect(await statesOf(job)).toEqual({ unknown: 3, paid: 2 });
  expect((await simulator.ledger()).billed).toHaveLength(5);
  const { json } = await edge.call<{ outcome_unknown: number; total_usd: number }>(
    "GET",
    `/dreams/${job.did}/cost`,
    { key },
  );
  expect(json).toMatchObject({ outcome_unknown: 3, total_usd: 0.008 });
});

it("waits as long as a provider with a rate limit asks for", async () => {
  await simulator.reset();
  await faults({ kind: "rate_limited", retry_after_ms: 2_000, times: 1 });
  const job = await edge.newJob(key);
  expect(await buyPictures(job, ["A heron."])).toEqual(["bought"]);
  const { billed, unbilled } = await simulator.ledger();
  const waitedMs = Date.parse(billed[0]?.at ?? "") - Date.parse(unbilled[0]?.at ?? "");
  expect(waitedMs).toBeGreaterThanOrEqual(2_000);
  // The wait itself, and the rest for a machine under load.
  expect(waitedMs).toBeLessThan(30_000);
  expect(await statesOf(job)).toEqual({ paid: 1 });
});
