import { existsSync, statSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { until } from "../until.ts";

/** What `make` makes takes less on a busy machine. An older lock is of a process that was killed. */
const mostLockMs = 90_000;

/**
 * Makes a folder that many test processes use, unless it exists. One process calls `make` with an empty
 * folder, which gets its name when it is complete; the others wait for it.
 * @throws what `make` throws
 */
export async function makeOnce(folder: string, make: (folder: string) => Promise<void>): Promise<void> {
  if (existsSync(folder)) return;
  const lock = `${folder}.lock`;
  await mkdir(join(folder, ".."), { recursive: true });
  await until(async () => {
    if (existsSync(folder)) return true;
    if (!(await takeLock(lock))) return false;
    try {
      if (existsSync(folder)) return true;
      const made = await mkdtemp(join(folder, "..", "new-"));
      await make(made);
      await rename(made, folder);
    } finally {
      await rm(lock, { recursive: true });
    }
    return true;
  });
}

async function takeLock(lock: string): Promise<boolean> {
  const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
  if (since !== undefined && Date.now() - since > mostLockMs)
    await rm(lock, { recursive: true, force: true });
  return mkdir(lock).then(
    () => true,
    () => false,
  );
}
