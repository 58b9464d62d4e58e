/** The simulator's delays and faults, set by POST /_control or the environment. */
import { z } from "zod";
import { chanceOf } from "./chance.ts";
import type { Capability } from "./ledger.ts";

/** Faults of a call that the provider refuses; it is not billed. */
const unbilledFaults = [
  "rate_limited",
  "insufficient_quota",
  "server_error",
  "model_not_found",
  "content_policy_violation",
  "connection_reset",
  // Both have status 200.
  "error_in_answer",
  "html_page",
] as const;

/** Faults that wrap or damage a text model's answer. */
const textFaults = [
  "invalid_json",
  "off_schema",
  "refusal",
  "code_fence",
  "thoughts",
  "preamble",
  "byte_order_mark",
  "nested",
  "null_content",
  "cut_off",
  "overlong",
  "other_language",
] as const;

/** Faults that change which words a voice says. What it says is what its transcript says. */
export const wordFaults = ["reworded", "cut_short", "said_twice"] as const;
export type WordFault = (typeof wordFaults)[number];

/** Faults of a Realtime response. The first two leave a part of the sound with the client. */
export const realtimeFaults = [
  "dropped_mid_sound",
  "stalled_mid_sound",
  "incomplete",
  "content_filter",
] as const;

/** Faults that replace or damage the bytes of a picture or a voice. */
export const byteFaults = [
  "cut_at_60_percent",
  "one_byte_short",
  "html_bytes",
  "json_bytes",
  "no_bytes",
  "jpeg_cut_at_70_percent",
  "gif",
  "avif",
  "huge_picture",
  "silence",
  "joined_wavs",
  "length_unknown",
  "joined_mp3s",
] as const;
export type ByteFault = (typeof byteFaults)[number];

const billedFaults = [
  "timeout_after_charge",
  "half_body",
  "empty_body",
  "wrong_shape",
  "no_usage",
  "picture_by_url",
  "data_prefix",
  ...textFaults,
  ...byteFaults,
  ...wordFaults,
  ...realtimeFaults,
] as const;

export const FaultKind = z.enum([...unbilledFaults, ...billedFaults]);
export type FaultKind = z.infer<typeof FaultKind>;

const capabilities = ["text", "picture", "voice", "transcription"] as const;

export const Fault = z.strictObject({
  kind: FaultKind,
  capability: z.enum(capabilities).optional().describe("Any, when absent."),
  rate: z.number().min(0).max(1).default(1).describe("Share of the matching calls that get the fault."),
  times: z.int().min(1).optional().describe("The fault ends after so many calls."),
  match: z.string().optional().describe("Only requests whose body contains this text."),
  status: z
    .int()
    .min(400)
    .max(599)
    .default(500)
    .describe("The status of a server_error or error_in_answer; below 500 it is a refusal."),
  language: z.string().optional().describe("The storyboard's language in an other_language fault."),
  retry_after_ms: z
    .int()
    .min(0)
    .optional()
    .describe("Sent as retry-after-ms, and in seconds (rounded up) as retry-after."),
});
export type Fault = z.infer<typeof Fault>;

/** Capabilities that the simulator can be without: their endpoints do not exist. */
const Missing = z.array(
  z.enum(["text", "picture", "edit", "speech", "realtime", "transcription", "moderation"]),
);
type Missing = z.infer<typeof Missing>;

const Latency = z.partialRecord(z.enum(capabilities), z.int().min(0));

export const ControlPatch = z.strictObject({
  seed: z.int().optional(),
  latency_ms: Latency.optional().describe("The minimum time between a request and its answer."),
  shutdown_dates: z
    .record(z.string(), z.string())
    .optional()
    .describe("The `shutdown_date` that the list of models gives, by model."),
  hears: z
    .string()
    .nullable()
    .optional()
    .describe("What the transcription of any sound answers; null: what the simulator recognises."),
  picture_scale: z
    .number()
    .min(0.1)
    .max(1)
    .optional()
    .describe("Pictures have this share of the requested width and height. They cost as much as asked for."),
  without: Missing.optional().describe("Endpoints that answer 404."),
  faults: z
    .array(Fault)
    .optional()
    .describe("Replaces all faults. A call gets the first fault that matches and is drawn."),
});
export type ControlPatch = z.infer<typeof ControlPatch>;

/** Whether a call with this fault is on the bill. */
export const isBilled = (kind: FaultKind): boolean => (billedFaults as readonly string[]).includes(kind);

/** The fault if it changes the words that a voice says, else null. */
export const asWordFault = (fault: Fault | null): WordFault | null =>
  wordFaults.find((kind) => kind === fault?.kind) ?? null;

/** Decides about the delay and the fault of each call. */
export class Control {
  #seed = 1;
  #latencyMs: z.infer<typeof Latency> = {};
  #without: Missing = [];
  #hears: string | null = null;
  #pictureScale = 1;
  #shutdownDates: Record<string, string> = {};
  #faults: { fault: Fault; left: number }[] = [];
  #seen = new Map<string, number>();

  constructor(start: ControlPatch = {}) {
    this.change(start);
  }

  /** Absent fields keep their value. Restarts the random generator from the seed. */
  change(patch: ControlPatch): void {
    if (patch.seed !== undefined) this.#seed = patch.seed;
    if (patch.latency_ms) this.#latencyMs = patch.latency_ms;
    if (patch.shutdown_dates) this.#shutdownDates = patch.shutdown_dates;
    if (patch.hears !== undefined) this.#hears = patch.hears;
    if (patch.picture_scale !== undefined) this.#pictureScale = patch.picture_scale;
    if (patch.without) this.#without = patch.without;
    if (patch.faults) {
      this.#faults = patch.faults.map((fault) => ({ fault, left: fault.times ?? Number.POSITIVE_INFINITY }));
    }
    this.#seen.clear();
  }

  reset(): void {
    this.change({
      ...{ seed: 1, latency_ms: {}, shutdown_dates: {}, without: [], faults: [] },
      ...{ hears: null, picture_scale: 1 },
    });
  }

  state() {
    return {
      seed: this.#seed,
      latency_ms: this.#latencyMs,
      shutdown_dates: this.#shutdownDates,
      without: this.#without,
      hears: this.#hears,
      picture_scale: this.#pictureScale,
      faults: this.#faults.map(({ fault, left }) => ({
        ...fault,
        left: Number.isFinite(left) ? left : null,
      })),
    };
  }

  shutdownDate(model: string): string | null {
    return this.#shutdownDates[model] ?? null;
  }

  get pictureScale(): number {
    return this.#pictureScale;
  }

  get hears(): string | null {
    return this.#hears;
  }

  lacks(endpoint: Missing[number]): boolean {
    return this.#without.includes(endpoint);
  }

  latencyMs(capability: Capability): number {
    return this.#latencyMs[capability] ?? 0;
  }

  /**
   * The fault for this call, or null. It depends only on the seed, the request and the number of its
   * repetition, so the same calls get the same faults when many workers run at once.
   */
  drawFault(capability: Capability, fingerprint: string, body: string): Fault | null {
    const turn = (this.#seen.get(fingerprint) ?? 0) + 1;
    this.#seen.set(fingerprint, turn);
    for (const [index, entry] of this.#faults.entries()) {
      const { fault } = entry;
      if (entry.left <= 0 || (fault.capability ?? capability) !== capability) continue;
      if (fault.match !== undefined && !body.includes(fault.match)) continue;
      if (chanceOf(`${this.#seed}/${index}/${fingerprint}/${turn}`).next() >= fault.rate) continue;
      entry.left -= 1;
      return fault;
    }
    return null;
  }
}
