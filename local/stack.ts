/**
 * The local cloud: edge, queue, AI simulator and worker as four processes with the same interfaces as in
 * production. Starts them, waits until each answers, writes `stack.json`, and stops them.
 */
import { randomBytes } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { localAccountId, localQueues } from "../simulators/queue/catalogue.ts";
import { type ProcessGroup, startGroup } from "./process-group.ts";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..");

export interface StackOptions {
  /** The edge's port. Queue, AI simulator and worker use the next three. */
  port: number;
  stateDir: string;
  /** Additional environment variables of the worker and the AI simulator. */
  env?: Record<string, string>;
}

/** The content of `stack.json`. */
export interface StackInfo {
  edge_url: string;
  queue_url: string;
  openai_url: string;
  worker_url: string;
  api_key: string;
  admin_key: string;
  pids: { edge: number; queue: number; openai: number | null; worker: number };
}

export interface Stack {
  info: StackInfo;
  /** Resolves to the name of the first process that ends unexpectedly. */
  broken: Promise<string>;
  stop(): Promise<void>;
}

/**
 * Port and state folder, from DREAMREEL_PORT and DREAMREEL_STATE.
 * @throws Error when the port is not valid
 */
export function stackOptions(env: NodeJS.ProcessEnv): StackOptions {
  const port = Number(env.DREAMREEL_PORT ?? 8787);
  if (!Number.isInteger(port) || port < 1 || port > 65_532)
    throw new Error("DREAMREEL_PORT must be a port number up to 65532");
  return { port, stateDir: resolve(root, env.DREAMREEL_STATE ?? ".local") };
}

/** The variables of the local bucket over the S3 protocol, for the edge and the worker. */
export const localObjectStore = (edgeUrl: string) => ({
  S3_ENDPOINT: `${edgeUrl}/cdn-cgi/local/r2/s3`,
  S3_BUCKET: "dreamreel-media",
  S3_ACCESS_KEY_ID: "local",
  S3_SECRET_ACCESS_KEY: "local-secret",
});

const startTimeoutMs = 60_000;
/** The interval of the edge's cron trigger on Cloudflare. */
const cronMs = 60_000;

/**
 * Starts the four processes.
 * @throws Error with the process that did not start and the path of its log
 */
