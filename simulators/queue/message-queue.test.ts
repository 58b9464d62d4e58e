import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { seeded } from "../../tests/seeded.ts";
import type { QueueSettings } from "./catalogue.ts";
import { retentionSeconds } from "./limits.ts";
import { type FaultInjector, MessageQueue } from "./message-queue.ts";
import type { NewMessage, Sql, SqlValue } from "./messages.ts";

const hourMs = 3600_000;
const calm: FaultInjector = { deliversTwice: () => false, forgetsAck: () => false, shuffle: undefined };

/** A Durable Object's `storage.sql`, over a database in memory or an existing one. */
function sqlOver(database: DatabaseSync, asked: Set<string>): Sql {
  return {
    exec<Row extends Record<string, SqlValue>>(query: string, ...bindings: SqlValue[]) {
      if (!query.startsWith("CREATE")) asked.add(query);
      const rows = database.prepare(query).all(...(bindings as (string | number | null)[]));
      return { toArray: () => rows as unknown as Row[] };
    },
  };
}

function openQueue(
  options: Partial<QueueSettings> & {
    faults?: Partial<FaultInjector>;
    database?: DatabaseSync;
    asked?: Set<string>;
  } = {},
) {
  const clock = { nowMs: 1_800_000_000_000 };
  const { faults, database = new DatabaseSync(":memory:"), asked = new Set(), ...settings } = options;
  const queue = new MessageQueue({
    sql: sqlOver(database, asked),
    settings: { id: "q1", name: "queue", ...settings },
    now: () => clock.nowMs,
    faults: { ...calm, ...faults },
  });
  let sent = 0;
  const send = (body = `message ${sent}`, more: Partial<NewMessage> = {}) => {
    const id = `id-${sent++}`;
    const sizeBytes = Buffer.byteLength(body);
    queue.push([
      {
        id,
        body,
        content_type: "text",
        source: "test",
        delay_seconds: null,
        size_bytes: sizeBytes,
        sent_at_ms: clock.nowMs,
        ...more,
      },
    ]);
    return id;
  };
  const pull = (visibilityTimeoutMs = 30_000, batchSize = 100) =>
    queue.pull(batchSize, visibilityTimeoutMs).messages;
  const ids = (messages: { id: string }[]) => messages.map(({ id }) => id);
  const ack = (...leaseIds: string[]) => queue.ack({ acks: leaseIds, retries: [] });
  const retry = (leaseId: string, delaySeconds = 0) =>
    queue.ack({ acks: [], retries: [{ leaseId, delaySeconds }] });
  return { queue, clock, database, send, pull, ids, ack, retry };
}

/** The one message of a pull. */
function only<T>(messages: T[]): T {
  expect(messages).toHaveLength(1);
  return messages[0] as T;
}

describe("leases", () => {
  it("ends a lease of 12 hours to the millisecond", () => {
    const { send, pull, clock } = openQueue();
    send();
    pull(12 * hourMs);
    clock.nowMs += 12 * hourMs - 1;
    expect(pull()).toEqual([]);
    clock.nowMs += 1;
    expect(only(pull()).attempts).toBe(2);
  });

  it("takes an ack days after the lease lapsed, also while another consumer holds the message", () => {
    const { queue, send, pull, ack, clock } = openQueue();
    send();
    const { lease_id } = only(pull());
    clock.nowMs += 24 * hourMs;
    only(pull(12 * hourMs));
    expect(ack(lease_id)).toEqual({ ackCount: 1, retryCount: 0, warnings: {} });
    clock.nowMs += 24 * hourMs;
    expect(pull()).toEqual([]);
    expect(queue.metrics().backlog_count).toBe(0);
  });

  it("acks twice as well as once", () => {
    const { send, pull, ack } = openQueue();
    send();
    const { lease_id } = only(pull());
    expect(ack(lease_id, lease_id)).toEqual({ ackCount: 2, retryCount: 0, warnings: {} });
  });

  it.each([
    ["words", "not-a-lease"],
    ["nothing", ""],
    ["a lease of another queue", btoa(JSON.stringify(["lease", "q2", "id-0", 1]))],
    ["a ref of peek", btoa(JSON.stringify(["ref", "q1", "id-0", 1]))],
    ["JSON that is no lease", btoa("null")],
  ])("warns about %s and touches nothing", (_, leaseId) => {
    const { queue, send, pull, ack, retry } = openQueue();
    send();
    only(pull());
    expect(ack(leaseId)).toEqual({ ackCount: 0, retryCount: 0, warnings: { [leaseId]: expect.any(String) } });
    expect(retry(leaseId)).toMatchObject({ retryCount: 0, warnings: { [leaseId]: expect.any(String) } });
    expect(queue.metrics().backlog_count).toBe(1);
    expect(pull()).toEqual([]);
  });

  it("does not let an outdated lease's retry take the message from its new holder", () => {
    const { send, pull, retry, clock } = openQueue();
    send();
    const { lease_id } = only(pull());
    clock.nowMs += 30_000;
    only(pull());
    expect(retry(lease_id)).toMatchObject({ retryCount: 0, warnings: { [lease_id]: expect.any(String) } });
    expect(pull()).toEqual([]);
  });

  it("brings a retried message back after its delay, behind those that waited longer", () => {
    const { send, pull, ids, retry, clock } = openQueue();
    const retried = send();
    retry(only(pull(hourMs)).lease_id, 600);
    const waiting = send();
    clock.nowMs += 600_000 - 1;
    expect(ids(pull(0))).toEqual([waiting]);
    clock.nowMs += 1;
    expect(ids(pull(0))).toEqual([waiting, retried]);
  });
});

