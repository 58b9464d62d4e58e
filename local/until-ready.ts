import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ProcessGroup } from "./process-group.ts";

const startTimeoutMs = 60_000;

/**
 * Resolves when `url` answers with a 2xx status.
 * @throws Error with the path of the log when the process ends or the time is over
 */
export async function untilReady(
  group: ProcessGroup,
  url: string,
  logDir: string,
  signal?: AbortSignal,
): Promise<void> {
  const deadline = performance.now() + startTimeoutMs;
  let ended = false;
  void group.exited.then(() => {
    ended = true;
  });
  while (!ended && performance.now() < deadline) {
    signal?.throwIfAborted();
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
    await response?.body?.cancel();
    if (response?.ok) return;
    await sleep(50);
  }
  throw new Error(`${group.name} did not start; see ${join(logDir, `${group.name}.log`)}`);
}
