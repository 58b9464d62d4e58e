/** How often and how long R2 is asked for a file that a worker is about to put there. */
const lookMs = 250;
const waitMs = 5_000;

/**
 * Waits a little for a file that is not there yet, so that a player which is a moment early starts instead of giving up.
 * Resolves to whether it is there. `isComing` is asked once.
 */
export async function awaitFile(
  media: R2Bucket,
  key: string,
  isComing: () => Promise<boolean>,
): Promise<boolean> {
  if (!(await isComing())) return false;
  for (let waitedMs = 0; waitedMs < waitMs; waitedMs += lookMs) {
    if ((await media.head(key)) !== null) return true;
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
  return false;
}
