/** Which files of the checkout have changed since the last look. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { root } from "./root.ts";

/**
 * Starts to watch the code below `folders`. Each call of the returned function lists the files that changed,
 * came or went since the call before, as paths from the root. Tests do not count.
 *
 * It compares times and sizes, because `fs.watch` misses changes on shared folders (WSL, containers).
 */
export function watchSources(folders: readonly string[]): () => string[] {
  let before = look(folders);
  return () => {
    const now = look(folders);
    const paths = [...new Set([...before.keys(), ...now.keys()])];
    const changed = paths.filter((path) => before.get(path) !== now.get(path));
    before = now;
    return changed.sort();
  };
}

function look(folders: readonly string[]): Map<string, string> {
  const stamps = new Map<string, string>();
  for (const folder of folders)
    for (const entry of readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })) {
      const path = join(folder, entry);
      const stat = statSync(join(root, path), { throwIfNoEntry: false });
      if (stat?.isFile() && !isIgnored(entry)) stamps.set(path, `${stat.mtimeMs} ${stat.size}`);
    }
  return stamps;
}

/** Tests, and what editors and `tsc -b` write beside a file. */
const isIgnored = (path: string) =>
  /\.test\.ts$|\.tsbuildinfo$|~$|\.sw[px]$|(^|[/\\])(\.|#|4913$)/.test(path);
