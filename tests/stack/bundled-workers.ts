/**
 * The edge and the queue simulator as wrangler bundles them, made once for a state of the sources. To start
 * wrangler and to bundle costs 2.5 CPU seconds for each Worker; the tests start some fifty.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import type { V4WorkerOptions } from "miniflare";
import { makeOnce } from "./make-once.ts";

const root = join(import.meta.dirname, "..", "..");
const configs = ["wrangler.toml", join("simulators", "queue", "wrangler.toml")] as const;
/** Everything that a bundle is made of. */
const sources = ["contract", "db", "edge", "simulators/queue", "wrangler.toml", "package-lock.json"];

/**
 * Miniflare's options of the Worker of this configuration file, as wrangler reads and bundles it. `bindings`:
 * variables and secrets besides those of the file. The first call after a change of the sources bundles both
 * Workers, and keeps the result in build/.
 * @throws Error with wrangler's output if a source has an error
 */
export async function bundledWorker(
  config: string,
  bindings: Record<string, string>,
): Promise<V4WorkerOptions> {
  const index = configs.findIndex((known) => resolve(root, known) === resolve(root, config));
  if (index < 0) throw new Error(`${config} is none of ${configs.join(", ")}`);
  const folder = join(root, "build", "workers", hashSources());
  await makeOnce(folder, bundleAll);
  const options = JSON.parse(readFileSync(join(folder, `${index}.json`), "utf8")) as V4WorkerOptions;
  const modulesRoot = join(folder, String(index));
  const path = join(modulesRoot, "index.js");
  return {
    ...options,
    bindings: { ...options.bindings, ...bindings },
    ...{ rootPath: modulesRoot, modulesRoot },
    modules: [{ type: "ESModule", path, contents: readFileSync(path, "utf8") }],
  };
}

async function bundleAll(made: string): Promise<void> {
  // Loaded only here: it costs a CPU second.
  const { unstable_getMiniflareWorkerOptions, unstable_readConfig } = await import("wrangler");
  for (const [index, config] of configs.entries()) {
    const wrangler = join(root, "node_modules", "wrangler", "bin", "wrangler.js");
    const outdir = join(made, String(index));
    const args = ["deploy", "--dry-run", "--config", config, "--outdir", outdir];
    await promisify(execFile)(process.execPath, [wrangler, ...args], { cwd: root });
    const { workerOptions } = unstable_getMiniflareWorkerOptions(join(root, config));
    const { name } = unstable_readConfig({ config: join(root, config) });
    await writeFile(join(made, `${index}.json`), JSON.stringify({ name, ...workerOptions }));
  }
}

function hashSources(): string {
  const hash = createHash("sha256");
  for (const source of sources) {
    const path = join(root, source);
    const names = statSync(path).isFile() ? [""] : readdirSync(path, { recursive: true, encoding: "utf8" });
    for (const name of names.filter((one) => !one.endsWith(".test.ts")).sort())
      if (statSync(join(path, name)).isFile())
        hash.update(`${source}/${name}\n`).update(readFileSync(join(path, name)));
  }
  return hash.digest("hex").slice(0, 16);
}
