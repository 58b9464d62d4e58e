import { type SQL, sql } from "drizzle-orm";
import type { VideoComplete } from "../../../contract/completion.ts";
import type { JobStatus } from "../../../contract/job.ts";
import type { Passage } from "../../../contract/moderation.ts";
import type { BoughtTake } from "../../../contract/takes.ts";
import { closeCharges, microUsd, spentOnJob } from "../charges.ts";
import { cancelledEvent, expiredEvent, type NewEvent } from "../events.ts";
import { endProbe } from "../holds.ts";
import { dropMessagesOfEnded } from "../outbox.ts";
import { notePurges } from "../purges.ts";
import { keepTimings } from "../stage-timings.ts";
import { changeJobs } from "./change-jobs.ts";

/** How a job ends. */
export type JobEnd =
  | Completed
  | Transcribed
  | Taken
  | Failed
  | { status: "cancelled" }
  | { status: "expired" };

/** What has to be notified of a cancelled job. */
export interface Cancelled {
  /** The owners whose webhooks have a message about it. */
  owners: string[];
  /** The workers that held it. They also learn it from the answer to their next report. */
  workers: string[];
}

interface Completed extends Pick<VideoComplete, "metadata" | "files" | "size_bytes" | "sha256"> {
  status: "completed";
  /** The film's key in R2. */
  filmKey: string;
}

/** The end of a segment's job. */
interface Transcribed {
  status: "transcribed";
  seconds: number;
  language: string | null;
  /** What the attempt says it has spent, in US dollars. */
  costUsd: number;
}

/** The end of a job that buys takes. */
interface Taken {
  status: "taken";
  takes: readonly BoughtTake[];
  /** What the attempt says it has spent, in US dollars. */
  costUsd: number;
}

interface Failed {
  status: "failed";
  code: string;
  /** The message for the owner: a text, or an SQL value over `jobs`. */
  message: string | SQL;
  isRetryable: boolean;
  /** The sentence of the transcript that ended the job. */
  passage?: Passage | null;
  /** The attempt's own cost, in US dollars. */
  costUsd?: number;
  /** The attempt counts as a failed one. */
  isFailedAttempt?: boolean;
}

/**
 * Ends every active job that `when` (an SQL condition over `jobs`) finds: job, dream, log, webhook messages
 * and charges. No further message about it goes to a worker, and the files of attempts without a film are
 * purged later.
 */
export function endJobs(when: SQL, end: JobEnd, nowMs: number) {
  const { event, dream, jobs, costUsd } = describe(end);
  const status = end.status === "transcribed" || end.status === "taken" ? "completed" : end.status;
  const keepAttempt = status === "completed" ? sql`jobs.attempt` : null;
  const firstLoser = status === "completed" ? 1 : 0;
  return {
    ...changeJobs(
      {
        when,
        event,
        dream: sql`video_status = ${status}, video_completed_at = ${nowMs}${dream}`,
        before: {
          // First, because the event and the job contain the cost of the closed charges.
          charges: closeCharges(when, nowMs),
          probe: endProbe(when, nowMs),
          purges: notePurges(sql`${when} AND jobs.attempt > ${firstLoser}`, keepAttempt, nowMs),
          timings: end.status === "completed" ? keepTimings(end.metadata, nowMs, when) : null,
        },
        jobs: sql`status = ${status}, is_waiting = 0, input = ${inputAfter(status)}, ended_at = ${nowMs},
          lease_expires_at = NULL, cost_micro_usd = ${costOf(costUsd)}${jobs}`,
      },
      nowMs,
    ),
    messages: dropMessagesOfEnded(nowMs),
  };
}

/**
 * SQL value over `jobs`: the input without what comes from the owner's other dreams, which may be deleted:
 * names that help a transcription, and a film's `known_cast` and `photos`. A film that failed keeps it, so
 * that an operator's retry asks the text model the same again and finds what is bought.
 */
