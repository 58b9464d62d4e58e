/**
 * Sends the edge a heartbeat every 45 s while the machine runs, and a last one when it stops. No job depends
 * on it.
 */

import { workerHeartbeatSeconds } from "../../contract/limits.ts";
import type { WorkerHeartbeat, WorkerHeartbeatAnswer } from "../../contract/worker-heartbeat.ts";
import type { Logger } from "./log.ts";

export interface HeartbeatPort {
  /**
   * Says that this machine is running, or that it stops. Null: an older edge answered. @throws Transient,
   * Rejected
   */
  sendHeartbeat(heartbeat: Omit<WorkerHeartbeat, "worker_id">): Promise<WorkerHeartbeatAnswer | null>;
}

export interface Heartbeat {
  /**
   * Tells the edge that the calls to the queue fail with this code, or again succeed: at once, if it is news.
   */
  noteQueueFault(code: string | null): void;
  /** Sends the last heartbeat, which removes the machine from the list. Never throws. */
  leave(): Promise<void>;
}

/** The edge may start at the same time as this machine, or be away for a moment. */
const retryMs = 5_000;

type HeartbeatMessage = Parameters<HeartbeatPort["sendHeartbeat"]>[0];

/**
 * Sends the first heartbeat at once and then one every `everyMs`. A lost one is logged and sent again after 5
 * s. Logs and counts when the edge has other AI prices than this machine: budgets and estimates would then
 * not fit the charges.
 */
export function startHeartbeat(
  edge: HeartbeatPort,
  machine: Omit<HeartbeatMessage, "leaving" | "every_seconds" | "queue_fault">,
  metrics: { pricesDiffer(isDifferent: boolean): void },
  log: Logger,
  everyMs = workerHeartbeatSeconds * 1000,
): Heartbeat {
  const comparePrices = (edgePrices: string) => {
    const isDifferent = edgePrices !== machine.prices;
    metrics.pricesDiffer(isDifferent);
    if (isDifferent) log.warn({ worker: machine.prices, edge: edgePrices }, "worker.prices_differ");
  };
  let queueFault: string | null = null;
  const send = (leaving: boolean) =>
    edge.sendHeartbeat({ ...machine, queue_fault: queueFault, every_seconds: everyMs / 1000, leaving }).then(
      (answer) => {
        if (answer) comparePrices(answer.prices);
        return true;
      },
      (error: unknown) => {
        log.warn({ error }, "worker.heartbeat_lost");
        return false;
      },
    );
  let timer: NodeJS.Timeout | undefined;
  let isLeaving = false;
  const sendNext = async () => {
    if (isLeaving) return;
    const isStored = await send(false);
    if (!isLeaving) timer = setTimeout(next, isStored ? everyMs : Math.min(everyMs, retryMs));
  };
  let last = sendNext();
  function next() {
    last = sendNext();
  }
  return {
    noteQueueFault(code) {
      if (code === queueFault || isLeaving) return;
      queueFault = code;
      // After the heartbeat that is on its way, which has the older news.
      last = last.then(() => {
        clearTimeout(timer);
        return sendNext();
      });
    },
    async leave() {
      isLeaving = true;
      clearTimeout(timer);
      // A heartbeat that arrives after the last one would put the machine back on the list.
      await last;
      await send(true);
    },
  };
}
