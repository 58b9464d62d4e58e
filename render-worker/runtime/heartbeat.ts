/**
 * Sends the edge a heartbeat once a minute while the machine runs, and a last one when it stops. No job
 * depends on it.
 */

import type { WorkerHeartbeat } from "../../contract/internal.ts";
import { workerHeartbeatSeconds } from "../../contract/limits.ts";
import type { Logger } from "./log.ts";

export interface HeartbeatPort {
  /** Says that this machine is running, or that it stops. @throws Transient, Rejected */
  sendHeartbeat(heartbeat: Omit<WorkerHeartbeat, "worker_id">): Promise<void>;
}

export interface Heartbeat {
  /** Sends the last heartbeat, which removes the machine from the list. Never throws. */
  leave(): Promise<void>;
}

/** The edge may start at the same time as this machine, or be away for a moment. */
const retryMs = 5_000;

type HeartbeatMessage = Parameters<HeartbeatPort["sendHeartbeat"]>[0];

/**
 * Sends the first heartbeat at once and then one every `everyMs`; a lost one is logged and sent again after 5
 * s.
 */
export function startHeartbeat(
  edge: HeartbeatPort,
  machine: Omit<HeartbeatMessage, "leaving">,
  log: Logger,
  everyMs = workerHeartbeatSeconds * 1000,
): Heartbeat {
  const send = (leaving: boolean) =>
    edge.sendHeartbeat({ ...machine, leaving }).then(
      () => true,
      (error: unknown) => {
        log.warn({ error }, "worker.heartbeat_lost");
        return false;
      },
    );
  let timer: NodeJS.Timeout | undefined;
  let isLeaving = false;
  const sendNext = async () => {
    const isStored = await send(false);
    if (!isLeaving) timer = setTimeout(next, isStored ? everyMs : Math.min(everyMs, retryMs));
  };
  let last = sendNext();
  function next() {
    last = sendNext();
  }
  return {
    async leave() {
      isLeaving = true;
      clearTimeout(timer);
      // A heartbeat that arrives after the last one would put the machine back on the list.
      await last;
      await send(true);
    },
  };
}
