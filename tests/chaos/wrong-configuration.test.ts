/**
 * A capability with a wrong key, model, address or account: the purchases of the other capabilities by the
 * simulator's own bill, and the film's error. The real pipeline and ledger; composing never begins.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { ClaimedJob } from "../../contract/claim.ts";
import { createAi } from "../../render-worker/ai/create-ai.ts";
import { guardAi } from "../../render-worker/ai/guard-ai.ts";
import { createEdgeClient } from "../../render-worker/clients/edge.ts";
import { Slots } from "../../render-worker/flow/slots.ts";
import { makeFilm } from "../../render-worker/pipeline/make-film.ts";
import { Progress } from "../../render-worker/pipeline/progress.ts";
import { createMetrics } from "../../render-worker/runtime/metrics.ts";
import { parseProviders } from "../../render-worker/runtime/providers.ts";
import { type Edge, secrets, startEdge, tally } from "../edge/harness.ts";
import { createFakeStorage } from "../fakes/fake-storage.ts";
import { openSimulator, type SimulatorProcess } from "../openai/start-simulator.ts";

let edge: Edge;
let simulator: SimulatorProcess;
let folder: string;
let key: string;
beforeAll(async () => {
  [edge, simulator] = await Promise.all([startEdge(), openSimulator()]);
  key = (await edge.newKey()).key;
});
beforeEach(async () => {
  await simulator.reset();
  folder = await mkdtemp(join(tmpdir(), "dreamreel-test-"));
  return () => rm(folder, { recursive: true });
});
afterAll(async () => {
  await Promise.all([edge.close(), simulator.stop()]);
});

const bucket = () => createFakeStorage(folder).storage;

/** One worker process: its circuit breakers outlive a film. */
function startWorker() {
  const providers = parseProviders({
    OPENAI_API_KEY: "local",
    OPENAI_BASE_URL: `${simulator.origin}/v1`,
    VOICE_CHAIN: "speech",
  });
  const metrics = createMetrics({ version: "1", region: "test" }, { activeJobs: () => 1, slots: 1 });
  const ports = {
    ai: guardAi(createAi(providers), metrics),
    edge: createEdgeClient(edge.url.href, secrets.CALLBACK_SECRETS.split(" ")[0] as string, "w"),
    storage: bucket(),
    providers,
    metrics,
    encoders: new Slots(2),
    purchases: new Slots(6),
    markMedia: async () => "unavailable" as const,
    graceMs: 1_000,
  };
  return {
    /** Makes a film until it ends; resolves to its error. */
    async film(transcript?: string) {
      const job = await edge.newJob(key, {}, transcript);
      const { json } = await edge.claim(job);
      const progress = new Progress(() => {});
      const { signal } = new AbortController();
      // As from an edge that does not hold jobs, so that the worker alone has to remember the refusal.
      const claimed = { ...ClaimedJob.parse(json), tries_providers: false };
      const error = await makeFilm(claimed, folder, progress, signal, ports).then(
        () => Promise.reject(new Error("the film was made")),
        (thrown) => thrown,
      );
      // As reporting does: without it the next job waits for this one's purchases.
      await ports.edge.report(job.id, {
        ...{ attempt: 1, stage: "scenes", progress: 0, scenes_total: null, scenes_ready: 0, cost_usd: 0 },
        ...{ charges: progress.unreportedSettlements(50), events: [], assets: [] },
      });
      return error;
    },
  };
}

const bought = async () => tally((await simulator.ledger()).billed.map(({ capability }) => capability));
const break_ = (capability: string, status: number) =>
  simulator.control({ seed: 1, latency_ms: {}, faults: [{ kind: "server_error", capability, status }] });

it.each([
  ["voice", 404, "voice.model_unavailable", { text: 1 }],
  ["voice", 401, "voice.key_refused", { text: 1 }],
  ["picture", 402, "picture.no_credit", { text: 1, voice: 1 }],
  ["picture", 404, "picture.model_unavailable", { text: 1, voice: 1 }],
  ["text", 404, "text.model_unavailable", {}],
] as const)(
  "a film whose %s is answered with %i fails as %s and has bought %j",
  async (capability, status, code, bill) => {
    await break_(capability, status);
    const worker = startWorker();
    const error = await worker.film();
    expect([error.code, error.constructor.name]).toEqual([code, "Rejected"]);
    expect(error.message).toMatch(/^The service that .* The operator has to repair it\.$/);
    expect(await bought()).toEqual(bill);
    // The machine's next film buys nothing, because the circuit is open.
    await simulator.control({ faults: [] });
    expect((await worker.film()).code).toBe(code);
    expect(await bought()).toEqual(bill);
  },
);

it("lets the pictures that are being painted finish and keeps them, where a voice ends the film", async () => {
  await simulator.control({
    seed: 1,
    // Voices begin after 4 s at the latest, and running calls would be cut off a second after the failure.
    latency_ms: { picture: 9_000 },
    faults: [{ kind: "server_error", capability: "voice", status: 401, match: "lantern" }],
  });
  const error = await startWorker().film(
    "I stood at a harbour. Then a lantern swam over the water. At last the bell rang.",
  );
  expect(error.code).toBe("voice.key_refused");
  const { picture = 0 } = await bought();
  expect(picture).toBeGreaterThan(0);
  const states = await edge.sql<{ state: string; cost: number | null; estimated: number }>(
    "SELECT state, cost_micro_usd AS cost, is_estimated AS estimated FROM charges WHERE capability = 'picture' AND job_id = (SELECT id FROM jobs ORDER BY created_at DESC LIMIT 1)",
  );
  expect(tally(states.map(({ state, estimated }) => `${state} ${estimated}`))).toEqual({ "paid 0": picture });
});
