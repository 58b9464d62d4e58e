/** Jobs, their log, and the purchases of their attempts. */
import { sql } from "drizzle-orm";
import { index, integer, primaryKey, real, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

export const jobStatuses = [
  "queued",
  "processing",
  "waiting",
  "completed",
  "failed",
  "cancelled",
  "expired",
] as const;

/** One request for a dream's video, with the dream's text at the time of the request. */
export const jobs = sqliteTable(
  "jobs",
  {
    id: text("id").primaryKey(),
    dreamId: text("dream_id").notNull(),
    ownerId: text("owner_id").notNull(),
    /** `transcription`: the job of one segment. `takes`: of one scene of a film. */
    kind: text("kind", { enum: ["film", "transcription", "takes"] })
      .notNull()
      .default("film"),
    /** A film that waits until the dream's segments are transcribed. */
    isWaiting: integer("is_waiting", { mode: "boolean" }).notNull().default(false),
    status: text("status", { enum: jobStatuses }).notNull(),
    priority: text("priority", { enum: ["standard", "premium"] }).notNull(),
    /** JSON: title, transcript, options; for a redo also storyboard and redo_of. Of takes: `TakesInput`. */
    input: text("input").notNull(),
    /** The fencing token: how often the job was claimed. */
    attempt: integer("attempt").notNull().default(0),
    /** Attempts that ended in silence or an unexplained error. Hand-backs do not count. */
    failedAttempts: integer("failed_attempts").notNull().default(0),
    claimId: text("claim_id"),
    workerId: text("worker_id"),
    leaseExpiresAt: integer("lease_expires_at"),
    /** The time of the attempt's last progress; null for attempts that an earlier version began. */
    progressedAt: integer("progressed_at"),
    stage: text("stage", { enum: ["queued", "storyboard", "scenes", "film", "publish", "done"] })
      .notNull()
      .default("queued"),
    progress: integer("progress").notNull().default(0),
    scenesTotal: integer("scenes_total"),
    scenesReady: integer("scenes_ready").notNull().default(0),
    costMicroUsd: integer("cost_micro_usd").notNull().default(0),
    durationSeconds: real("duration_seconds"),
    errorCode: text("error_code"),
    errorMessage: text("error_message"),
    errorRetryable: integer("error_retryable", { mode: "boolean" }),
    /** JSON: the place in the dream's transcript that ended the job, as `Passage`. */
    errorPassage: text("error_passage"),
    /**
     * JSON: which of poster, captions, hls, preview, storyboard the newest attempt has uploaded so far. Of
     * takes: what became of each, as `BoughtTake[]`.
     */
    files: text("files"),
    sizeBytes: integer("size_bytes"),
    sha256: text("sha256"),
    /** Its turn within its queue: the lowest is served next. Can be negative. See edge/store/turns.ts. */
    turn: integer("turn").notNull().default(0),
    /** The earliest time at which a queued job may be claimed. */
    readyAt: integer("ready_at").notNull().default(0),
    /** Where a job has stopped for its owner's approval. Null: it never has. */
    pausePoint: text("pause_point", { enum: ["storyboard", "pictures"] }),
    /** Of the storyboard in `input` that the owner sees and changes. */
    revision: integer("revision").notNull().default(0),
    /** When a waiting job ends without approval, and whether its owner was told that it will. */
    expiresAt: integer("expires_at"),
    isExpiryTold: integer("is_expiry_told", { mode: "boolean" }).notNull().default(false),
    approvedAt: integer("approved_at"),
    /** W3C `traceparent` of the request that created the job. */
    traceparent: text("traceparent"),
    /** When its first scene became playable. */
    playableAt: integer("playable_at"),
    createdAt: integer("created_at").notNull(),
    startedAt: integer("started_at"),
    endedAt: integer("ended_at"),
  },
  (table) => [
    index("jobs_in_turn")
      .on(table.priority, table.turn, table.createdAt, table.id)
      .where(sql`status = 'queued'`),
    index("jobs_by_owners_turn")
      .on(table.ownerId, table.priority, table.kind, table.turn)
      .where(sql`status <> 'cancelled'`),
    index("jobs_by_claim").on(table.claimId).where(sql`status = 'processing'`),
    // Its owner comes first, so that it counts an owner's active films as well.
    uniqueIndex("jobs_one_active_film")
      .on(table.ownerId, table.dreamId)
      .where(sql`status IN ('queued', 'processing', 'waiting') AND kind = 'film'`),
    index("jobs_active_transcriptions")
      .on(table.ownerId)
      .where(sql`status IN ('queued', 'processing') AND kind = 'transcription'`),
    // The same for the takes of a dream.
    uniqueIndex("jobs_one_active_takes")
      .on(table.ownerId, table.dreamId)
      .where(sql`status IN ('queued', 'processing') AND kind = 'takes'`),
    index("jobs_by_expiry").on(table.isExpiryTold, table.expiresAt).where(sql`status = 'waiting'`),
    index("jobs_waiting").on(table.dreamId).where(sql`is_waiting = 1`),
    index("jobs_by_dream").on(table.dreamId, table.createdAt),
    index("jobs_by_lease").on(table.leaseExpiresAt, table.id).where(sql`status = 'processing'`),
    index("jobs_by_owner").on(table.ownerId, table.id),
    index("jobs_by_end").on(table.endedAt, table.id).where(sql`ended_at IS NOT NULL`),
    index("jobs_without_film").on(table.status, table.id).where(sql`status IN ('failed', 'cancelled')`),
    index("jobs_by_film_age")
      .on(table.endedAt, table.id)
      .where(sql`status = 'completed' AND files IS NOT NULL`),
  ],
);

/**
 * The durable log of a job. `seq` has no holes. A worker numbers an attempt's events by `n` from 1, so
 * that a repeated report is stored once; `n` 0 is the attempt's start, and the edge's other events have
 * none. No index contains `n`: the statement that appends reads the job's own log, which is short, and an
 * index would be one more row to write for each event.
 */
export const events = sqliteTable(
  "events",
  {
    jobId: text("job_id").notNull(),
    seq: integer("seq").notNull(),
    attempt: integer("attempt").notNull(),
    n: integer("n"),
    type: text("type").notNull(),
    data: text("data").notNull(),
    at: integer("at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.jobId, table.seq] }),
    index("events_warnings").on(table.jobId, table.seq).where(sql`type = 'job.warning'`),
  ],
);

/**
 * The charge ledger: one row per purchase, written before the purchase. See contract/charge.ts for the
 * states. An owner's newest charge for an asset is the one without `superseded_at`; the unique index permits
 * one only. It contains no text of an owner: `fingerprint` is a hash over the text and the owner.
 */
export const charges = sqliteTable(
  "charges",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    ownerId: text("owner_id").notNull(),
    fingerprint: text("fingerprint").notNull(),
    jobId: text("job_id").notNull(),
    attempt: integer("attempt").notNull(),
    capability: text("capability", {
      enum: ["text", "picture", "voice", "transcription", "other"],
    }).notNull(),
    scene: integer("scene"),
    model: text("model").notNull(),
    state: text("state", { enum: ["reserved", "sent", "paid", "failed", "unknown"] }).notNull(),
    /** The provider's id of the call. */
    requestId: text("request_id"),
    ceilingMicroUsd: integer("ceiling_micro_usd").notNull(),
    /** The real price, once it is known. */
    costMicroUsd: integer("cost_micro_usd"),
    /** The provider did not report the price: `cost_micro_usd` is the most that it can have been. */
    isEstimated: integer("is_estimated", { mode: "boolean" }).notNull().default(false),
    /**
     * What budgets count: the ceiling while the charge is open or unknown, the price once it is paid, else
     * 0.
     */
    countedMicroUsd: integer("counted_micro_usd").notNull(),
    /** Calls to the provider. */
    tries: integer("tries").notNull().default(0),
    /** The day whose budget it counts against, in days since 1970 (UTC). */
    day: integer("day").notNull(),
    supersededAt: integer("superseded_at"),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
    /** Set when its job is deleted, because the day's budget still needs the row. */
    expiresAt: integer("expires_at"),
  },
  (table) => [
    uniqueIndex("charges_one_current").on(table.ownerId, table.fingerprint).where(sql`superseded_at IS NULL`),
    index("charges_by_job").on(table.jobId, table.fingerprint),
    index("charges_by_day").on(table.ownerId, table.day, table.countedMicroUsd),
    index("charges_by_expiry").on(table.expiresAt).where(sql`expires_at IS NOT NULL`),
  ],
);

/**
 * The assets that each job uses, bought or found, by the sha256 of their keys. The rows outlive the job
 * until they are purged.
 */
export const jobAssets = sqliteTable(
  "job_assets",
  {
    jobId: text("job_id").notNull(),
    fingerprint: text("fingerprint").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.jobId, table.fingerprint] }),
    index("job_assets_by_fingerprint").on(table.fingerprint, table.jobId),
  ],
);

