/** Starts a process of the local cloud again that has ended, while the others go on. */
import { setTimeout as sleep } from "node:timers/promises";
import type { ServiceName } from "./services.ts";

/** Pauses before the tries in a row, in milliseconds. After the last one a person has to look. */
const pausesMs = [1_000, 2_000, 5_000, 15_000, 30_000];
/** A process that lived for so long has started well: its next end begins a new row. */
const wellMs = 60_000;

export interface RevivePorts {
  restart(name: ServiceName): Promise<void>;
  say(line: string): void;
  now?: () => number;
  pause?: (ms: number) => Promise<void>;
}

/**
 * The reaction to the end of a process. `how` is a sentence with its name and the path of its log. Says what
 * happened, waits, and starts it; five times in a row at most.
 */
export function createRevival(
  { restart, say, now = () => performance.now(), pause = (ms) => sleep(ms) }: RevivePorts,
  signal: AbortSignal,
): (name: ServiceName, how: string) => Promise<void> {
  const tries = new Map<ServiceName, { count: number; atMs: number }>();
  return async function revive(name, how) {
    const before = tries.get(name);
    const count = before !== undefined && now() - before.atMs < wellMs ? before.count + 1 : 0;
    const pauseMs = pausesMs[count];
    if (pauseMs === undefined) {
      say(
        `${how}\nThe ${name} has ended ${count + 1} times in a row and is not started again: mend it, then save the file or restart npm run dev.`,
      );
      return;
    }
    say(`${how}\nThe others go on. The ${name} starts again in ${pauseMs / 1000} s.`);
    await pause(pauseMs);
    if (signal.aborted) return;
    tries.set(name, { count, atMs: now() });
    try {
      await restart(name);
      say(`The ${name} is up again.`);
    } catch (error) {
      await revive(name, (error as Error).message);
    }
  };
}
