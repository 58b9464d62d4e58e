/**
 * Starts the system's ffmpeg and ffprobe in two thirds of their CPU time. Debian's are linked to 220 libraries. At each
 * start the dynamic loader looks 55,000 symbols up, each in one library after the other, which is nine tenths of a
 * start's CPU time. Here the libraries that have most of them come first: 63 instead of 98 ms. The tests start ffmpeg
 * more than a thousand times.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, delimiter, join } from "node:path";

/** More libraries save nothing more. */
const mostLibraries = 6;

/**
 * A folder in `parent` for the front of PATH, with a script each for ffmpeg and ffprobe. It is made once for a version
 * of them. Null where they are missing, or where the system's loader does not tell where it finds symbols.
 */
export function quickFfmpeg(parent: string): string | null {
  const tools = ["ffmpeg", "ffprobe"].map(findInPath).filter((path) => path !== null);
  if (process.platform !== "linux" || tools.length < 2) return null;
  const versions = tools.map((path) => `${path} ${statSync(path).mtimeMs}`);
  const folder = join(parent, createHash("sha256").update(versions.join()).digest("hex").slice(0, 16));
  if (existsSync(folder)) return folder;
  mkdirSync(parent, { recursive: true });
  const made = mkdtempSync(join(parent, "new-"));
  for (const path of tools) {
    const libraries = listBusiest(path);
    if (libraries.length === 0) return null;
    const script = `#!/bin/sh\nLD_PRELOAD='${libraries.join(" ")}' exec ${path} "$@"\n`;
    writeFileSync(join(made, basename(path)), script, { mode: 0o755 });
  }
  try {
    renameSync(made, folder);
  } catch {
    // Another process has made it meanwhile.
    rmSync(made, { recursive: true });
  }
  return folder;
}

function findInPath(name: string): string | null {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}

/** The libraries in which most symbols are found when this program starts. */
function listBusiest(path: string): string[] {
  const env = { ...process.env, LD_DEBUG: "bindings" };
  const { stderr } = spawnSync(path, ["-version"], { env, encoding: "utf8", maxBuffer: 1 << 28 });
  const counts = new Map<string, number>();
  for (const [, library = ""] of (stderr ?? "").matchAll(/binding file \S+ \[0\] to (\S+\.so\S*) \[0\]/g))
    counts.set(library, (counts.get(library) ?? 0) + 1);
  const sorted = [...counts].sort(([, a], [, b]) => b - a).map(([library]) => library);
  // The program is linked to these itself, so they come first anyway.
  return sorted.filter((library) => !/\/lib(c|m|av\w+)\.so/.test(library)).slice(0, mostLibraries);
}