describe("attempts", () => {
  it("hands a dead message over after its last redelivery, and keeps it until `forgetDead`", () => {
    const { queue, send, pull, retry } = openQueue({ maxRetries: 2, deadLetterQueue: "dead" });
    const id = send("the body");
    for (const attempt of [1, 2, 3]) {
      const message = only(pull());
      expect(message.attempts).toBe(attempt);
      expect(queue.takeDead()).toEqual([]);
      // The delay of a last retry does not count.
      retry(message.lease_id, attempt === 3 ? 600 : 0);
    }
    expect(pull()).toEqual([]);
    expect(queue.metrics().backlog_count).toBe(0);
    const dead = only(queue.takeDead());
    expect(dead).toMatchObject({ id, body: "the body", content_type: "text" });
    expect(queue.takeDead()).toEqual([dead]);
    queue.forgetDead([id]);
    expect(queue.takeDead()).toEqual([]);
  });

  it("knows when a last lease will lapse, and the message is dead then, not before", () => {
    const { queue, clock, send, pull } = openQueue({ maxRetries: 0, deadLetterQueue: "dead" });
    send();
    expect(queue.nextExhaustionMs()).toBeUndefined();
    pull(5_000);
    expect(queue.nextExhaustionMs()).toBe(clock.nowMs + 5_000);
    clock.nowMs += 4_999;
    expect(queue.takeDead()).toEqual([]);
    clock.nowMs += 1;
    expect(queue.takeDead()).toHaveLength(1);
    expect(queue.nextExhaustionMs()).toBeUndefined();
  });

  it("lets a late ack save a dead message from the dead letter queue", () => {
    const { queue, clock, send, pull, ack } = openQueue({ maxRetries: 0, deadLetterQueue: "dead" });
    send();
    const { lease_id } = only(pull(1_000));
    clock.nowMs += 1_000;
    expect(queue.takeDead()).toHaveLength(1);
    ack(lease_id);
    expect(queue.takeDead()).toEqual([]);
  });

  it("deletes an exhausted message where there is no dead letter queue", () => {
    const { queue, clock, send, pull } = openQueue({ maxRetries: 0 });
    send();
    pull(1_000);
    clock.nowMs += 1_000;
    expect(queue.metrics().backlog_count).toBe(0);
    expect(queue.takeDead()).toEqual([]);
  });
});

describe("time", () => {
  it("hides a delayed message until its second", () => {
    const { send, pull, clock } = openQueue();
    send("late", { delay_seconds: 43_200 });
    clock.nowMs += 12 * hourMs - 1;
    expect(pull()).toEqual([]);
    clock.nowMs += 1;
    expect(only(pull()).metadata).toMatchObject({ "CF-msg-delay-secs": "43200" });
  });

  it("forgets a message after four days, leased or not", () => {
    const { queue, send, pull, clock } = openQueue();
    send();
    pull(12 * hourMs);
    clock.nowMs += retentionSeconds * 1000 - 1;
    send();
    expect(queue.metrics().backlog_count).toBe(2);
    clock.nowMs += 1;
    expect(queue.metrics().backlog_count).toBe(1);
  });
});