/**
 * What stops a kind of jobs: an AI provider refuses every call of a capability. One row for each capability
 * that was ever held; `lifted_at` ends a hold, and the row keeps when. See contract/hold.ts.
 */
export const holds = sqliteTable("holds", {
  capability: text("capability", { enum: ["text", "picture", "voice", "transcription"] }).primaryKey(),
  /** The kind of jobs that need the capability. */
  kind: text("kind", { enum: ["film", "transcription"] }).notNull(),
  code: text("code").notNull(),
  since: integer("since").notNull(),
  /** Probes that were refused. */
  probes: integer("probes").notNull().default(0),
  /** From then on one job may be claimed. */
  probeAt: integer("probe_at").notNull(),
  /** The newest probe. */
  probeJobId: text("probe_job_id"),
  probeAttempt: integer("probe_attempt"),
  liftedAt: integer("lifted_at"),
});

/** The highest turn that each queue has served. */
export const queues = sqliteTable("queues", {
  priority: text("priority", { enum: ["standard", "premium"] }).primaryKey(),
  turn: integer("turn").notNull(),
});

/**
 * How long each stage of a finished film took, for estimates. It names no owner or dream, so it outlives its
 * dream and is deleted by age. The table keeps its first name, because the earlier version of the Worker
 * reads it during a deploy.
 */
export const stageTimings = sqliteTable(
  "paces",
  {
    jobId: text("job_id").primaryKey(),
    /** A redo reuses most of its assets, so it is compared with other redos only. */
    isRedo: integer("is_redo", { mode: "boolean" }).notNull(),
    scenes: integer("scenes").notNull(),
    /** Seconds of the scenes' stage, which grows with their number. */
    scenesSeconds: real("scenes_seconds").notNull(),
    /** Seconds of the stages before and after it, which do not. */
    otherSeconds: real("other_seconds").notNull(),
    at: integer("at").notNull(),
  },
  (table) => [index("paces_by_kind").on(table.isRedo, table.at), index("paces_by_time").on(table.at)],
);
