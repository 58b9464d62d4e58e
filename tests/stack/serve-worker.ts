/**
 * Serves a bundled Worker with the arguments that `wranglerDev` gives `wrangler dev`: the same workerd, D1,
 * R2, queues and files, without the bundler, the watcher and the second workerd in front of it. For the local
 * cloud: the variable DREAMREEL_WRANGLER names this file.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs, parseEnv } from "node:util";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
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
    workers: [await bundledWorker(config, { ...Object.fromEntries(variables), ...secrets })],
  }),
);
for (const signal of ["SIGTERM", "SIGINT"] as const)
  process.once(signal, () => void miniflare.dispose().finally(() => process.exit(0)));
await miniflare.ready;
