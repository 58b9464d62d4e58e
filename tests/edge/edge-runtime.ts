/**
 * The process of an edge: real workerd, D1, R2 and queues, from the same wrangler.toml, bundle and migrations
 * as `wrangler dev`, on a port of its own.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { R2Bucket } from "@cloudflare/workers-types/index.ts";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare, type V4WorkerOptions } from "miniflare";
import { applyMigrations } from "../../local/apply-migrations.ts";
import { bundledWorker } from "../stack/bundled-workers.ts";
import { placeMigratedState } from "../stack/migrated-state.ts";
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

type FetchOptions = Omit<NonNullable<Parameters<Miniflare["dispatchFetch"]>[1]>, "headers"> & {
  headers?: Record<string, string>;
};

export type EdgeRuntime = Awaited<ReturnType<typeof startRuntime>>;

let shared: { runtime: Promise<EdgeRuntime>; isFree: boolean } | undefined;

/**
 * An edge without rows, files and messages. The test files of a process that need nothing special use the
 * same one, one after the other; `close` gives it back.
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
  const stateDir = mkdtempSync(join(tmpdir(), "dreamreel-edge-"));
  const removeState = () => rmSync(stateDir, { recursive: true, force: true });
  // The edge that test files share ends with their process.
  process.once("exit", removeState);
  if (migrate) await placeMigratedState(stateDir);
  const edge = await bundledWorker("wrangler.toml", { ...secrets, ...settings, ...overrides });
  const logs: { level: string; message: string }[] = [];
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: "127.0.0.1",
      port: 0,
      log: new Log(LogLevel.ERROR),
      logRequests: false,
      handleStructuredLogs: ({ level, message }) => void logs.push({ level, message }),
      resourcePersistencePath: join(stateDir, "edge", "v3"),
      unsafeTriggerHandlers: true,
      workers: [{ ...edge, ...(ratelimits && { ratelimits: byName(ratelimits) }) }, insideWorker()],
    }),
  );
  const url = await miniflare.ready;
  const worker = await miniflare.getWorker("dreamreel");
  const fetchFrom = (name: string, address: string, { headers, ...init }: FetchOptions = {}) =>
    miniflare.dispatchFetch(address, { ...init, headers: { ...headers, "MF-Route-Override": name } });
  const media = (await miniflare.getR2Bucket("MEDIA", "dreamreel")) as unknown as R2Bucket;

  async function ask<T>(method: string, path: string, body?: string, headers = {}): Promise<T> {
    const init = { method, headers, ...(body === undefined ? {} : { body }) };
    const response = await fetchFrom("inside", new URL(path, url).href, init);
    const answer = (await response.json()) as T & { error?: string };
    if (!response.ok) throw new Error(answer.error);
    return answer;
  }

  const d1 = remoteD1((request) => ask<D1Answer>("POST", "/d1", JSON.stringify(request)));
  return {
    url,
    d1,
    media,
    /**
     * Like `fetch`, but asks the Worker alone: the static files, and an empty header, are for `fetch` with
     * `url`.
     */
    fetch: (address: string, init?: FetchOptions) => fetchFrom("dreamreel", address, init),
    logs: () => logs,
    async close(): Promise<void> {
      await miniflare.dispose();
      removeState();
    },
    migrate: () => applyMigrations(d1),
    sweep: () => worker.scheduled({ cron: "* * * * *", scheduledTime: new Date() }),
    messages: () => ask<Taken[]>("GET", "/messages"),
    lookAtLeases: (atMs: number) => ask<number>("POST", "/look", String(atMs)),
    giveUp: (body: string, contentType: string) =>
      ask<null>("POST", "/dead-letters", body, { "x-content-type": contentType }),
    async clear(): Promise<void> {
      await ask("DELETE", "/");
      logs.length = 0;
    },
  };
}

/** See inside-worker.ts. */
function insideWorker(): V4WorkerOptions {
  const path = join(import.meta.dirname, "inside-worker.ts");
  const takeAtOnce = { maxBatchTimeout: 0 };
  return {
    name: "inside",
    modules: [{ type: "ESModule", path, contents: stripTypeScriptTypes(readFileSync(path, "utf8")) }],
    compatibilityDate: "2026-11-01",
    // The names by which wrangler stores the edge's database and bucket.
    d1Databases: { DB: { id: "DB" } },
    r2Buckets: { MEDIA: { id: "dreamreel-media" } },
    durableObjects: { LEASES: { className: "LeaseWatch", scriptName: "dreamreel", useSQLite: true } },
    queueProducers: { VIDEO_DEAD: { queueName: "video-dead" } },
    queueConsumers: { "video-standard": takeAtOnce, "video-premium": takeAtOnce },
  };
}

const byName = (limits: RateLimit[]) => Object.fromEntries(limits.map((limit) => [limit.name, limit]));
