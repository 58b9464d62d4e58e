/**
 * The processes of an edge: real workerd, D1, R2 and queues, from the same wrangler.toml and migrations as
 * `wrangler dev`, on a port of its own.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { D1Database, R2Bucket } from "@cloudflare/workers-types/index.ts";
import { parse } from "smol-toml";
import { createTestHarness } from "wrangler";
import type { Taken } from "./inside-worker.ts";
import { type D1Answer, remoteD1 } from "./remote-d1.ts";

export const secrets = {
  CALLBACK_SECRETS: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw whsec_T2xkZXIgc2VjcmV0IHRoYXQgc3RpbGwgb3BlbnM=",
  PLAYBACK_SECRET: "film-addresses-are-signed-with-this",
  ADMIN_KEY: "an-admin-key-for-tests",
};
const settings = {
  ...{ RATE_LIMITS: "off", ACTIVE_JOBS: "1000 1000", WEBHOOKS_ALLOW_PRIVATE: "1" },
  ...{ S3_ENDPOINT: "https://s3.example", S3_ACCESS_KEY_ID: "id", S3_SECRET_ACCESS_KEY: "secret" },
};

const root = join(import.meta.dirname, "../..");

export interface RateLimit {
  name: string;
  namespace_id: string;
  simple: { limit: number; period: 10 | 60 };
}

export interface RuntimeOptions {
  /** False: without tables. */
  migrate?: boolean;
  /** Instead of those in wrangler.toml, because a test sends each request that a limit lets through. */
  ratelimits?: RateLimit[];
  /** True: processes that no other test file has used. */
  fresh?: boolean;
}

export type EdgeRuntime = Awaited<ReturnType<typeof startRuntime>>;

let shared: { runtime: Promise<EdgeRuntime>; isFree: boolean } | undefined;

/**
 * An edge without rows, files and messages. The test files of a process that need nothing special use the same
 * one, one after the other; `close` gives it back.
 */
export async function openRuntime(
  overrides: Record<string, string>,
  options: RuntimeOptions,
): Promise<EdgeRuntime> {
  const isSpecial = Object.keys(overrides).length > 0 || Object.keys(options).length > 0;
  if (isSpecial || shared?.isFree === false) return startRuntime(overrides, options);
  shared ??= { runtime: startRuntime({}, {}), isFree: true };
  shared.isFree = false;
  const runtime = await shared.runtime;
  await runtime.clear();
  const close = async () => {
    if (shared) shared.isFree = true;
  };
  return { ...runtime, close };
}

async function startRuntime(
  overrides: Record<string, string>,
  { migrate = true, ratelimits }: RuntimeOptions,
) {
  const toml = parse(readFileSync(join(root, "wrangler.toml"), "utf8"));
  const server = createTestHarness({
    root,
    workers: [
      {
        ...(ratelimits ? { config: { ...toml, ratelimits } } : { configPath: "wrangler.toml" }),
        secrets: { ...secrets, ...settings, ...overrides },
      },
      {
        config: {
          name: "inside",
          main: fileURLToPath(new URL("./inside-worker.ts", import.meta.url).href),
          compatibility_date: "2026-11-01",
          d1_databases: [{ binding: "DB", database_name: "dreamreel" }],
          r2_buckets: [{ binding: "MEDIA", bucket_name: "dreamreel-media" }],
          durable_objects: {
            bindings: [{ name: "LEASES", class_name: "LeaseWatch", script_name: "dreamreel" }],
          },
          queues: {
            producers: [{ binding: "VIDEO_DEAD", queue: "video-dead" }],
            consumers: [
              { queue: "video-standard", max_batch_timeout: 0 },
              { queue: "video-premium", max_batch_timeout: 0 },
            ],
          },
        },
      },
    ],
  });
  const { url } = await server.listen();
  const worker = server.getWorker<{ DB: D1Database; MEDIA: R2Bucket }>("dreamreel");
  const inside = server.getWorker("inside");
  if (migrate) await worker.applyD1Migrations("DB");
  const { MEDIA: media } = await worker.getEnv();

  async function ask<T>(method: string, path: string, body?: string, headers = {}): Promise<T> {
    const response = await inside.fetch(path, { method, headers, ...(body === undefined ? {} : { body }) });
    const answer = (await response.json()) as T & { error?: string };
    if (!response.ok) throw new Error(answer.error);
    return answer;
  }

  return {
    url,
    d1: remoteD1((request) => ask<D1Answer>("POST", "/d1", JSON.stringify(request))),
    media,
    /**
     * Like `fetch`, without the process in between that `wrangler dev` changes workers behind. It asks the
     * Worker alone: the static files, and an empty header, are for `fetch` with `url`.
     */
    fetch: worker.fetch,
    logs: () => server.getLogs(),
    close: () => server.close(),
    migrate: () => worker.applyD1Migrations("DB"),
    sweep: () => worker.scheduled({ cron: "* * * * *", scheduledTime: new Date() }),
    messages: () => ask<Taken[]>("GET", "/messages"),
    giveUp: (body: string, contentType: string) =>
      ask<null>("POST", "/dead-letters", body, { "x-content-type": contentType }),
    async clear(): Promise<void> {
      await ask("DELETE", "/");
      server.clearLogs();
    },
  };
}
