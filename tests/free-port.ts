import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/**
 * Below the range that systems take the ports of outgoing connections from (Linux: 32768 and up), so that no
 * connection takes the port before the test's server does.
 */
const [lowest, highest] = [10_240, 32_000];

/**
 * A port of 127.0.0.1 that is free now, and most likely still is when a server of the test starts there. With
 * `count` it is the first of so many in a row.
 */
export async function freePort(count = 1): Promise<number> {
  for (;;) {
    const first = randomInt(lowest, highest);
    const free = await Promise.all(Array.from({ length: count }, (_, offset) => isFree(first + offset)));
    if (free.every(Boolean)) return first;
  }
}

/** Whether a server could listen on the port of 127.0.0.1 now. */
export function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  return new Promise((resolve) => {
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
