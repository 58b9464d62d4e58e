import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Takes a state folder for this process, because two clouds in one folder would delete each other's files.
 * The lock of a process that is gone counts for nothing.
 *
 * @returns the function that gives the folder back
 * @throws Error that names the process which has the folder
 */
export function lockState(stateDir: string): () => void {
  const path = join(stateDir, "lock");
  for (;;) {
    try {
      writeFileSync(path, String(process.pid), { flag: "wx" });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const holder = readHolder(path);
    if (holder !== null)
      throw new Error(
        `Process ${holder} runs a local cloud with the state folder ${stateDir}. Stop it, or set DREAMREEL_PORT or ` +
          `DREAMREEL_STATE to another one. If process ${holder} is something else, delete ${path}.`,
      );
    rmSync(path, { force: true });
  }
}

/** The other process that has the lock, or null. */
function readHolder(path: string): number | null {
  try {
    const pid = Number(readFileSync(path, "utf8"));
    // In a container, every run may have the same process id.
    if (!(pid > 0) || pid === process.pid) return null;
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    const isForeign = (error as NodeJS.ErrnoException).code === "EPERM";
    return isForeign ? Number(readFileSync(path, "utf8")) : null;
  }
}
