/** What the service knows about itself, and what its clean-up still has to do. */
import { index, integer, primaryKey, real, sqliteTable, text } from "drizzle-orm/sqlite-core";

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
