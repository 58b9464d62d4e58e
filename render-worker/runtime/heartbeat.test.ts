import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { workerHeartbeatSeconds } from "../../contract/limits.ts";
import { readPrices, writePrices } from "../../contract/prices.ts";
import { startHeartbeat } from "./heartbeat.ts";
import { createLog } from "./log.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const tenHeartbeatsMs = 10 * workerHeartbeatSeconds * 1000;
const prices = writePrices(readPrices({}));
const machine = { region: "fra", version: "1.0.0", slots: 2, prices, ending_models: [] };
const metrics = { pricesDiffer: () => {} };

it("sends heartbeats again and again, and a last one that says it stops", async () => {
  const sent: boolean[] = [];
  let arrive: (() => void) | undefined;
  const edge = {
    sendHeartbeat: async ({ leaving }: { leaving: boolean }) => {
      // The fourth heartbeat stays on its way until the test lets it end.
      if (sent.length === 3 && !leaving) await new Promise<void>((resolve) => (arrive = resolve));
      sent.push(leaving);
      return null;
    },
  };
  const heartbeat = startHeartbeat(edge, machine, metrics, createLog("fatal", {}));
  await vi.advanceTimersByTimeAsync(tenHeartbeatsMs);
  const left = heartbeat.leave();
  await vi.advanceTimersByTimeAsync(tenHeartbeatsMs);
  expect(sent).toEqual([false, false, false]);
  arrive?.();
  await left;
  await vi.advanceTimersByTimeAsync(tenHeartbeatsMs);
  expect(sent).toEqual([false, false, false, false, true]);
});

it("tells the edge at once that the queue fails and that it works again, and repeats it with each heartbeat", async () => {
  const told: (string | null)[] = [];
  const edge = {
    sendHeartbeat: async ({ queue_fault }: { queue_fault: string | null }) => {
      told.push(queue_fault);
      return null;
    },
  };
  const heartbeat = startHeartbeat(edge, machine, metrics, createLog("fatal", {}));
  await vi.advanceTimersByTimeAsync(1_000);
  heartbeat.noteQueueFault("queue.unreachable");
  heartbeat.noteQueueFault("queue.unreachable");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(told).toEqual([null, "queue.unreachable"]);
  await vi.advanceTimersByTimeAsync(workerHeartbeatSeconds * 1000);
  expect(told).toEqual([null, "queue.unreachable", "queue.unreachable"]);
  heartbeat.noteQueueFault(null);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(told.at(-1)).toBeNull();
  await heartbeat.leave();
  const sent = told.length;
  heartbeat.noteQueueFault("queue.unreachable");
  await vi.advanceTimersByTimeAsync(tenHeartbeatsMs);
  expect(told, "a machine that has left is not on the list again").toHaveLength(sent);
});

it("goes on while the edge does not answer", async () => {
  let asked = 0;
  const edge = {
    sendHeartbeat: async () => {
      asked++;
      throw new Error("edge unreachable");
    },
  };
  const heartbeat = startHeartbeat(edge, machine, metrics, createLog("fatal", {}));
  await vi.advanceTimersByTimeAsync(15_000);
  expect(asked).toBe(4);
  await heartbeat.leave();
});

it("reports that the edge has other prices, for as long as it has them, and nothing of an older edge", async () => {
  const edgePrices = writePrices(readPrices({ PICTURE_PRICE_OUT: "31" }));
  const answers = [null, { prices: edgePrices }, { prices }];
  const reported: boolean[] = [];
  const edge = { sendHeartbeat: async () => answers.shift() ?? null };
  const watch = { pricesDiffer: (isDifferent: boolean) => reported.push(isDifferent) };
  const heartbeat = startHeartbeat(edge, machine, watch, createLog("fatal", {}));
  await vi.advanceTimersByTimeAsync(tenHeartbeatsMs);
  await heartbeat.leave();
  expect(reported).toEqual([true, false]);
});
