import { onFailpoint } from "../../render-worker/runtime/failpoint.ts";

/**
 * Kills the process at a failpoint: `point`, or `point*3` for its third pass. SIGKILL runs no handler and
 * flushes nothing.
 */
export function dieAt(failpoint: string | undefined): void {
  if (!failpoint) return;
  const [point, times = "1"] = failpoint.split("*");
  let left = Number(times);
  onFailpoint((passed) => {
    if (passed === point && --left === 0) process.kill(process.pid, "SIGKILL");
  });
}
