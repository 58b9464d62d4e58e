/** Tells the edge once a minute that this machine is there, and at the end that it goes. No job depends on it. */
import { signOfLifeSeconds } from "../contract/limits.ts";
import type { PresencePort } from "./clients/edge.ts";
import type { Logger } from "./log.ts";

export interface Presence {
  /** Tells that the machine goes. Never throws. */
  leave(): Promise<void>;
}

type Sign = Parameters<PresencePort["giveSign"]>[0];

export function startPresence(
  edge: PresencePort,
  facts: Omit<Sign, "leaving">,
  log: Logger,
  everyMs = signOfLifeSeconds * 1000,
): Presence {
  const tell = (leaving: boolean) =>
    edge.giveSign({ ...facts, leaving }).catch((error: unknown) => {
      log.warn({ error }, "worker.sign_lost");
    });
  let last = tell(false);
  const timer = setInterval(() => {
    last = tell(false);
  }, everyMs);
  return {
    async leave() {
      clearInterval(timer);
      // One that is still on its way would arrive after the farewell and bring the machine back.
      await last;
      await tell(true);
    },
  };
}
