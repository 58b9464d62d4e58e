/**
 * The tables of D1, which is the source of truth. Times are milliseconds since 1970 (UTC), money is
 * millionths of a US dollar. drizzle-kit turns changes here into db/migrations. Only edge/store reads and
 * writes the tables.
 *
 * A key or an index of this file serves every WHERE that the edge runs; tests/edge/query-plans.test.ts
 * checks it with SQLite.
 */
import { sql } from "drizzle-orm";
import { index, integer, primaryKey, real, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

const jobStatuses = [
  "queued",
  "processing",
  "waiting",
  "completed",
  "failed",
  "cancelled",
  "expired",
] as const;

/** API keys. The key itself is shown once and never stored. */
export const apiKeys = sqliteTable("api_keys", {
  hash: text("hash").primaryKey(),
  id: text("id").notNull().unique(),
  ownerId: text("owner_id").notNull(),
  name: text("name"),
  tier: text("tier", { enum: ["standard", "premium"] }).notNull(),
  createdAt: integer("created_at").notNull(),
  revokedAt: integer("revoked_at"),
});

/** Dreams. The video_* columns describe the newest job and change in the same batch as it does. */
export const dreams = sqliteTable(
  "dreams",
  {
    /**
     * The edge's own key: made by the server, never used again, not shown to clients. All other tables refer
     * to it.
     */
    id: text("id").primaryKey(),
    ownerId: text("owner_id").notNull(),
    /**
     * The id that clients use: chosen by the owner or made by the server. Unique within the owner's dreams.
     */
    clientId: text("client_id").notNull().default(""),
    /** As its owner wrote it; null if the owner has not named it. */
    title: text("title"),
    /** The title in the newest storyboard. It is shown if the owner has not named the dream. */
    storyboardTitle: text("storyboard_title"),
    transcript: text("transcript").notNull().default(""),
    /** Code points; 0 if the transcript has no visible character. */
    transcriptChars: integer("transcript_chars").notNull().default(0),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
    videoJobId: text("video_job_id"),
    videoStatus: text("video_status", { enum: jobStatuses }),
    /** The film's key in R2. Clients get a signed address made from it. */
    videoUrl: text("video_url"),
    videoMetadata: text("video_metadata"),
    videoStartedAt: integer("video_started_at"),
    videoCompletedAt: integer("video_completed_at"),
    /** Until then a live channel of the dream has listeners. Null: it never had any. */
    watchedUntil: integer("watched_until"),
  },
  (table) => [
    index("dreams_by_owner").on(table.ownerId, table.createdAt, table.id),
    uniqueIndex("dreams_by_client_id").on(table.ownerId, table.clientId),
  ],
);

/**
 * What each owner stores in `dreams` and `jobs`. The triggers of db/migrations (`storage`) write it. A dream
 * counts as the bytes of its text and 1,000 for its row; a job as its input and 16,000 for its row, log,
 * charges and messages; a segment as its transcript, what was heard, and 1,000 for its row.
 */
export const ownerStorage = sqliteTable("owner_storage", {
  ownerId: text("owner_id").primaryKey(),
  dreams: integer("dreams").notNull(),
  bytes: integer("bytes").notNull(),
  /** Of uploaded recordings in R2, as their addresses were signed for. */
  recordingBytes: integer("recording_bytes").notNull().default(0),
});

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
 * The parts of a dream that are told aloud. A segment's status follows from its transcript and its job. A
 * deleted segment keeps its position, so that a part which has not arrived differs from one that was
 * deleted.
 */
export const segments = sqliteTable(
  "segments",
  {
    /** Made by the server; names the uploaded file. */
    id: text("id").primaryKey(),
    dreamId: text("dream_id").notNull(),
    ownerId: text("owner_id").notNull(),
    /** Chosen by the client. */
    segmentId: text("segment_id").notNull(),
    /** Counted from 0. Null until the client posts the segment. */
    position: integer("position"),
    filename: text("filename"),
    /** As the upload address was signed for. */
    contentType: text("content_type").notNull(),
    sizeBytes: integer("size_bytes").notNull(),
    /** As the client says, until the file is decoded. */
    seconds: real("seconds"),
    /** The newest job that transcribes it. */
    jobId: text("job_id"),
    transcript: text("transcript"),
    /** What the transcription heard, which the owner may have corrected in `transcript`. Null: not known. */
    heard: text("heard"),
    /** Code points; 0 if the transcript has no visible character. */
    chars: integer("chars").notNull().default(0),
    language: text("language"),
    isCorrected: integer("is_corrected", { mode: "boolean" }).notNull().default(false),
    /** The dream's own transcript contains it, because the owner changed that as a whole. */
    isIncluded: integer("is_included", { mode: "boolean" }).notNull().default(false),
    isDeleted: integer("is_deleted", { mode: "boolean" }).notNull().default(false),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
    /** When the row is deleted if the client has not posted the segment. */
    expiresAt: integer("expires_at"),
  },
  (table) => [
    uniqueIndex("segments_by_client_id").on(table.dreamId, table.segmentId),
    uniqueIndex("segments_by_position").on(table.dreamId, table.position),
    index("segments_by_job").on(table.jobId),
    index("segments_by_owner").on(table.ownerId, table.updatedAt),
    index("segments_by_expiry").on(table.expiresAt).where(sql`expires_at IS NOT NULL`),
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

/** The highest turn that each queue has served. */
export const queues = sqliteTable("queues", {
  priority: text("priority", { enum: ["standard", "premium"] }).primaryKey(),
  turn: integer("turn").notNull(),
});

/**
 * The counters behind the metrics. Each changes in the transaction of what it counts, so nothing is counted
 * twice or missed. Triggers (db/migrations, `transitions` and `counts`) count changes of status and hold no
 * other logic. The edge counts everything else.
 */
export const counters = sqliteTable(
  "counters",
  {
    name: text("name").notNull(),
    label: text("label").notNull(),
    value: real("value").notNull(),
  },
  (table) => [primaryKey({ columns: [table.name, table.label] })],
);

/** The service's figures of each minute, as JSON, for charts. Kept for two days. */
export const samples = sqliteTable("samples", {
  at: integer("at").primaryKey(),
  figures: text("figures").notNull(),
});

/** Where a clean-up continues that takes more than one run. */
export const marks = sqliteTable("marks", {
  name: text("name").primaryKey(),
  place: text("place").notNull(),
});

/** The machines of the pool, as they report themselves. */
export const workers = sqliteTable(
  "workers",
  {
    id: text("id").primaryKey(),
    region: text("region").notNull(),
    version: text("version").notNull(),
    slots: integer("slots").notNull(),
    startedAt: integer("started_at").notNull(),
    seenAt: integer("seen_at").notNull(),
    /** When it counts as gone unless it reports again. Null: an older edge stored the heartbeat. */
    goneAt: integer("gone_at"),
    /** `EndingModels` of contract/worker-heartbeat.ts as JSON. Null: an older worker. */
    endingModels: text("ending_models"),
    /** The error code of its calls to the queue. Null: they succeed, or an older worker does not tell. */
    queueFault: text("queue_fault"),
  },
  (table) => [index("workers_by_last_sign").on(table.seenAt)],
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

/** What holds for all films of an owner. */
export const ownerSettings = sqliteTable("owner_settings", {
  ownerId: text("owner_id").primaryKey(),
  /** JSON: respelled words, by the word. */
  pronunciations: text("pronunciations").notNull(),
  updatedAt: integer("updated_at").notNull(),
});

/**
 * Who and what an owner's films have shown, so that later films show the same. At most `limits.knownCast` for an
 * owner: the one that was used longest ago makes room.
 */
export const castMembers = sqliteTable(
  "cast_members",
  {
    id: text("id").primaryKey(),
    ownerId: text("owner_id").notNull(),
    kind: text("kind", { enum: ["person", "animal", "place", "object"] }).notNull(),
    name: text("name").notNull(),
    /** The name in small letters. */
    nameKey: text("name_key").notNull(),
    description: text("description").notNull(),
    /** The fingerprints of its newest reference sheets, one for each style, separated by spaces. */
    sheets: text("sheets").notNull(),
    /**
     * The dreams whose films showed it first and last. It goes with the last of them. Of a member that its owner
     * has added, the first is empty: it stays until its owner deletes it.
     */
    firstDreamId: text("first_dream_id").notNull(),
    lastDreamId: text("last_dream_id").notNull(),
    createdAt: integer("created_at").notNull(),
    usedAt: integer("used_at").notNull(),
    /** The uploaded photo's id, which names its file in R2, its SHA-256, and when it was added. Null: no photo. */
    photoId: text("photo_id"),
    photoHash: text("photo_hash"),
    photoAt: integer("photo_at"),
  },
  (table) => [
    uniqueIndex("cast_members_by_name").on(table.ownerId, table.kind, table.nameKey),
    index("cast_members_by_use").on(table.ownerId, table.usedAt),
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

/** Daily budgets of owners that differ from the service's default. */
export const budgets = sqliteTable("budgets", {
  ownerId: text("owner_id").primaryKey(),
  dailyMicroUsd: integer("daily_micro_usd").notNull(),
  updatedAt: integer("updated_at").notNull(),
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

/**
 * The messages that queued jobs still need. A row is written with the job and deleted when a worker claims
 * it. Until then the edge sends another message whenever `due_at` passes, so a lost message does not matter.
 */
export const outbox = sqliteTable(
  "outbox",
  {
    jobId: text("job_id").primaryKey(),
    priority: text("priority", { enum: ["standard", "premium"] }).notNull(),
    dueAt: integer("due_at").notNull(),
    sends: integer("sends").notNull().default(0),
    /** How often the queue gave up on a message of this row. */
    redrives: integer("redrives").notNull().default(0),
  },
  (table) => [index("outbox_by_due").on(table.dueAt)],
);

/**
 * What the edge did with a dead letter: it sent a new message, it failed the job, the job needed no message,
 * there is no such job, or the message is unreadable.
 */
export type DeadLetterOutcome = "redriven" | "failed" | "settled" | "unknown" | "unreadable";

/** Dead letters: messages that their queue gave up on, by the message's id. */
export const deadLetters = sqliteTable(
  "dead_letters",
  {
    id: text("id").primaryKey(),
    jobId: text("job_id"),
    outcome: text("outcome").$type<DeadLetterOutcome>().notNull(),
    excerpt: text("excerpt").notNull(),
    at: integer("at").notNull(),
  },
  (table) => [index("dead_letters_by_time").on(table.at)],
);

/** Answers by the client's Idempotency-Key, written in the same batch as the change that they answer. */
export const idempotencyKeys = sqliteTable(
  "idempotency_keys",
  {
    ownerId: text("owner_id").notNull(),
    endpoint: text("endpoint").notNull(),
    key: text("key").notNull(),
    fingerprint: text("fingerprint").notNull(),
    /** JSON: the answer's body. */
    answer: text("answer").notNull(),
    /** The edge's own key of the dream that the answer is about. */
    dreamId: text("dream_id"),
    expiresAt: integer("expires_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.ownerId, table.endpoint, table.key] }),
    index("idempotency_keys_by_dream").on(table.dreamId).where(sql`dream_id IS NOT NULL`),
    index("idempotency_keys_by_expiry").on(table.expiresAt),
  ],
);

/**
 * Which numbered messages of each sender were seen: one row per sender, and 16 senders per worker process. A
 * sender that is silent for longer than a signature is valid needs no row. See edge/store/nonces.ts.
 */
export const senders = sqliteTable("senders", {
  id: text("id").primaryKey(),
  /** The highest number seen. */
  highest: integer("highest").notNull(),
  /** A set bit n means that number `highest - n` was seen. 63 bits; older numbers count as seen. */
  seen: integer("seen").notNull(),
  /**
   * The edge's request that accepted the newest message, and the job that it gave if the message was a
   * claim.
   */
  takenBy: text("taken_by").notNull(),
  jobId: text("job_id"),
  seenAt: integer("seen_at").notNull(),
});

/**
 * Signed requests already seen whose id has no number: `webhook-id`, and the edge's request that accepted
 * it.
 */
export const nonces = sqliteTable(
  "nonces",
  {
    id: text("id").primaryKey(),
    takenBy: text("taken_by").notNull(),
    /** The job that a claim was given. */
    jobId: text("job_id"),
    expiresAt: integer("expires_at").notNull(),
  },
  (table) => [index("nonces_by_expiry").on(table.expiresAt)],
);

/** The webhooks of owners. */
export const webhooks = sqliteTable(
  "webhooks",
  {
    id: text("id").primaryKey(),
    ownerId: text("owner_id").notNull(),
    url: text("url").notNull(),
    /** JSON: the types of events that are sent. */
    events: text("events").notNull(),
    /** Signs messages, so it is stored in clear. Shown once. */
    secret: text("secret").notNull(),
    enabled: integer("enabled", { mode: "boolean" }).notNull(),
    /** `gone`: the address answered 410. */
    disabledReason: text("disabled_reason", { enum: ["gone"] }),
    createdAt: integer("created_at").notNull(),
    /**
     * No message is sent before this time, because the last tries, `timeouts` in a row, had no answer in
     * time.
     */
    resumesAt: integer("resumes_at").notNull().default(0),
    timeouts: integer("timeouts").notNull().default(0),
  },
  (table) => [index("webhooks_by_owner").on(table.ownerId, table.createdAt)],
);

/**
 * Messages to webhooks. Each is written in the same batch as its event, sent until the receiver takes it,
 * and then kept as a log. `id` is the message's `webhook-id`, the same at every try.
 */
export const deliveries = sqliteTable(
  "deliveries",
  {
    id: text("id").primaryKey(),
    webhookId: text("webhook_id").notNull(),
    jobId: text("job_id").notNull(),
    type: text("type").notNull(),
    /** The body, as JSON text. */
    body: text("body").notNull(),
    status: text("status", { enum: ["pending", "delivered", "failed"] }).notNull(),
    attempts: integer("attempts").notNull().default(0),
    /** When the next try is due. The sender that claimed this try has until then. */
    dueAt: integer("due_at").notNull(),
    lastAt: integer("last_at"),
    responseStatus: integer("response_status"),
    error: text("error"),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [
    uniqueIndex("deliveries_once").on(table.webhookId, table.jobId, table.type),
    index("deliveries_by_webhook").on(table.webhookId, table.createdAt, table.id),
    index("deliveries_by_job").on(table.jobId),
    index("deliveries_due_by_webhook").on(table.webhookId, table.dueAt).where(sql`status = 'pending'`),
    index("deliveries_by_time").on(table.createdAt),
  ],
);

/**
 * Jobs whose files are deleted as soon as no worker can still write them: those of deleted dreams, those
 * without a film, and the losing attempts of those with one. The end of a job adds the latter two.
 */
export const purges = sqliteTable(
  "purges",
  {
    jobId: text("job_id").primaryKey(),
    dreamId: text("dream_id").notNull(),
    /** The attempt that completed, whose files stay. Null: none. */
    keepAttempt: integer("keep_attempt"),
    dueAt: integer("due_at").notNull(),
    /** How often the deletion was begun. After each failure the next try is later. */
    tries: integer("tries").notNull().default(0),
  },
  (table) => [index("purges_by_due").on(table.dueAt), index("purges_by_dream").on(table.dreamId)],
);