export async function startStack(options: StackOptions, signal?: AbortSignal): Promise<Stack> {
  const { port, stateDir } = options;
  const logDir = join(stateDir, "logs");
  await mkdir(logDir, { recursive: true });
  for (const offset of [0, 1, 2, 3]) await assertFree(port + offset);
  const secrets = await readSecrets(stateDir);
  const url = (offset: number) => `http://127.0.0.1:${port + offset}`;
  const ownOpenai = process.env.OPENAI_BASE_URL;
  // Set on both sides, so that the edge's estimates are about the voices that the worker buys.
  const voiceChain =
    options.env?.VOICE_CHAIN ?? process.env.VOICE_CHAIN ?? (ownOpenai ? undefined : "realtime,speech");
  const groups: ProcessGroup[] = [];
  const forget = () => rmSync(join(stateDir, "stack.json"), { force: true });
  process.once("exit", forget);
  const cron = setInterval(() => void fireCron(url(0)), cronMs);
  const stop = async () => {
    clearInterval(cron);
    await Promise.all(groups.map((group) => group.stop(10_000)));
    forget();
  };

  try {
    await migrate(stateDir, logDir);
    const start = (name: string, command: string[], env: Record<string, string | undefined>) => {
      const group = startGroup(name, [process.execPath, ...command], {
        cwd: root,
        env: { ...process.env, WRANGLER_REGISTRY_PATH: join(stateDir, "registry"), ...env },
        logPath: join(logDir, `${name}.log`),
      });
      groups.push(group);
      return group;
    };
    const edge = start(
      "edge",
      [
        ...(await wranglerDev("wrangler.toml", port, join(stateDir, "edge"), join(stateDir, "edge.vars"), {
          CALLBACK_SECRETS: secrets.callback,
          PLAYBACK_SECRET: secrets.playback,
          ADMIN_KEY: secrets.admin,
        })),
        // Not in that file: wrangler reads from it only the secrets that wrangler.toml requires.
        ...[
          "--var",
          "WEBHOOKS_ALLOW_PRIVATE:1",
          "--var",
          "RATE_LIMITS:off",
          "--var",
          "ACTIVE_JOBS:1000 1000",
        ],
        ...Object.entries(localObjectStore(url(0))).flatMap(([name, value]) => ["--var", `${name}:${value}`]),
        ...["--var", `WORKER_WAKE_URL:${url(3)}/wake`],
        ...(voiceChain ? ["--var", `VOICE_CHAIN:${voiceChain}`] : []),
      ],
      {},
    );
    const queue = start(
      "queue",
      await wranglerDev(
        "simulators/queue/wrangler.toml",
        port + 1,
        join(stateDir, "queue"),
        join(stateDir, "queue.vars"),
        {
          API_TOKEN: secrets.queueToken,
        },
      ),
      {},
    );
    const openai = ownOpenai
      ? null
      : start("openai", ["simulators/openai/main.ts"], { PORT: String(port + 2), ...options.env });
    const openaiUrl = ownOpenai ?? `${url(2)}/v1`;
    // A test may run a worker whose films cost nothing.
    const worker = start("worker", [process.env.DREAMREEL_WORKER ?? "render-worker/main.ts"], {
      PORT: String(port + 3),
      METRICS_PORT: String(port + 3),
      EDGE_URL: url(0),
      CALLBACK_SECRET: secrets.callback,
      CLOUDFLARE_ACCOUNT_ID: localAccountId,
      CLOUDFLARE_API_TOKEN: secrets.queueToken,
      CLOUDFLARE_API_BASE_URL: `${url(1)}/client/v4`,
      QUEUE_STANDARD_ID: localQueues.standard.id,
      QUEUE_PREMIUM_ID: localQueues.premium.id,
      ...localObjectStore(url(0)),
      OPENAI_BASE_URL: openaiUrl,
      OPENAI_API_KEY: process.env.OPENAI_API_KEY ?? "local",
      VOICE_CHAIN: voiceChain,
      SCRATCH_DIR: join(stateDir, "scratch"),
      ...options.env,
    });

    await Promise.all([
      untilReady(edge, `${url(0)}/health`, logDir, signal),
      untilReady(queue, `${url(1)}/health`, logDir, signal),
      openai && untilReady(openai, `${url(2)}/health`, logDir, signal),
      untilReady(worker, `${url(3)}/ready`, logDir, signal),
    ]);
    const info: StackInfo = {
      edge_url: url(0),
      queue_url: url(1),
      openai_url: openaiUrl,
      worker_url: url(3),
      api_key: await obtainApiKey(url(0), secrets.admin, stateDir),
      admin_key: secrets.admin,
      pids: { edge: edge.pid, queue: queue.pid, openai: openai?.pid ?? null, worker: worker.pid },
    };
    await writeFile(join(stateDir, "stack.json"), `${JSON.stringify(info, null, 2)}\n`, { mode: 0o600 });
    const broken = Promise.race(groups.map((group) => group.exited.then(() => group.name)));
    return { info, broken, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * The arguments of `wrangler dev`. Its secrets are in the file `varsPath`, so that `ps` does not show them.
 */
export async function wranglerDev(
  config: string,
  port: number,
  persistTo: string,
  varsPath: string,
  vars: Record<string, string>,
) {
  await writeFile(
    varsPath,
    Object.entries(vars)
      .map(([name, value]) => `${name}="${value}"\n`)
      .join(""),
    { mode: 0o600 },
  );
  return [
    join("node_modules", "wrangler", "bin", "wrangler.js"),
    "dev",
    ...["--config", config],
    ...["--ip", "127.0.0.1", "--port", String(port), "--inspector-port", "0"],
    ...["--persist-to", persistTo, "--env-file", varsPath],
    ...["--show-interactive-dev-session", "false", "--log-level", "warn"],
  ];
}

/**
 * Applies the migrations of db/migrations, once per set of files.
 * @throws Error with the path of the log
 */
export async function migrate(stateDir: string, logDir: string): Promise<void> {
  const stamp = join(stateDir, "edge", "migrated");
  const files = (await readdir(join(root, "db", "migrations")))
    .filter((name) => name.endsWith(".sql"))
    .sort();
  const wanted = files.join("\n");
  if ((await readFile(stamp, "utf8").catch(() => "")) === wanted) return;
  await mkdir(join(stateDir, "edge"), { recursive: true });
  const group = startGroup(
    "migrate",
    [
      process.execPath,
      ...[
        join("node_modules", "wrangler", "bin", "wrangler.js"),
        "d1",
        "migrations",
        "apply",
        "dreamreel",
        "--local",
      ],
      ...["--persist-to", join(stateDir, "edge")],
    ],
    { cwd: root, env: { ...process.env, CI: "1" }, logPath: join(logDir, "migrate.log") },
  );
  const { code } = await group.exited;
  if (code !== 0) throw new Error(`The migrations failed; see ${join(logDir, "migrate.log")}`);
  await writeFile(stamp, wanted);
}

/**
 * Resolves when `url` answers with a 2xx status.
 * @throws Error with the path of the log when the process ends or the time is over
 */
export async function untilReady(
  group: ProcessGroup,
  url: string,
  logDir: string,
  signal?: AbortSignal,
): Promise<void> {
  const deadline = performance.now() + startTimeoutMs;
  let ended = false;
  void group.exited.then(() => {
    ended = true;
  });
  while (!ended && performance.now() < deadline) {
    signal?.throwIfAborted();
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
    await response?.body?.cancel();
    if (response?.ok) return;
    await sleep(50);
  }
  throw new Error(`${group.name} did not start; see ${join(logDir, `${group.name}.log`)}`);
}

interface Secrets {
  callback: string;
  playback: string;
  admin: string;
  queueToken: string;
}

async function readSecrets(stateDir: string): Promise<Secrets> {
  const path = join(stateDir, "secrets.json");
  if (existsSync(path)) return JSON.parse(await readFile(path, "utf8")) as Secrets;
  const random = () => randomBytes(32).toString("base64url");
  const secrets = {
    callback: `whsec_${randomBytes(32).toString("base64")}`,
    playback: random(),
    admin: random(),
    queueToken: random(),
  };
  await writeFile(path, JSON.stringify(secrets), { mode: 0o600 });
  return secrets;
}

/** Fires the edge's cron trigger, which `wrangler dev` does not do by itself. */
async function fireCron(edgeUrl: string): Promise<void> {
  const answer = await fetch(`${edgeUrl}/cdn-cgi/local/scheduled`).catch(() => null);
  await answer?.body?.cancel();
}

/** A premium API key, made once and stored with the state. */
async function obtainApiKey(edgeUrl: string, adminKey: string, stateDir: string): Promise<string> {
  const path = join(stateDir, "api-key");
  if (existsSync(path)) return readFile(path, "utf8");
  const response = await fetch(`${edgeUrl}/admin/keys`, {
    method: "POST",
    headers: { authorization: `Bearer ${adminKey}`, "content-type": "application/json" },
    body: JSON.stringify({ owner: "laptop", name: "local cloud", tier: "premium" }),
  });
  if (!response.ok) throw new Error(`The edge made no API key: ${response.status} ${await response.text()}`);
  const { key } = (await response.json()) as { key: string };
  await writeFile(path, key, { mode: 0o600 });
  return key;
}

function assertFree(port: number): Promise<void> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once("error", () => fail(new Error(`Port ${port} is taken. Set DREAMREEL_PORT to another one.`)));
    probe.listen(port, "127.0.0.1", () => probe.close(() => done()));
  });
}
