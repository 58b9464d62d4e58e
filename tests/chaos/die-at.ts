import { onFailpoint } from "../../render-worker/runtime/failpoint.ts";

/** `point` or `point*3`, the third time it is passed. SIGKILL: no handler, no flush, no goodbye. */
export function dieAt(wish: string | undefined): void {
  if (!wish) return;
  const [point, times = "1"] = wish.split("*");
  let left = Number(times);
  onFailpoint((passed) => {
    if (passed === point && --left === 0) process.kill(process.pid, "SIGKILL");
  });
}
