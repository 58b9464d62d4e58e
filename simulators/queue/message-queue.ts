/**
 * One queue with the behaviour of Cloudflare's, on any SQL storage and any clock.
 *
 * A message is visible; a pull leases it (attempts + 1); then an ack deletes it, or a retry or the end of the
 * lease makes it visible again. After the last allowed delivery the message is dead: it goes to the dead
 * letter queue, or is deleted. Delivery is at least once. Cloudflare promises no order; here the longest
 * visible message comes first.
 *
 * Two points are not clear in Cloudflare's documentation, and callers must depend on neither. One page says
 * that a message is gone when `attempts` reaches `max_retries`, another that it is retried `max_retries`
 * times; this class does the latter. No page says what a retry with an outdated lease does; here it changes
 * nothing and gives a warning.
 */
import type { QueueSettings } from "./catalogue.ts";
import { readTicket, writeTicket } from "./lease.ts";
import { retentionSeconds, maxRetries as retryLimits } from "./limits.ts";
import * as table from "./messages.ts";

export interface QueuePorts {
  sql: table.Sql;
  settings: QueueSettings;
  now: () => number;
  faults: FaultInjector;
}

/** Decides where the queue behaves wrongly on purpose. */
export interface FaultInjector {
  /** Whether a pulled message stays visible, so that the next pull gets it too. */
  deliversTwice(): boolean;
  /** Whether an acked message is delivered again. */
  forgetsAck(): boolean;
  /** Mixes the order of the messages; undefined keeps it. */
  shuffle: (<T>(items: T[]) => T[]) | undefined;
}

export interface AckRequest {
  acks: string[];
  retries: { leaseId: string; delaySeconds: number }[];
}

/** One queue's messages. Methods return the API's `result` objects. */
export class MessageQueue {
  readonly #ports: QueuePorts;
  readonly #maxRetries: number;

  constructor(ports: QueuePorts) {
    this.#ports = ports;
    this.#maxRetries = ports.settings.maxRetries ?? retryLimits.default;
    table.createTable(ports.sql);
  }

  /** Stores messages. A message whose id is stored already changes nothing. */
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
    const { sql, faults } = this.#ports;
    const nowMs = this.#settle();
    const messages = this.#pick(batchSize, nowMs);
    const twice = messages.filter(() => faults.deliversTwice());
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

  /**
   * Acks and retries by lease id, late leases included. Never throws: `warnings` names each lease that was
   * not served.
   */
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

  /** Deletes the peeked messages. `warnings` names each ref that is invalid. */
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

  /**
   * Up to 100 dead messages. They stay stored until `forgetDead`: a crash while they are handed over loses
   * none.
   */
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

  /** When the next message becomes dead unless it is acked, in Unix milliseconds. */
  nextExhaustionMs(): number | undefined {
    return table.selectNextExhaustionMs(this.#ports.sql, this.#maxRetries);
  }

  /**
   * Applies the effects of time: expiry and exhausted retries. Every method that reads the table calls this
   * first.
   */
  #settle(): number {
    const { sql, now, settings } = this.#ports;
    const nowMs = now();
    table.deleteExpired(sql, nowMs);
    if (settings.deadLetterQueue === undefined) table.deleteExhausted(sql, nowMs, this.#maxRetries);
    else table.markExhaustedDead(sql, nowMs, this.#maxRetries);
    return nowMs;
  }

  #pick(limit: number, nowMs: number): table.StoredMessage[] {
    const { sql, faults } = this.#ports;
    if (faults.shuffle === undefined) return table.selectVisible(sql, nowMs, limit);
    return faults.shuffle(table.selectVisible(sql, nowMs, limit * 10)).slice(0, limit);
  }

  #ackOne(leaseId: string): string | undefined {
    const { sql, settings, faults, now } = this.#ports;
    const ticket = readTicket(leaseId, "lease", settings.id);
    if (ticket === undefined) return "invalid lease id";
    if (faults.forgetsAck()) table.showAt(sql, ticket.messageId, now());
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
    // A message with no delivery left becomes dead at once; a delay would only postpone that.
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
