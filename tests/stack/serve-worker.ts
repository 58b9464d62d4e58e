/**
 * Serves a bundled Worker with the arguments that `wranglerDev` gives `wrangler dev`: the same workerd, D1,
 * R2, queues and files, without the bundler, the watcher and the second workerd in front of it. For the local
 * cloud: the variable DREAMREEL_WRANGLER names this file. WORKER_ENTRY names a script that is served in front
 * of the bundle, which it imports as `./index.js`.
 */
import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { join } from "node:path";
import { parseArgs, parseEnv } from "node:util";
import { convertV4MiniflareOptions, Miniflare, type V4WorkerOptions } from "miniflare";
import { bundledWorker } from "./bundled-workers.ts";

const text = { type: "string" } as const;
const { values } = parseArgs({
  allowPositionals: true,
  options: {
    ...{ config: text, ip: text, port: text, "persist-to": text, "env-file": text, "inspector-port": text },
    ...{ "show-interactive-dev-session": text, "log-level": text, var: { ...text, multiple: true } },
  },
});
const { config = "", ip = "127.0.0.1", port = "0" } = values;
const variables = (values.var ?? []).map((given) => {
  const colon = given.indexOf(":");
  return [given.slice(0, colon), given.slice(colon + 1)] as const;
});
const secrets = parseEnv(readFileSync(values["env-file"] ?? "", "utf8")) as Record<string, string>;

const miniflare = new Miniflare(
  convertV4MiniflareOptions({
    host: ip,
    port: Number(port),
    resourcePersistencePath: join(values["persist-to"] ?? "", "v3"),
    unsafeDevRegistryPath: process.env.WRANGLER_REGISTRY_PATH ?? "",
    unsafeTriggerHandlers: true,
    logRequests: false,
    workers: [withEntry(await bundledWorker(config, { ...Object.fromEntries(variables), ...secrets }))],
  }),
);

function withEntry(worker: V4WorkerOptions): V4WorkerOptions {
  const entry = process.env.WORKER_ENTRY;
  if (entry === undefined || !("modules" in worker) || !Array.isArray(worker.modules)) return worker;
  const path = join(worker.modulesRoot ?? "", "entry.js");
  const contents = stripTypeScriptTypes(readFileSync(entry, "utf8"));
  return { ...worker, modules: [{ type: "ESModule", path, contents }, ...worker.modules] };
}

for (const signal of ["SIGTERM", "SIGINT"] as const)
  process.once(signal, () => void miniflare.dispose().finally(() => process.exit(0)));
await miniflare.ready;
