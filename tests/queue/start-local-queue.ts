/**
 * Runs simulators/queue in workerd, with its Durable Object on disk. A second Worker sends to the queues as
 * the edge does.
 */
import { readdirSync, readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { fileURLToPath } from "node:url";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";
import type { QueueSettings } from "../../simulators/queue/catalogue.ts";

export interface LocalQueue {
  url: string;
  apiToken: string;
  /** Sends through a queue binding, as a Worker does. `bytes` bodies are given as an array of numbers. */
  send(queueName: string, body: unknown, contentType: "json" | "text" | "bytes"): Promise<void>;
  close(): Promise<void>;
}

const sourceFolder = fileURLToPath(new URL("../../simulators/queue", import.meta.url));
const apiToken = "a-token-for-tests";

/** `stateFolder` outlives the Worker: starting again with it finds the messages again. */
export async function startLocalQueue(stateFolder: string, catalogue: QueueSettings[]): Promise<LocalQueue> {
  const names = catalogue.map((queue) => queue.name);
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: "127.0.0.1",
      port: 0,
      log: new Log(LogLevel.ERROR),
      resourcePersistencePath: stateFolder,
      workers: [
        {
          name: "local-queue",
          modulesRoot: sourceFolder,
          modules: readModules(),
          compatibilityDate: "2026-11-01",
          bindings: { API_TOKEN: apiToken, CATALOGUE: catalogue as never },
          durableObjects: { QUEUES: { className: "QueueObject", useSQLite: true } },
          queueConsumers: Object.fromEntries(
            names.map((name) => [name, { maxBatchTimeout: 0, maxBatchSize: 100 }]),
          ),
        },
        {
          name: "sender",
          modules: true,
          script: senderSource,
          compatibilityDate: "2026-11-01",
          queueProducers: Object.fromEntries(names.map((name) => [name, { queueName: name }])),
        },
      ],
    }),
  );
  const url = (await miniflare.ready).origin;
  const sender = await miniflare.getWorker("sender");
  return {
    url,
    apiToken,
    send: async (queueName, body, contentType) => {
      const response = await sender.fetch("http://sender/", {
        method: "POST",
        body: JSON.stringify({ queueName, body, contentType }),
      });
      if (!response.ok) throw new Error(await response.text());
    },
    close: () => miniflare.dispose(),
  };
}

const senderSource = `export default {
  async fetch(request, env) {
    const { queueName, body, contentType } = await request.json();
    await env[queueName].send(contentType === "bytes" ? new Uint8Array(body) : body, { contentType });
    return new Response("sent");
  }
}`;

/** The entry comes first. Node strips the types, so nothing is bundled. */
function readModules() {
  const files = readdirSync(sourceFolder).filter(
    (file) => file.endsWith(".ts") && !file.endsWith(".test.ts"),
  );
  files.sort((a, b) => Number(b === "index.ts") - Number(a === "index.ts"));
  return files.map((file) => {
    const path = `${sourceFolder}/${file}`;
    return { type: "ESModule" as const, path, contents: stripTypeScriptTypes(readFileSync(path, "utf8")) };
  });
}
