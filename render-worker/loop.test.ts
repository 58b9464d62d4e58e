import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { leaseSeconds } from "../contract/limits.ts";
import { until } from "../tests/until.ts";
import type { QueuePort, Retry } from "./clients/queue.ts";
import { Transient } from "./errors.ts";
import { Loop, type LoopPorts } from "./loop.ts";
import { createLog } from "./runtime/log.ts";

type Message = Awaited<ReturnType<QueuePort["pull"]>>[number];

function queueOf(...jobIds: (string | null)[]) {
  const waiting = jobIds.map(
    (jobId, i): Message => ({
      id: `m${i}`,
      leaseId: `lease-${jobId}-${i}`,
      attempts: 1,
      sentAtMs: 0,
      ...(jobId === null ? { jobId, problem: "not_json" as const } : { jobId, problem: null }),
    }),
  );
  const asked: number[] = [];
  const acked: string[] = [];
  const retried: Retry[] = [];
  const port: QueuePort = {
    pull: async (most) => {
      asked.push(most);
      return waiting.splice(0, most);
    },
    ack: async (leases, retries = []) => {
      acked.push(...leases);
      retried.push(...retries);
      return {};
    },
    depth: async () => waiting.length,
  };
  return { port, asked, acked, retried, waiting };
}

function start(ports: QueuePort[], overrides: Partial<LoopPorts> = {}) {
  const pulling = new AbortController();
  const started: string[] = [];
  const names = ports.length > 1 ? (["premium", "standard"] as const) : (["standard"] as const);
  const loop = new Loop({
    queues: ports.map((port, i) => ({ name: names[i] ?? "standard", port })),
    slots: 2,
    idleExitMs: 0,
    metrics: { pulled: () => {} },
    log: createLog("fatal", {}),
    ...overrides,
    runJob: async (hint, signal) => {
      started.push(hint.jobId);
      return (await overrides.runJob?.(hint, signal)) ?? "ack";
    },
  });
  const done = loop.run(pulling.signal, new AbortController().signal);
  return { loop, started, done, stop: () => pulling.abort() };
}

