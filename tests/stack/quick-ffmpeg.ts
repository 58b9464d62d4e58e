/**
 * Starts the system's ffmpeg and ffprobe in a quarter of their CPU time. Debian's are linked to 220
 * libraries: for screens, sound cards, graphics cards and networks, and codecs of which no film has any. To
 * load them and to look 55,000 symbols up takes nine tenths of a start's CPU time. Here ffmpeg's own five
 * libraries are copies that are not linked to them: 18 instead of 98 ms. The tests start ffmpeg more than two
 * thousand times. It ends with SIGSEGV where a test needs what was left out: add that library to `used`.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, delimiter, join } from "node:path";
import { unlinkLibraries } from "./unlink-libraries.ts";

const edited = /^libav(codec|device|filter|format|util)\.so/;
/**
 * What ffmpeg calls in the tests: its own libraries and the language's, text, voices (flite), and the codecs
 * and containers that the tests read or write. It prepares TLS and x265 at each start, and asks GME and
 * OpenMPT about each file of an unknown format.
 */
const used =
  /^lib(av(codec|device|filter|format|util)|sw\w+|postproc|c|m|stdc\+\+|gcc_s|pthread|dl|z|bz2|lzma|xml2|ass|fontconfig|freetype|fribidi|harfbuzz|flite\w*|gnutls|gme|openmpt|mp3lame|opus|vorbis\w*|vpx|webp\w*|x26[45]|dav1d|aom)\.so/;

/**
 * A folder in `parent` for the front of PATH, with a script each for ffmpeg and ffprobe. It is made once for
 * a version of them. Null where they are missing, where the system's libraries cannot be edited, or where an
 * edited one answers otherwise than the system's.
 */
export function quickFfmpeg(parent: string): string | null {
  const tools = ["ffmpeg", "ffprobe"].map((name) => findInPath(name, parent)).filter((path) => path !== null);
  if (process.platform !== "linux" || tools.length < 2) return null;
  const versions = tools.map((path) => `${path} ${statSync(path).mtimeMs}`);
  const name = createHash("sha256").update(`${used} ${versions.join()}`).digest("hex").slice(0, 16);
  const folder = join(parent, name);
  if (existsSync(folder)) return folder;
  mkdirSync(parent, { recursive: true });
  const made = mkdtempSync(join(parent, "new-"));
  try {
    for (const tool of tools) placeTool(tool, made);
    if (!tools.every((tool) => answersAlike(tool, join(made, basename(tool))))) throw new Error("not alike");
    renameSync(made, folder);
  } catch {
    // This system's libraries cannot be edited, or another process has made it meanwhile.
    rmSync(made, { recursive: true, force: true });
  }
  return existsSync(folder) ? folder : null;
}

function findInPath(name: string, apart: string): string | null {
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => !folder.startsWith(apart));
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}

/**
 * Writes the edited libraries and the script, which loads them in place of the system's of the same names.
 */
function placeTool(tool: string, folder: string): void {
  const libraries = listLibraries(tool).filter((path) => edited.test(basename(path)));
  for (const path of libraries) {
    const copy = unlinkLibraries(readFileSync(path), (name) => !used.test(name));
    writeFileSync(join(folder, basename(path)), copy);
  }
  const loaded = libraries.map((path) => `$here/${basename(path)}`).join(" ");
  const script = `#!/bin/sh\nhere=\${0%/*}\nLD_PRELOAD="${loaded}" exec ${tool} "$@"\n`;
  writeFileSync(join(folder, basename(tool)), script, { mode: 0o755 });
}

/** The paths of all libraries that the loader would load for this program. */
function listLibraries(tool: string): string[] {
  const env = { ...process.env, LD_TRACE_LOADED_OBJECTS: "1" };
  const { stdout } = spawnSync(tool, { env, encoding: "utf8" });
  return [...(stdout ?? "").matchAll(/=> (\/\S+)/g)].map(([, path]) => path as string);
}

/**
 * Both list the same filters, say the same of a file that is of no format, and make a picture of the same
 * bytes.
 */
function answersAlike(tool: string, quick: string): boolean {
  const noise = createHash("shake256", { outputLength: 65_536 }).digest();
  const asked = [
    ["-hide_banner", "-filters"],
    ["-v", "error", "-i", "pipe:0"],
    ["-v", "error", "-f", "lavfi", "-i", "testsrc=d=1", "-c:v", "libx264", "-f", "h264", "-"],
  ];
  return asked.every((args) => {
    const [first, second] = [tool, quick].map((path) => {
      const { status, signal, stdout, stderr } = spawnSync(path, args, { input: noise, maxBuffer: 1 << 28 });
      return JSON.stringify([status, signal, stdout.toString("base64"), stderr.toString()]);
    });
    return first === second;
  });
}
