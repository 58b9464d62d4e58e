/** Tells the edge once a minute that this machine is there, and at the end that it goes. No job depends on it. */
import { signOfLifeSeconds } from "../../contract/limits.ts";
import type { PresencePort } from "../clients/edge.ts";
import type { Logger } from "./log.ts";

export interface Presence {
  /** Tells that the machine goes. Never throws. */
  leave(): Promise<void>;
}

/** The edge may start together with this machine, or be away for a moment. */
const unheardMs = 5_000;

type Sign = Parameters<PresencePort["giveSign"]>[0];

export function startPresence(
  edge: PresencePort,
  facts: Omit<Sign, "leaving">,
  log: Logger,
  everyMs = signOfLifeSeconds * 1000,
): Presence {
  const tell = (leaving: boolean) =>
    edge.giveSign({ ...facts, leaving }).then(
      () => true,
      (error: unknown) => {
        log.warn({ error }, "worker.sign_lost");
        return false;
      },
    );
  let timer: NodeJS.Timeout | undefined;
  let isLeaving = false;
  const beat = async () => {
    const isHeard = await tell(false);
    if (!isLeaving) timer = setTimeout(next, isHeard ? everyMs : Math.min(everyMs, unheardMs));
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
