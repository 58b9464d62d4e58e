import { sql } from "drizzle-orm";
import type { VideoComplete } from "../../contract/internal.ts";
import { closeCharges, spentOnJob } from "./charges.ts";
import { ownersOf, promiseDeliveries } from "./deliveries.ts";
import { appendEvent, type NewEvent } from "./events.ts";
import { type Hold, holds, readStanding, type Standing } from "./hold.ts";
import { takeNonce } from "./nonces.ts";
import { firstOf, type Session } from "./open.ts";
import { keepPace } from "./paces.ts";
import { microUsd } from "./progress.ts";

/** What stood before, and the owners whose webhooks have a message about the end. */
export interface Ended {
  before: Standing;
  owners: string[];
}

/**
 * Ends the job as the attempt says, if the attempt holds it: job, dream and last event in one batch, once.
 * Answers what stood before; it was applied if the attempt held. `filmKey` is the film's key in R2.
 */
export async function completeJob(
  session: Session,
  hold: Hold,
  outcome: VideoComplete,
  filmKey: string,
  nowMs: number,
): Promise<Ended> {
  const { metadata } = outcome;
  const held = holds(hold);
  // An attempt knows what it paid itself; the ledger knows of all of them.
  const cost = sql`(MAX(jobs.cost_micro_usd, ${microUsd(metadata?.cost ?? 0)}, ${spentOnJob}) / 1000000.0)`;
  const event: NewEvent = {
    type: "job.completed",
    data: sql`json_object('duration_seconds', ${metadata?.duration ?? 0}, 'scenes', ${metadata?.scenes ?? 0},
      'cost_usd', ${cost})`,
    attempt: sql`jobs.attempt`,
    n: null,
  };
  const { before, deliveries } = await session.batch({
    nonce: takeNonce(hold.nonce, nowMs),
    before: readStanding(hold),
    charges: closeCharges(held, nowMs),
    deliveries: promiseDeliveries(event, nowMs, held),
    event: appendEvent(event, nowMs, held),
    dream: sql`
      UPDATE dreams SET video_status = 'completed', video_url = ${filmKey},
        video_metadata = json_set(${JSON.stringify(metadata)}, '$.cost', ${cost}), video_completed_at = ${nowMs}
      FROM jobs WHERE dreams.id = jobs.dream_id AND dreams.video_job_id = jobs.id AND ${held}`,
    pace: keepPace(metadata, nowMs, held),
    job: sql`
      UPDATE jobs SET status = 'completed', stage = 'done', progress = 100, ended_at = ${nowMs},
        lease_expires_at = NULL, duration_seconds = ${metadata?.duration ?? null},
        scenes_total = ${metadata?.scenes ?? null}, scenes_ready = ${metadata?.scenes ?? 0},
        cost_micro_usd = MAX(cost_micro_usd, ${microUsd(metadata?.cost ?? 0)}, ${spentOnJob}),
        files = ${JSON.stringify(outcome.files)}, size_bytes = ${outcome.size_bytes}, sha256 = ${outcome.sha256}
      WHERE ${held}`,
  });
  return { before: firstOf(before), owners: ownersOf(deliveries) };
}

/** Ends the job as failed, if the attempt holds it. Answers what stood before. */
export async function failJob(
  session: Session,
  hold: Hold,
  outcome: VideoComplete,
  nowMs: number,
): Promise<Ended> {
  const code = outcome.error_code ?? "job.failed";
  const message = outcome.error ?? "";
  const retryable = outcome.retryable ? 1 : 0;
  const held = holds(hold);
  const event: NewEvent = {
    type: "job.failed",
    data: sql`json_object('code', ${code}, 'message', ${message},
      'retryable', json(IIF(${retryable}, 'true', 'false')))`,
    attempt: sql`jobs.attempt`,
    n: null,
  };
  const { before, deliveries } = await session.batch({
    nonce: takeNonce(hold.nonce, nowMs),
    before: readStanding(hold),
    charges: closeCharges(held, nowMs),
    deliveries: promiseDeliveries(event, nowMs, held),
    event: appendEvent(event, nowMs, held),
    dream: sql`
      UPDATE dreams SET video_status = 'failed', video_completed_at = ${nowMs}
      FROM jobs WHERE dreams.id = jobs.dream_id AND dreams.video_job_id = jobs.id AND ${held}`,
    job: sql`
      UPDATE jobs SET status = 'failed', ended_at = ${nowMs}, lease_expires_at = NULL,
        cost_micro_usd = MAX(cost_micro_usd, ${microUsd(outcome.metadata?.cost ?? 0)}, ${spentOnJob}),
        error_code = ${code}, error_message = ${message}, error_retryable = ${retryable}
      WHERE ${held}`,
  });
  return { before: firstOf(before), owners: ownersOf(deliveries) };
}
