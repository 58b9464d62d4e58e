/**
 * The worker's metrics for Prometheus: one prefix, base units, no ids and no text in labels. `GET /metrics`
 * serves them (http.ts); docs/runbook.md says what to do when a number looks wrong.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { PaidCapability } from "../../contract/charge.ts";

export type AssetKindLabel = PaidCapability | "segment";

const stageSeconds = [0.25, 0.5, 1, 2, 5, 10, 20, 40, 80, 160, 320];

/**
 * Gauges of prom-client with the suffix of a counter. The same names without `_total` carry the same values.
 */
const misnamed = ["handles", "requests", "resources"].map((what) => `nodejs_active_${what}_total`);

export interface Metrics {
  registry: Registry;
  jobEnded(outcome: string, code: string): void;
  /**
   * @param timings wall seconds by stage, with `first_scene`
   * @param speed film seconds made per second of wall time
   */
  filmCompleted(timings: Record<string, number>, speed: number): void;
  assetReused(kind: AssetKindLabel): void;
  aiCall(kind: PaidCapability, result: string): void;
  /** `isOpen`: the circuit breaker of this capability sends no calls. */
  circuit(kind: PaidCapability, isOpen: boolean): void;
  /** Media that got content credentials, or did not. */
  marked(file: "film" | "preview" | "poster", result: "signed" | "unavailable" | "failed"): void;
  /**
   * A question about a film's words, or one of its calls, by what came of it. `missing`: there is no such
   * endpoint.
   */
  moderated(result: "passed" | "blocked" | "skipped" | "missing"): void;
  spent(kind: PaidCapability, microUsd: number): void;
  /** `isDifferent`: the edge is configured with other AI prices than this worker. */
  pricesDiffer(isDifferent: boolean): void;
  /** The configured models with an announced end, and the first day without them. */
  modelsEnding(models: readonly { model: string; replacement: string; ends_on: string }[]): void;
  pulled(queue: string, result: "messages" | "empty" | "failed"): void;
}

/** The metrics of one process, in a registry of their own. */
export function createMetrics(
  build: { version: string; region: string },
  load: { activeJobs(): number; slots: number },
): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const name of misnamed) registry.removeSingleMetric(name);
  const registers = [registry];
  new Gauge({
    name: "dream_build_info",
    help: "1, with the running build as labels.",
    labelNames: ["version", "region"],
    registers,
  }).set(build, 1);
  new Gauge({
    name: "dream_jobs_in_flight",
    help: "Jobs that run on this worker.",
    registers,
    collect() {
      this.set(load.activeJobs());
    },
  });
  new Gauge({
    name: "dream_job_slots",
    help: "Jobs that this worker runs at most at the same time.",
    registers,
  }).set(load.slots);
  const jobs = new Counter({
    name: "dream_jobs_total",
    help: "Attempts that ended here, by outcome and error code.",
    labelNames: ["outcome", "error_code"],
    registers,
  });
  const stages = new Histogram({
    name: "dream_stage_duration_seconds",
    help: "Wall time of a film's stages.",
    labelNames: ["stage"],
    buckets: stageSeconds,
    registers,
  });
  const firstFrame = new Histogram({
    name: "dream_time_to_first_frame_seconds",
    help: "From the claim to the first scene that can be played.",
    buckets: stageSeconds,
    registers,
  });
  const speed = new Histogram({
    name: "dream_film_speed_ratio",
    help: "Seconds of film made per second of wall time, from the claim to the published film.",
    buckets: [0.1, 0.25, 0.5, 1, 2, 4, 8, 16],
    registers,
  });
  const calls = new Counter({
    name: "dream_ai_calls_total",
    help: "Calls to AI providers, by capability and result.",
    labelNames: ["kind", "result"],
    registers,
  });
  const circuits = new Gauge({
    name: "dream_ai_circuit_open",
    help: "1 while the circuit breaker sends no calls to an AI provider, by capability.",
    labelNames: ["kind"],
    registers,
  });
  const cost = new Counter({
    name: "dream_ai_cost_usd_total",
    help: "US dollars spent on AI providers.",
    labelNames: ["kind"],
    registers,
  });
  const reused = new Counter({
    name: "dream_asset_cache_hits_total",
    help: "Assets found in R2 instead of bought or encoded, by kind.",
    labelNames: ["kind"],
    registers,
  });
  const moderated = new Counter({
    name: "dream_moderations_total",
    help: "Questions about a film's words by result: passed, blocked, skipped (no answer in time) or missing (no endpoint).",
    labelNames: ["result"],
    registers,
  });
  const marks = new Counter({
    name: "dream_content_credentials_total",
    help: "Films, previews and posters by result: signed, or unmarked because signing is unavailable or failed.",
    labelNames: ["file", "result"],
    registers,
  });
  // A counter that begins with 1 has not increased, as Prometheus sees it.
  for (const file of ["film", "preview", "poster"])
    for (const result of ["signed", "unavailable", "failed"]) marks.inc({ file, result }, 0);
  for (const result of ["passed", "blocked", "skipped", "missing"]) moderated.inc({ result }, 0);
  const prices = new Gauge({
    name: "dream_prices_differ",
    help: "1 while the edge is configured with other AI prices than this worker.",
    registers,
  });
  const modelEnds = new Gauge({
    name: "dream_model_ends_timestamp_seconds",
    help: "When a configured AI model ends, in Unix time, by model and the model that replaces it.",
    labelNames: ["model", "replacement"],
    registers,
  });
  const pulls = new Counter({
    name: "dream_queue_pulls_total",
    help: "Pulls of messages, by queue and result.",
    labelNames: ["queue", "result"],
    registers,
  });
  return {
    registry,
    jobEnded: (outcome, code) => jobs.inc({ outcome, error_code: code }),
    filmCompleted: ({ first_scene, ...timings }, ratio) => {
      for (const [stage, seconds] of Object.entries(timings)) stages.observe({ stage }, seconds);
      if (first_scene !== undefined) firstFrame.observe(first_scene);
      speed.observe(ratio);
    },
    assetReused: (kind) => reused.inc({ kind }),
    aiCall: (kind, result) => calls.inc({ kind, result }),
    marked: (file, result) => marks.inc({ file, result }),
    moderated: (result) => moderated.inc({ result }),
    circuit: (kind, isOpen) => circuits.set({ kind }, isOpen ? 1 : 0),
    spent: (kind, microUsd) => cost.inc({ kind }, microUsd / 1e6),
    modelsEnding: (models) => {
      modelEnds.reset();
      for (const { model, replacement, ends_on } of models)
        modelEnds.set({ model, replacement }, Date.parse(ends_on) / 1000);
    },
    pricesDiffer: (isDifferent) => prices.set(isDifferent ? 1 : 0),
    pulled: (queue, result) => pulls.inc({ queue, result }),
  };
}