const inputAfter = (status: JobStatus) =>
  sql`IIF(kind = 'transcription' OR ${status} IN ('completed', 'expired'),
    json_remove(input, '$.keywords', '$.known_cast', '$.photos'), input)`;

/** SQL value over `jobs`. An attempt knows its own cost; the ledger knows that of all attempts. */
const costOf = (usd: number) => sql`MAX(jobs.cost_micro_usd, ${microUsd(usd)}, ${spentOnJob})`;

/** What differs between the ends; further assignments begin with a comma. */
function describe(end: JobEnd): { event: NewEvent; dream: SQL; jobs: SQL; costUsd: number } {
  const base = { attempt: sql`jobs.attempt`, n: null };
  if (end.status === "cancelled") return { event: cancelledEvent, dream: sql``, jobs: sql``, costUsd: 0 };
  if (end.status === "expired") return { event: expiredEvent, dream: sql``, jobs: sql``, costUsd: 0 };
  if (end.status === "completed") return describeCompleted(end);
  if (end.status === "transcribed") return describeTranscribed(end);
  if (end.status === "taken") return describeTaken(end);
  const { code, message, isRetryable, passage = null, costUsd = 0, isFailedAttempt = false } = end;
  return {
    event: {
      ...base,
      type: "job.failed",
      data: sql`json_object('code', ${code}, 'message', ${message},
        'retryable', json(${isRetryable ? "true" : "false"}))`,
    },
    dream: sql``,
    jobs: sql`, error_code = ${code}, error_message = ${message}, error_retryable = ${Number(isRetryable)},
      error_passage = ${passage && JSON.stringify(passage)},
      failed_attempts = failed_attempts + ${Number(isFailedAttempt)}`,
    costUsd,
  };
}

function describeCompleted({ metadata, files, size_bytes, sha256, filmKey }: Completed) {
  const costUsd = metadata?.cost ?? 0;
  const cost = sql`(${costOf(costUsd)} / 1000000.0)`;
  const scenes = metadata?.scenes ?? null;
  const event: NewEvent = {
    type: "job.completed",
    data: sql`json_object('duration_seconds', ${metadata?.duration ?? 0}, 'scenes', ${scenes ?? 0},
      'cost_usd', ${cost})`,
    attempt: sql`jobs.attempt`,
    n: null,
  };
  return {
    event,
    dream: sql`, video_url = ${filmKey}, video_metadata = json_set(${JSON.stringify(metadata)}, '$.cost', ${cost})`,
    jobs: sql`, stage = 'done', progress = 100, duration_seconds = ${metadata?.duration ?? null},
      scenes_total = ${scenes}, scenes_ready = ${scenes ?? 0}, files = ${JSON.stringify(files)},
      size_bytes = ${size_bytes}, sha256 = ${sha256}`,
    costUsd,
  };
}

function describeTaken({ takes, costUsd }: Taken) {
  const ready = takes.filter(({ has_file }) => has_file).length;
  const event: NewEvent = {
    type: "takes.bought",
    data: sql`json_object('scene', jobs.input -> '$.scene', 'asset', jobs.input ->> '$.asset', 'ready', ${ready},
      'cost_usd', ${costOf(costUsd)} / 1000000.0)`,
    attempt: sql`jobs.attempt`,
    n: null,
  };
  const jobs = sql`, stage = 'done', progress = 100, files = ${JSON.stringify(takes)}`;
  return { event, dream: sql``, jobs, costUsd };
}

function describeTranscribed({ seconds, language, costUsd }: Transcribed) {
  const event: NewEvent = {
    type: "segment.transcribed",
    data: sql`json_object('segment_id', (SELECT segment_id FROM segments WHERE segments.job_id = jobs.id),
      'seconds', ${seconds}, 'language', ${language}, 'cost_usd', ${costOf(costUsd)} / 1000000.0)`,
    attempt: sql`jobs.attempt`,
    n: null,
  };
  const jobs = sql`, stage = 'done', progress = 100, duration_seconds = ${seconds}`;
  return { event, dream: sql``, jobs, costUsd };
}