describe("storage", () => {
  it("finds messages, attempts and leases again after a restart", () => {
    const first = openQueue();
    const left = first.send("left");
    const leased = first.send("leased");
    const lease = first.pull(30_000).find(({ id }) => id === leased);
    const again = openQueue({ database: first.database });
    expect(again.queue.metrics()).toMatchObject({ backlog_count: 2, backlog_bytes: 10 });
    expect(again.ack(lease?.lease_id ?? "")).toMatchObject({ ackCount: 1 });
    again.clock.nowMs += 30_000;
    expect(only(again.pull())).toMatchObject({ id: left, attempts: 2 });
  });

  it("stores a message once that arrives twice, and leaves its lease alone", () => {
    const { queue, send, pull } = openQueue();
    send("once", { id: "same" });
    pull();
    send("once", { id: "same" });
    expect(queue.metrics().backlog_count).toBe(1);
    expect(pull()).toEqual([]);
  });

  it("uses an index in every query, and the attempts' index for exhausted messages", () => {
    const database = new DatabaseSync(":memory:");
    const asked = new Set<string>();
    const { queue, send, pull, ack, retry } = openQueue({
      database,
      asked,
      maxRetries: 0,
      deadLetterQueue: "dead",
    });
    const [id] = [send(), send()];
    const [first, second] = pull();
    ack(first?.lease_id ?? "");
    retry(second?.lease_id ?? "");
    queue.takeDead();
    queue.forgetDead([id]);
    queue.nextExhaustionMs();
    const plans = [...asked].map((query) => {
      const marks = query.split("?").length - 1;
      const steps = database.prepare(`EXPLAIN QUERY PLAN ${query}`).all(...Array(marks).fill(0));
      return { query, steps: steps.map(({ detail }) => String(detail)) };
    });
    expect(plans.filter(({ steps }) => steps.some((step) => step.includes("SCAN messages")))).toEqual([]);
    const choosing = plans.filter(({ query }) => /attempts > /.test(query));
    expect(choosing.length).toBeGreaterThanOrEqual(2);
    for (const { steps } of choosing) expect(steps[0]).toContain("by_attempts (attempts>?");
  });
});

describe("faults", () => {
  it("delivers twice on request, both times with a lease that can be acked", () => {
    const { queue, send, pull, ack } = openQueue({ faults: { deliversTwice: () => true } });
    const id = send();
    const [first, second] = [only(pull()), only(pull())];
    expect([first.id, first.attempts, second.id, second.attempts]).toEqual([id, 1, id, 2]);
    ack(first.lease_id);
    expect(queue.metrics().backlog_count).toBe(0);
  });

  it("delivers an acked message again on request", () => {
    const { send, pull, ack } = openQueue({ faults: { forgetsAck: () => true } });
    const id = send();
    expect(ack(only(pull()).lease_id)).toMatchObject({ ackCount: 1 });
    expect(only(pull())).toMatchObject({ id, attempts: 2 });
  });

  it("mixes the order on request, and still leases each message once", () => {
    const { send, pull, ids } = openQueue({ faults: { shuffle: (items) => items.toReversed() } });
    const sent = [send(), send(), send()];
    expect(ids([...pull(hourMs, 2), ...pull(hourMs, 2)])).toEqual([sent[2], sent[1], sent[0]]);
  });
});

describe("at random", () => {
  it.each(Array.from({ length: 20 }, (_, seed) => seed))("loses and doubles nothing (seed %i)", (seed) => {
    const { queue, clock, send, pull, ack, retry } = openQueue({ maxRetries: 3, deadLetterQueue: "dead" });
    const numbers = seeded(seed);
    const random = (bound: number) => Math.floor(numbers() * bound);
    const held = new Map<string, { leaseId: string; untilMs: number }>();
    const ends = new Map<string, string>();
    const endOnce = (id: string, how: string) => {
      expect(ends.get(id), `${id} ends a second time`).toBeUndefined();
      ends.set(id, how);
      held.delete(id);
    };
    const sent = Array.from({ length: 60 }, () => send("x", { delay_seconds: random(5) }));
    for (let step = 0; step < 3_000 && ends.size < sent.length; step++) {
      for (const message of pull(1_000 + random(5_000), 1 + random(5))) {
        const holder = held.get(message.id);
        expect(holder === undefined || holder.untilMs <= clock.nowMs, `${message.id} is leased twice`).toBe(
          true,
        );
        expect(message.attempts).toBeLessThanOrEqual(4);
        held.set(message.id, { leaseId: message.lease_id, untilMs: Number.POSITIVE_INFINITY });
        const lease = held.get(message.id);
        if (lease) lease.untilMs = clock.nowMs + 1_000;
      }
      for (const [id, { leaseId }] of held) {
        const choice = random(10);
        if (choice === 0 && ack(leaseId).ackCount === 1) endOnce(id, "acked");
        else if (choice === 1 && retry(leaseId, random(4)).retryCount === 1) held.delete(id);
      }
      clock.nowMs += random(1_000);
      const dead = queue.takeDead().map(({ id }) => id);
      queue.forgetDead(dead);
      for (const id of dead) endOnce(id, "dead");
    }
    expect([...ends.keys()].sort()).toEqual([...sent].sort());
    expect(queue.metrics().backlog_count).toBe(0);
  });
});
