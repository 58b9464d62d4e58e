/** What is sent once: messages of the queue, answers, signed requests and webhooks. */
import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

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
