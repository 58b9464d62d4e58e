/** Where a film is saved: named after its title, in a place that can be written. */
import { accessSync, constants, existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { UsageError } from "../command-line/describe-error.ts";

/**
 * A file name of any title: its letters and digits in any script, or `dream` if it has none.
 */
export function slugOf(title: string): string {
  const plain = title
    .normalize("NFC")
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, "-")
    .replace(/^-|-$/g, "");
  return [...plain].slice(0, 60).join("").replace(/-$/, "") || "dream";
}

/** A title for a dream without one: the text's first words. */
export const firstWords = (text: string): string =>
  text.trim().split(/\s+/).slice(0, 6).join(" ").slice(0, 60);

/**
 * Checks that a film can be saved at `out`, a file or a folder; null is the current folder.
 * @throws UsageError when the folder does not exist or cannot be written
 */
export function checkOut(out: string | null): void {
  const path = out ?? ".";
  const folder = isFolder(path) ? path : dirname(path);
  if (!isFolder(folder)) throw new UsageError(`--out ${path}: there is no folder ${folder}.`);
  try {
    accessSync(existsSync(path) ? path : folder, constants.W_OK);
  } catch {
    throw new UsageError(`--out ${path} cannot be written.`);
  }
}

/**
 * The film's file: `out` itself if it is no folder, else a new file in that folder which is named after the
 * title.
 */
export function chooseFile(out: string | null, title: string): string {
  const path = out ?? ".";
  if (!isFolder(path)) return path;
  const slug = slugOf(title);
  for (let n = 1; ; n++) {
    const file = join(path, `${slug}${n === 1 ? "" : `-${n}`}.mp4`);
    if (!existsSync(file)) return file;
  }
}

const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
