import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

/** Node compiles a file again in milliseconds; a migrated database is made again in seconds. */
const compiledDays = 7;
const migratedFolders = 3;

/**
 * Deletes caches in the folder `build` that no run needs: compiled code that is older than a week, and all
 * migrated databases but the newest three. Each change of a file or of the migrations adds to them.
 */
export function pruneBuild(build: string, nowMs: number): void {
  const oldestMs = nowMs - compiledDays * 24 * 3600 * 1000;
  for (const path of list(join(build, "compiled"), true))
    if (isOlder(path, oldestMs)) rmSync(path, { force: true });
  const byAge = list(join(build, "migrated"), false).sort((a, b) => timeOf(b) - timeOf(a));
  for (const path of byAge.slice(migratedFolders)) rmSync(path, { recursive: true, force: true });
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
