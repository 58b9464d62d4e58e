/**
 * Builds the camera kernel's WebAssembly and the pages that the Worker serves. Skips a step whose result is
 * newer than its sources. Plain JavaScript, because the set-up runs it on the system's Node.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/**
 * Builds everything that is out of date.
 * @throws Error with the name of the script that failed
 */
export default function buildAll() {
  const kernel = join("render-worker", "media", "camera", "kernel");
  buildIfOlder(
    ["camera.wasm", "camera-plain.wasm"],
    filesBelow(kernel),
    "build:kernel",
    "Compiling the camera's kernel",
  );
  const pages = ["web", "contract"].flatMap(filesBelow);
  buildIfOlder(
    [join("studio", "main.js"), join("studio", "docs.html")],
    pages,
    "build:studio",
    "Building the pages",
  );
}

/** All that is in a folder of the project. */
const filesBelow = (folder) =>
  readdirSync(join(root, folder), { recursive: true }).map((name) => join(root, folder, name));

function buildIfOlder(results, sources, script, purpose) {
  const newest = Math.max(...sources.map((path) => statSync(path).mtimeMs));
  const isNew = (name) => {
    const path = join(root, "build", name);
    return existsSync(path) && statSync(path).mtimeMs >= newest;
  };
  if (results.every(isNew)) return;
  process.stderr.write(`${purpose} …\n`);
  // The script's output goes to stderr, because the caller uses stdout for its result.
  const { status } = spawnSync("npm", ["run", "--silent", script], { cwd: root, stdio: ["ignore", 2, 2] });
  if (status !== 0) throw new Error(`npm run ${script} failed`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) buildAll();
