/** Tells the edge once a minute that this machine is there, and at the end that it goes. No job depends on it. */
import { workerHeartbeatSeconds } from "../../contract/limits.ts";
import type { HeartbeatPort } from "../clients/edge.ts";
import type { Logger } from "./log.ts";

export interface Heartbeat {
  /** Tells that the machine goes. Never throws. */
  leave(): Promise<void>;
}

/** The edge may start together with this machine, or be away for a moment. */
const retryMs = 5_000;

type HeartbeatMessage = Parameters<HeartbeatPort["sendHeartbeat"]>[0];

export function startHeartbeat(
  edge: HeartbeatPort,
  facts: Omit<HeartbeatMessage, "leaving">,
  log: Logger,
  everyMs = workerHeartbeatSeconds * 1000,
): Heartbeat {
  const tell = (leaving: boolean) =>
    edge.sendHeartbeat({ ...facts, leaving }).then(
      () => true,
      (error: unknown) => {
        log.warn({ error }, "worker.heartbeat_lost");
        return false;
      },
    );
  let timer: NodeJS.Timeout | undefined;
  let isLeaving = false;
  const beat = async () => {
    const isStored = await tell(false);
    if (!isLeaving) timer = setTimeout(next, isStored ? everyMs : Math.min(everyMs, retryMs));
  };
  let last = beat();
  function next() {
    last = beat();
  }
  return {
    async leave() {
      isLeaving = true;
      clearTimeout(timer);
      // One that is still on its way would arrive after the farewell and bring the machine back.
      await last;
      await tell(true);
    },
  };
}
