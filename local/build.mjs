/**
 * Builds what no file of the repository holds: the camera kernel's WebAssembly and the pages that the Worker serves.
 * Plain JavaScript: the set-up runs it on the system's Node. A step whose result is newer than its sources is skipped.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** @throws Error naming the script that failed */
export default function buildAll() {
  const kernel = join(root, "render-worker", "media", "camera", "kernel.ts");
  buildIfOlder(["camera.wasm", "camera-plain.wasm"], [kernel], "build:kernel");
  const pages = readdirSync(join(root, "web"), { recursive: true }).map((name) => join(root, "web", name));
  buildIfOlder([join("studio", "main.js")], pages, "build:studio");
}

function buildIfOlder(results, sources, script) {
  const newest = Math.max(...sources.map((path) => statSync(path).mtimeMs));
  const isNew = (name) => {
    const path = join(root, "build", name);
    return existsSync(path) && statSync(path).mtimeMs >= newest;
  };
  if (results.every(isNew)) return;
  // What the script prints goes to stderr: stdout belongs to the caller.
  const { status } = spawnSync("npm", ["run", "--silent", script], { cwd: root, stdio: ["ignore", 2, 2] });
  if (status !== 0) throw new Error(`npm run ${script} failed`);
}
