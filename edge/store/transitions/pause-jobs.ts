/** A job that waits for its owner: paused by its worker, approved, told that its time ends. */
import { type SQL, sql } from "drizzle-orm";
import type { KeptStoryboard } from "../../../contract/approval.ts";
import type { PausePoint } from "../../../contract/film.ts";
import { approvalSeconds } from "../../../contract/limits.ts";
import { photosOf } from "../cast-photos.ts";
import { freeReservations, spentOnJob } from "../charges.ts";
import { forgetDelivered } from "../deliveries.ts";
import { endProbe } from "../holds.ts";
import { dropPromises, promiseMessages } from "../outbox.ts";
import { nextTurn } from "../turns.ts";
import { changeJobs } from "./change-jobs.ts";

export interface Pause {
  at: PausePoint;
  storyboard: KeptStoryboard;
  /**
   * Words that AI providers refuse: the job's own storyboard goes back to its owner, who may have approved
   * it.
   */
  refused: { text: string } | null;
}

/** SQL value over `jobs`: when the job ends without approval, as clients read it. */
const expiresAt = sql`strftime('%Y-%m-%dT%H:%M:%fZ', jobs.expires_at / 1000.0, 'unixepoch')`;

/**
 * Ends the attempt of every job that `when` (an SQL condition over `jobs`) finds. The job then holds no
 * lease, message or reservation until its owner approves it. The attempt does not count as a failed one.
 * `known_cast` goes: only the text model is told of other dreams' cast, and it has answered. The photos are
 * read anew when the job is approved.
 */
export const pauseJobs = (when: SQL, { at, storyboard, refused }: Pause, nowMs: number) => {
  const untilMs = nowMs + approvalSeconds * 1000;
  const revision = refused === null ? sql`1` : sql`jobs.revision + 1`;
  const input =
    refused === null
      ? sql`json_set(input, '$.storyboard', json(${JSON.stringify(storyboard)}))`
      : sql`json_remove(json_set(input, '$.refused', json(${JSON.stringify(refused)})), '$.is_approved')`;
  return changeJobs(
    {
      when,
      event: {
        type: "job.waiting",
        data: sql`json_object('at', ${at}, 'revision', ${revision}, 'expires_at',
          ${new Date(untilMs).toISOString()}, 'is_refused', json(${refused === null ? "false" : "true"}))`,
        attempt: sql`jobs.attempt`,
        n: null,
      },
      dream: sql`video_status = 'waiting'`,
      before: {
        probe: endProbe(when, nowMs),
        reservations: freeReservations(when, nowMs),
        messages: dropPromises(when),
        // A webhook has one message of a type for a job: the earlier one is about another stop.
        told: refused === null ? null : forgetDelivered("job.waiting", when),
      },
      jobs: sql`status = 'waiting', pause_point = ${at}, revision = ${revision}, expires_at = ${untilMs},
        is_expiry_told = 0, approved_at = NULL, input = json_remove(${input}, '$.known_cast', '$.photos'),
        cost_micro_usd = MAX(cost_micro_usd, ${spentOnJob}),
        claim_id = NULL, worker_id = NULL, lease_expires_at = NULL`,
    },
    nowMs,
  );
};

interface Approval {
  /** What the film may cost further at most, in millionths of a US dollar. */
  atMostMicroUsd: number;
  /** When the sweep sends a message about the job, if none was sent before. */
  messageAtMs: number;
}

/**
 * Queues every waiting job that `when` (an SQL condition over `jobs`) finds, with its storyboard as it is
 * now. The job gets the turn of a new one.
 */
export const approveJobs = (when: SQL, { atMostMicroUsd, messageAtMs }: Approval, nowMs: number) =>
  changeJobs(
    {
      when,
      event: {
        type: "job.approved",
        data: sql`json_object('revision', jobs.revision)`,
        attempt: sql`jobs.attempt`,
        n: null,
      },
      dream: sql`video_status = 'queued'`,
      before: { messages: promiseMessages(messageAtMs, when) },
      jobs: sql`status = 'queued', stage = 'queued', ready_at = ${nowMs}, approved_at = ${nowMs}, expires_at = NULL,
        turn = ${nextTurn(sql`jobs.owner_id`, sql`jobs.priority`, "film")},
        input = json_set(input, '$.is_approved', json('true'), '$.photos',
          json(IIF(input ->> '$.options.cast' = 1, ${photosOf(sql`jobs.owner_id`)}, '[]')),
          '$.at_most_micro_usd', ${atMostMicroUsd} + MAX(cost_micro_usd, ${spentOnJob}))`,
    },
    nowMs,
  );

/**
 * Tells the owner of every waiting job that `when` (an SQL condition over `jobs`) finds that its time ends.
 */
export const warnOfExpiry = (when: SQL, nowMs: number) =>
  changeJobs(
    {
      when,
      event: {
        type: "job.expiring",
        data: sql`json_object('expires_at', ${expiresAt})`,
        attempt: sql`jobs.attempt`,
        n: null,
      },
      dream: sql`video_status = 'waiting'`,
      before: {},
      jobs: sql`is_expiry_told = 1`,
    },
    nowMs,
  );
