/**
 * One queue as Cloudflare keeps it, over any SQL storage and any clock.
 *
 * A message is visible -> leased by a pull (attempts + 1) -> acked and gone, or retried, or its lease lapses and it is
 * visible again. After the last allowed delivery it is dead instead: handed to the dead letter queue, or deleted.
 * At least once, in no promised order (here: longest visible first).
 *
 * Known weaknesses: Cloudflare's page says that a message is gone when `attempts` reaches `max_retries`, its limits that
 * a message is retried `max_retries` times; we do the latter. What a retry with an outdated lease does is not written
 * anywhere: here it changes nothing and is warned about. Code that uses a queue should lean on neither.
 */
import type { QueueSettings } from "./catalogue.ts";
import { readTicket, writeTicket } from "./lease.ts";
import { retentionSeconds, maxRetries as retryLimits } from "./limits.ts";
import * as table from "./messages.ts";

export interface QueuePorts {
  sql: table.Sql;
  settings: QueueSettings;
  now: () => number;
  mischief: Mischief;
}

/** Where a queue may misbehave on purpose. */
export interface Mischief {
  /** A pulled message stays visible, so that somebody else gets it too. */
  deliversTwice(): boolean;
  /** An acked message comes back. */
  forgetsAck(): boolean;
  /** Undefined keeps the order. */
  shuffle: (<T>(items: T[]) => T[]) | undefined;
}

export interface AckRequest {
  acks: string[];
  retries: { leaseId: string; delaySeconds: number }[];
}

export class MessageQueue {
  readonly #ports: QueuePorts;
  readonly #maxRetries: number;

  constructor(ports: QueuePorts) {
    this.#ports = ports;
    this.#maxRetries = ports.settings.maxRetries ?? retryLimits.default;
    table.createTable(ports.sql);
  }

  /** Stores what was sent. Storing the same id again changes nothing. */
  push(messages: table.NewMessage[]): table.Metrics {
    const { sql, now } = this.#ports;
    const nowMs = now();
    for (const message of messages) {
      const visibleAtMs = nowMs + (message.delay_seconds ?? 0) * 1000;
      table.insertMessage(sql, message, visibleAtMs, nowMs + retentionSeconds * 1000);
    }
    return this.metrics();
  }