describe("Loop", () => {
  it("never asks for more messages than it has free slots", async () => {
    const queue = queueOf("a", "b", "c", "d", "e");
    let running = 0;
    let most = 0;
    const { started, done, stop } = start([queue.port], {
      runJob: async () => {
        most = Math.max(most, ++running);
        await turn();
        running--;
        return "ack";
      },
    });
    await until(() => started.length === 5 && running === 0);
    stop();
    await done;
    expect(most).toBe(2);
    expect(Math.max(...queue.asked)).toBe(2);
    expect(queue.acked).toHaveLength(5);
  });

  it("acks a message that comes back while its job runs, and starts no second job", async () => {
    const queue = queueOf("a");
    const again = { ...(queue.waiting[0] as Message), leaseId: "again", attempts: 2 };
    let finish = () => {};
    const { started, done, stop, loop } = start([queue.port], {
      runJob: () =>
        new Promise((resolve) => {
          finish = () => resolve("ack");
        }),
    });
    await until(() => started.length === 1);
    queue.waiting.push(again);
    loop.wake();
    await until(() => queue.acked.length === 1);
    expect([queue.acked, started]).toEqual([["again"], ["a"]]);
    finish();
    stop();
    await done;
    expect(queue.acked).toEqual(["again", "lease-a-0"]);
  });

  it("prefers the first queue and yet starves none", async () => {
    const premium = queueOf(...Array.from({ length: 60 }, (_, i) => `p${i}`));
    const standard = queueOf("s0", "s1", "s2");
    const { started, done, stop } = start([premium.port, standard.port], { slots: 1 });
    await until(() => ["s0", "s1", "s2"].every((id) => started.includes(id)));
    stop();
    await done;
    expect(started.slice(0, 4)).toEqual(["p0", "p1", "p2", "p3"]);
    expect(started.indexOf("s2")).toBeLessThan(20);
  });

  it("gives a message back to the queue where its job says so, and acks poison", async () => {
    const queue = queueOf("lost", null);
    const { done, stop } = start([queue.port], { runJob: async () => "retry" });
    await until(() => queue.acked.length === 1);
    await turn();
    stop();
    await done;
    expect(queue.acked).toEqual(["lease-null-1"]);
    expect(queue.retried).toEqual([{ leaseId: "lease-lost-0", delaySeconds: leaseSeconds }]);
  });

  it("says which fault its calls to a queue have had for a while, and when they succeed again", async () => {
    const queue = queueOf("a");
    let fails = true;
    const told: (string | null)[] = [];
    const port = {
      ...queue.port,
      pull: async (most: number) => {
        if (fails) throw new Transient("queue.unreachable", "The queue did not answer");
        return queue.port.pull(most);
      },
    };
    const { started, done, stop } = start([port], {
      idle: { baseDelayMs: 1, maxDelayMs: 5 },
      faultAfterMs: 20,
      onQueueFault: (code) => told.push(code),
    });
    await until(() => told.at(-1) === "queue.unreachable");
    expect(told[0], "the first failure may be a moment of the network").toBeNull();
    fails = false;
    await until(() => started.length === 1);
    expect(told.at(-1)).toBeNull();
    stop();
    await done;
  });

  it("looks at once when it is woken, though idle for long", async () => {
    const queue = queueOf();
    const hourMs = 3_600_000;
    const { loop, started, done, stop } = start([queue.port], {
      idle: { baseDelayMs: hourMs, maxDelayMs: hourMs },
    });
    await until(() => queue.asked.length === 1);
    queue.waiting.push(...queueOf("a").waiting);
    loop.wake();
    await until(() => started.length === 1);
    stop();
    await done;
  });

  it("asks the queue first that a wake names, once", async () => {
    const order: string[] = [];
    const hourMs = 3_600_000;
    const named = (["premium", "standard"] as const).map((name) => {
      const { port } = queueOf();
      const pull = (most: number) => {
        order.push(name);
        return port.pull(most);
      };
      return { ...port, pull };
    });
    const { loop, done, stop } = start(named, { idle: { baseDelayMs: hourMs, maxDelayMs: hourMs + 1 } });
    await until(() => order.length === 2);
    loop.wake("standard");
    await until(() => order.length === 4);
    loop.wake();
    await until(() => order.length === 6);
    stop();
    await done;
    expect(order).toEqual(["premium", "standard", "standard", "premium", "premium", "standard"]);
  });

  it("gives a slot to the next job before the last one's message is acked, and ends after the ack", async () => {
    const queue = queueOf("a", "b");
    const acks: (() => void)[] = [];
    const slow: QueuePort = {
      ...queue.port,
      ack: () => new Promise((resolve) => acks.push(() => resolve({}))),
    };
    const { started, done, stop } = start([slow], { slots: 1, idle: { baseDelayMs: 1, maxDelayMs: 1 } });
    await until(() => acks.length === 2);
    expect(started).toEqual(["a", "b"]);
    stop();
    let isDone = false;
    void done.then(() => (isDone = true));
    await turn();
    expect(isDone).toBe(false);
    for (const ack of acks) ack();
    await done;
  });

  it("asks one queue after each pause once the pauses have grown to their longest", async () => {
    const queues = [queueOf(), queueOf()] as const;
    const asked = () => queues.map((queue) => queue.asked.length);
    const { stop, done } = start(
      queues.map(({ port }) => port),
      { idle: { baseDelayMs: 1, maxDelayMs: 4 } },
    );
    await until(() => (asked()[0] ?? 0) >= 10);
    const [premium = 0, standard = 0] = asked();
    // Three rounds ask both queues until the pause is longest; each later round asks one.
    expect(Math.abs(premium - standard)).toBeLessThanOrEqual(1);
    const rounds = premium + standard;
    await until(() => asked().reduce((a, b) => a + b) >= rounds + 1);
    expect(Math.abs((asked()[0] ?? 0) - (asked()[1] ?? 0))).toBeLessThanOrEqual(1);
    stop();
    await done;
  });

  it("ends by itself after its idle time, and not while a job runs", async () => {
    const queue = queueOf("a");
    let ended = false;
    const { done } = start([queue.port], {
      idle: { baseDelayMs: 1, maxDelayMs: 1 },
      idleExitMs: 20,
      runJob: async () => {
        // Each of these rounds found nothing and paused for 1 ms, so together they last longer than the idle
        // time.
        await until(() => queue.asked.length > 50);
        ended = true;
        return "ack";
      },
    });
    await done;
    expect(ended).toBe(true);
  });

  it("finishes what it has before it stops", async () => {
    const queue = queueOf("a");
    let finish = () => {};
    const { started, done, stop } = start([queue.port], {
      runJob: () =>
        new Promise((resolve) => {
          finish = () => resolve("ack");
        }),
    });
    await until(() => started.length === 1);
    stop();
    await turn();
    finish();
    await done;
    expect(queue.acked).toHaveLength(1);
  });
});
