/** A promise and a signal for the first SIGINT, SIGTERM or SIGHUP. A second one ends the process at once. */
export function untilStopped(): { promise: Promise<undefined>; signal: AbortSignal } {
  const controller = new AbortController();
  const promise = new Promise<undefined>((resolve) => {
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
      process.on(name, () => {
        if (controller.signal.aborted) process.exit(130);
        controller.abort();
        resolve(undefined);
      });
  });
  return { promise, signal: controller.signal };
}
