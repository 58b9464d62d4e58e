import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

/** Node compiles a file again in milliseconds; the others are made again in seconds. */
const compiledDays = 7;
/** Folders with a folder for each state of the sources; so many of these stay. */
const stateFolders = ["migrated", "quick", "workers"];
const keptStates = 3;

/**
 * Deletes caches in the folder `build` that no run needs: compiled code that is older than a week, and all
 * migrated databases, bundled Workers and scripts that start ffmpeg but the newest three. Each change of the
 * sources adds to them.
 */
export function pruneBuild(build: string, nowMs: number): void {
  const oldestMs = nowMs - compiledDays * 24 * 3600 * 1000;
  for (const path of list(join(build, "compiled"), true))
    if (isOlder(path, oldestMs)) rmSync(path, { force: true });
  for (const name of stateFolders) {
    const byAge = list(join(build, name), false).sort((a, b) => timeOf(b) - timeOf(a));
    for (const path of byAge.slice(keptStates)) rmSync(path, { recursive: true, force: true });
  }
}

function list(folder: string, recursive: boolean): string[] {
  try {
    return readdirSync(folder, { recursive, encoding: "utf8" }).map((name) => join(folder, name));
  } catch {
    return [];
  }
}

const timeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

function isOlder(path: string, oldestMs: number): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat?.isFile() === true && stat.mtimeMs < oldestMs;
}
