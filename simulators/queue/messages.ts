/**
 * The table of one queue: each function is one statement. `visible_at_ms` is the message's state: in the past
 * it can be pulled; in the future it is delayed, leased or waits for its retry. A `dead` row waits to go to
 * the dead letter queue.
 */
export type SqlValue = ArrayBuffer | string | number | null;

/** The part of a Durable Object's `storage.sql` that is used here; tests implement it with node:sqlite. */
export interface Sql {
  exec<Row extends Record<string, SqlValue>>(query: string, ...bindings: SqlValue[]): { toArray(): Row[] };
}

export type ContentType = "json" | "text" | "bytes";

/** A message that was not delivered yet. `body` is as the API returns it: base64 unless it is text. */
export type NewMessage = {
  id: string;
  body: string;
  content_type: ContentType;
  source: string;
  delay_seconds: number | null;
  size_bytes: number;
  sent_at_ms: number;
};

export type StoredMessage = NewMessage & { seq: number; attempts: number };

const columns = "seq, id, body, content_type, source, delay_seconds, size_bytes, sent_at_ms, attempts";

/** Creates the table and its indexes if they do not exist. */
export function createTable(sql: Sql): void {
  sql.exec(`CREATE TABLE IF NOT EXISTS messages (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    body TEXT NOT NULL,
    content_type TEXT NOT NULL,
    source TEXT NOT NULL,
    delay_seconds INTEGER,
    size_bytes INTEGER NOT NULL,
    sent_at_ms INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    visible_at_ms INTEGER NOT NULL,
    expires_at_ms INTEGER NOT NULL,
    dead INTEGER NOT NULL DEFAULT 0
  )`);
  // Covers the delivery order and the metrics, so that neither reads the bodies of a backlog.
  sql.exec(`CREATE INDEX IF NOT EXISTS by_visibility
    ON messages (dead, visible_at_ms, seq, size_bytes, sent_at_ms)`);
  sql.exec("CREATE INDEX IF NOT EXISTS by_attempts ON messages (attempts, visible_at_ms) WHERE dead = 0");
  sql.exec("CREATE INDEX IF NOT EXISTS by_expiry ON messages (expires_at_ms)");
}

/**
 * Stores a message. An id that is stored already changes nothing: it is a sender's second try after a lost
 * answer.
 */
export function insertMessage(sql: Sql, message: NewMessage, visibleAtMs: number, expiresAtMs: number): void {
  sql.exec(
    `INSERT INTO messages (id, body, content_type, source, delay_seconds, size_bytes, sent_at_ms, visible_at_ms,
       expires_at_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
    message.id,
    message.body,
    message.content_type,
    message.source,
    message.delay_seconds,
    message.size_bytes,
    message.sent_at_ms,
    visibleAtMs,
    expiresAtMs,
  );
}

/** Messages that can be pulled, longest visible first. */
export function selectVisible(sql: Sql, nowMs: number, limit: number): StoredMessage[] {
  return sql
    .exec<StoredMessage>(
      `SELECT ${columns} FROM messages WHERE dead = 0 AND visible_at_ms <= ?
       ORDER BY visible_at_ms, seq LIMIT ?`,
      nowMs,
      limit,
    )
    .toArray();
}

/** Counts one more delivery of these messages and hides them until `visibleAtMs`. */
export function countDelivery(sql: Sql, seqs: number[], visibleAtMs: number): void {
  sql.exec(
    `UPDATE messages SET attempts = attempts + 1, visible_at_ms = ?
     WHERE seq IN (SELECT value FROM json_each(?))`,
    visibleAtMs,
    JSON.stringify(seqs),
  );
}

/** The message's number of deliveries; undefined if it is gone or dead. */
export function selectAttempts(sql: Sql, id: string): number | undefined {
  return sql
    .exec<{ attempts: number }>("SELECT attempts FROM messages WHERE id = ? AND dead = 0", id)
    .toArray()[0]?.attempts;
}

/** Makes the message visible at this time, in Unix milliseconds. */
export function showAt(sql: Sql, id: string, visibleAtMs: number): void {
  sql.exec("UPDATE messages SET visible_at_ms = ? WHERE id = ?", visibleAtMs, id);
}

/** Deletes one message. */
export function deleteMessage(sql: Sql, id: string): void {
  sql.exec("DELETE FROM messages WHERE id = ?", id);
}

/** Deletes all messages. */
export function deleteAll(sql: Sql): void {
  sql.exec("DELETE FROM messages");
}

/** Deletes messages whose retention is over. */
export function deleteExpired(sql: Sql, nowMs: number): void {
  sql.exec("DELETE FROM messages WHERE expires_at_ms <= ?", nowMs);
}

/** Names the index: SQLite by its own choice scans all visible messages. */
export function deleteExhausted(sql: Sql, nowMs: number, maxRetries: number): void {
  sql.exec(
    "DELETE FROM messages INDEXED BY by_attempts WHERE dead = 0 AND attempts > ? AND visible_at_ms <= ?",
    maxRetries,
    nowMs,
  );
}

/** Marks visible messages without a delivery left as dead. */
export function markExhaustedDead(sql: Sql, nowMs: number, maxRetries: number): void {
  sql.exec(
    "UPDATE messages INDEXED BY by_attempts SET dead = 1 WHERE dead = 0 AND attempts > ? AND visible_at_ms <= ?",
    maxRetries,
    nowMs,
  );
}

/** Up to 100 dead messages, oldest first. */
export function selectDead(sql: Sql): StoredMessage[] {
  return sql
    .exec<StoredMessage>(`SELECT ${columns} FROM messages WHERE dead = 1 ORDER BY seq LIMIT 100`)
    .toArray();
}

/** When the first message becomes dead: the earliest end of a last lease, in Unix milliseconds. */
export function selectNextExhaustionMs(sql: Sql, maxRetries: number): number | undefined {
  return (
    sql
      .exec<{ at: number | null }>(
        "SELECT MIN(visible_at_ms) AS at FROM messages INDEXED BY by_attempts WHERE dead = 0 AND attempts > ?",
        maxRetries,
      )
      .toArray()[0]?.at ?? undefined
  );
}

export type Metrics = {
  backlog_count: number;
  backlog_bytes: number;
  /** 0 when there is none. */
  oldest_message_timestamp_ms: number;
};

/**
 * Counts every message that was not acked: visible, delayed or leased. Reads the index once: ~1 ms for
 * 10,000.
 */
export function selectMetrics(sql: Sql): Metrics {
  const [row] = sql
    .exec<Metrics>(
      `SELECT COUNT(*) AS backlog_count, COALESCE(SUM(size_bytes), 0) AS backlog_bytes,
         COALESCE(MIN(sent_at_ms), 0) AS oldest_message_timestamp_ms FROM messages WHERE dead = 0`,
    )
    .toArray();
  return row ?? { backlog_count: 0, backlog_bytes: 0, oldest_message_timestamp_ms: 0 };
}