  /** Leases up to `batchSize` visible messages, each for `visibilityTimeoutMs`. */
  pull(batchSize: number, visibilityTimeoutMs: number) {
    const { sql, mischief } = this.#ports;
    const nowMs = this.#settle();
    const messages = this.#pick(batchSize, nowMs);
    const twice = messages.filter(() => mischief.deliversTwice());
    const once = messages.filter((message) => !twice.includes(message));
    table.countDelivery(sql, seqs(once), nowMs + visibilityTimeoutMs);
    table.countDelivery(sql, seqs(twice), nowMs);
    const metrics = table.selectMetrics(sql);
    return {
      message_backlog_count: metrics.backlog_count,
      messages: messages.map((message) => {
        const attempts = message.attempts + 1;
        return { ...describe(message), attempts, lease_id: this.#ticket("lease", message.id, attempts) };
      }),
      metadata: { metrics },
    };
  }

  /** Takes late leases too. Never fails as a whole: a lease that cannot be served is named in `warnings`. */
  ack({ acks, retries }: AckRequest) {
    const nowMs = this.#settle();
    const warnings: Record<string, string> = {};
    const done = { ackCount: 0, retryCount: 0 };
    for (const leaseId of acks) {
      const warning = this.#ackOne(leaseId);
      if (warning === undefined) done.ackCount++;
      else warnings[leaseId] = warning;
    }
    for (const { leaseId, delaySeconds } of retries) {
      const warning = this.#retryOne(leaseId, nowMs, delaySeconds);
      if (warning === undefined) done.retryCount++;
      else warnings[leaseId] = warning;
    }
    return { ...done, warnings };
  }

  /** Shows visible messages without leasing them, each with a ref for `purgeRefs`. */
  peek(batchSize: number) {
    const messages = this.#pick(batchSize, this.#settle());
    return {
      messages: messages.map((message) => ({
        ...describe(message),
        attempts: message.attempts,
        ref: this.#ticket("ref", message.id, message.attempts),
      })),
    };
  }

  purgeRefs(refs: string[]) {
    const warnings: Record<string, string> = {};
    for (const ref of refs) {
      const ticket = readTicket(ref, "ref", this.#ports.settings.id);
      if (ticket === undefined) warnings[ref] = "invalid ref";
      else table.deleteMessage(this.#ports.sql, ticket.messageId);
    }
    return { errors: [], warnings };
  }

  purgeAll(): void {
    table.deleteAll(this.#ports.sql);
  }

  metrics(): table.Metrics {
    this.#settle();
    return table.selectMetrics(this.#ports.sql);
  }

  /** Up to 100 dead messages. They stay until `forgetDead`, so that a crash while handing them over loses none. */
  takeDead(): table.NewMessage[] {
    this.#settle();
    return table.selectDead(this.#ports.sql).map(({ seq: _, attempts: __, ...message }) => ({
      ...message,
      delay_seconds: null,
    }));
  }

  forgetDead(ids: string[]): void {
    for (const id of ids) table.deleteMessage(this.#ports.sql, id);
  }

  /** When the next message will be dead if nobody acks it. */
  nextDeathMs(): number | undefined {
    return table.selectNextExhaustionMs(this.#ports.sql, this.#maxRetries);
  }

  /** Brings the table up to the present; every verb that reads it starts here. */
  #settle(): number {
    const { sql, now, settings } = this.#ports;
    const nowMs = now();
    table.deleteExpired(sql, nowMs);
    if (settings.deadLetterQueue === undefined) table.deleteExhausted(sql, nowMs, this.#maxRetries);
    else table.markExhaustedDead(sql, nowMs, this.#maxRetries);
    return nowMs;
  }

  #pick(limit: number, nowMs: number): table.StoredMessage[] {
    const { sql, mischief } = this.#ports;
    if (mischief.shuffle === undefined) return table.selectVisible(sql, nowMs, limit);
    return mischief.shuffle(table.selectVisible(sql, nowMs, limit * 10)).slice(0, limit);
  }

  #ackOne(leaseId: string): string | undefined {
    const { sql, settings, mischief, now } = this.#ports;
    const ticket = readTicket(leaseId, "lease", settings.id);
    if (ticket === undefined) return "invalid lease id";
    if (mischief.forgetsAck()) table.showAt(sql, ticket.messageId, now());
    else table.deleteMessage(sql, ticket.messageId);
    return undefined;
  }

  #retryOne(leaseId: string, nowMs: number, delaySeconds: number): string | undefined {
    const { sql, settings } = this.#ports;
    const ticket = readTicket(leaseId, "lease", settings.id);
    if (ticket === undefined) return "invalid lease id";
    const attempts = table.selectAttempts(sql, ticket.messageId);
    if (attempts === undefined) return "the message is gone";
    if (attempts !== ticket.attempt) return "the message was delivered again since";
    // One that may not be delivered again has nothing to wait for.
    table.showAt(sql, ticket.messageId, attempts > this.#maxRetries ? nowMs : nowMs + delaySeconds * 1000);
    return undefined;
  }

  #ticket(kind: "lease" | "ref", messageId: string, attempt: number): string {
    return writeTicket({ kind, queueId: this.#ports.settings.id, messageId, attempt });
  }
}

function describe(message: table.StoredMessage) {
  return {
    id: message.id,
    body: message.body,
    timestamp_ms: message.sent_at_ms,
    metadata: {
      "CF-Content-Type": message.content_type,
      "CF-sourceMessageSource": message.source,
      ...(message.delay_seconds ? { "CF-msg-delay-secs": String(message.delay_seconds) } : {}),
    },
  };
}

function seqs(messages: table.StoredMessage[]): number[] {
  return messages.map((message) => message.seq);
}
