/**
 * A hold stops a kind of jobs while an AI provider refuses every call, because a key, an account or a model
 * is wrong: the jobs stay queued, nothing is bought, and no attempt is used up. One job at a time is given to
 * a worker as a probe; the hold ends when a probe has bought something of the capability.
 */
import { z } from "zod";
import { configurationMessage, isConfigurationCode } from "./ai-configuration.ts";
import { PaidCapability } from "./charge.ts";

/**
 * The faults of a whole account. `answer_unusable` is not among them: it can be the odd answer to one job.
 */
const heldFaults = ["key_refused", "no_credit", "model_unavailable"];

/** The capability of an error code that holds the queue; null for every other code. */
export function heldCapability(code: string): PaidCapability | null {
  if (!isConfigurationCode(code)) return null;
  const [capability, fault = ""] = code.split(".");
  return heldFaults.includes(fault) ? PaidCapability.parse(capability) : null;
}

/** What the owner of a held job reads. */
export function heldMessage(code: string): string {
  const [capability, fault] = code.split(".");
  if (!isConfigurationCode(code)) return "An AI provider refuses all calls. The job goes on by itself.";
  const message = configurationMessage(capability as PaidCapability, fault as "no_credit");
  return `${message} The job goes on by itself after that.`;
}

/** Why a queued job waits although workers may be free. */
export const Held = z
  .object({
    code: z.string().describe("The error code of the calls that an AI provider refuses."),
    message: z.string(),
    since: z.iso.datetime(),
  })
  .meta({ id: "Held" });
export type Held = z.infer<typeof Held>;

/** A hold as operators see it. */
export const OpsHold = z
  .object({
    capability: PaidCapability,
    code: z.string().describe("The error code of the refused calls."),
    since: z.iso.datetime(),
    probing: z
      .boolean()
      .default(false)
      .describe("One job tries the provider at this moment. `next_probe_at` is then when another one would."),
    probes: z.int().min(0).describe("Jobs that have tried the provider since and were refused."),
    next_probe_at: z.iso.datetime().describe("From then on one job tries the provider again."),
    held_jobs: z.int().min(0).describe("Queued jobs that wait for it, counted up to 10,000."),
  })
  .meta({ id: "OpsHold" });
export type OpsHold = z.infer<typeof OpsHold>;

/**
 * The time from the first refusal to the first probe, which tells an odd answer from a provider that is gone.
 */
const firstProbeMs = 5_000;
const longestPauseMs = 5 * 60_000;

/** The pause before the next probe after so many refused ones: 5 s, 10 s, 20 s and so on up to 5 minutes. */
export const probePauseMs = (refused: number): number =>
  Math.min(longestPauseMs, firstProbeMs * 2 ** Math.min(refused, 10));

/** How long a probe may take before another job is tried: its verdict may never come. Milliseconds. */
export const probeVerdictMs = longestPauseMs;

/**
 * A job that was refused in this many holds, each of which the purchases of other jobs or a later probe
 * ended, is at fault itself, and fails with its code.
 */
export const holdsOfOneJob = 3;
