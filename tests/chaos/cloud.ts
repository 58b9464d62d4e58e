/**
 * The cloud that a chaos run breaks: edge and queue in workerd as bundled Workers, with state on disk, and
 * the AI simulator.
 */

import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type ProcessGroup, startGroup } from "../../local/process-group.ts";
import { root } from "../../local/root.ts";
import { untilReady } from "../../local/until-ready.ts";
import { localObjectStore, wranglerDev } from "../../local/wrangler.ts";
import type { ControlPatch } from "../../simulators/openai/control.ts";
import type { FaultPlan } from "../../simulators/queue/faults.ts";
import { freePort } from "../free-port.ts";
import { placeMigratedState } from "../stack/migrated-state.ts";
import { serveWorker } from "../stack/run-script.ts";

export interface Cloud {
  edgeUrl: string;
  queueUrl: string;
  openaiUrl: string;
  logDir: string;
  /** The leaders of the process groups of edge, queue and AI simulator, by these names. */
  pids(): Record<string, number>;
  secrets: { callback: string; playback: string; admin: string; queueToken: string };
  /** SIGKILL to the edge and all processes that it started. */
  killEdge(): Promise<void>;
  startEdge(): Promise<void>;
  /** Fires the cron trigger, as the platform does each minute. False if the edge did not answer. */
  sweep(): Promise<boolean>;
  breakQueue(plan: Partial<FaultPlan>): Promise<void>;
  breakOpenai(patch: ControlPatch): Promise<void>;
  /** Calls on the provider's bill, and calls that were not billed. */
  bill(): Promise<{ billed: { capability: string }[]; unbilled: unknown[] }>;
  newKey(owner: string, tier?: "standard" | "premium"): Promise<string>;
  stop(): Promise<void>;
}

/**
 * `wakeUrl`: where the edge wakes its pool. Without it workers only poll. `edgeEntry`: a script in front of
 * the edge's bundle.
 */
export async function startCloud(
  stateDir: string,
  { wakeUrl, edgeEntry }: { wakeUrl?: string; edgeEntry?: string } = {},
): Promise<Cloud> {
  const logDir = join(stateDir, "logs");
  await mkdir(logDir, { recursive: true });
  const [edgePort, queuePort, openaiPort] = [await freePort(), await freePort(), await freePort()];
  const url = (port: number) => `http://127.0.0.1:${port}`;
  const [edgeUrl, queueUrl, openaiUrl] = [url(edgePort), url(queuePort), url(openaiPort)];
  const random = () => randomBytes(24).toString("base64url");
  const secrets = {
    callback: `whsec_${randomBytes(32).toString("base64")}`,
    playback: random(),
    admin: random(),
    queueToken: random(),
  };
  await placeMigratedState(stateDir);
  const groups = new Map<string, ProcessGroup>();
  const start = (name: string, command: string[], env: NodeJS.ProcessEnv = {}) => {
    const group = startGroup(name, [process.execPath, ...command], {
      cwd: root,
      env: { ...process.env, WRANGLER_REGISTRY_PATH: join(stateDir, "registry"), ...env },
      logPath: join(logDir, `${name}.log`),
    });
    groups.set(name, group);
    return group;
  };
  const edgeCommand = [
    ...(await serve("wrangler.toml", edgePort, join(stateDir, "edge"), join(stateDir, "edge.vars"), {
      CALLBACK_SECRETS: secrets.callback,
      PLAYBACK_SECRET: secrets.playback,
      ADMIN_KEY: secrets.admin,
    })),
    ...["--var", "RATE_LIMITS:off", "--var", "ACTIVE_JOBS:1000 1000"],
    ...["--var", "WEBHOOKS_ALLOW_PRIVATE:1"],
    ...Object.entries(localObjectStore(edgeUrl)).flatMap(([name, value]) => ["--var", `${name}:${value}`]),
    ...(wakeUrl ? ["--var", `WORKER_WAKE_URL:${wakeUrl}`] : []),
  ];
  const queueCommand = await serve(
    "simulators/queue/wrangler.toml",
    queuePort,
    join(stateDir, "queue"),
    join(stateDir, "queue.vars"),
    { API_TOKEN: secrets.queueToken },
  );
  const edgeEnvironment = edgeEntry === undefined ? {} : { WORKER_ENTRY: edgeEntry };
  const startEdge = () =>
    untilReady(start("edge", edgeCommand, edgeEnvironment), `${edgeUrl}/health`, logDir);
  const stop = async () => {
    await Promise.all([...groups.values()].map((group) => group.stop(5_000)));
  };
  try {
    await Promise.all([
      startEdge(),
      untilReady(start("queue", queueCommand), `${queueUrl}/health`, logDir),
      untilReady(
        start("openai", ["simulators/openai/main.ts"], { PORT: String(openaiPort) }),
        `${openaiUrl}/health`,
        logDir,
      ),
    ]);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    edgeUrl,
    queueUrl,
    openaiUrl,
    logDir,
    pids: () => Object.fromEntries([...groups].map(([name, { pid }]) => [name, pid])),
    secrets,
    startEdge,
    stop,
    killEdge: () => groups.get("edge")?.stop(0) ?? Promise.resolve(),
    sweep: () =>
      fetch(`${edgeUrl}/cdn-cgi/local/scheduled`, { signal: AbortSignal.timeout(10_000) }).then(
        async (response) => {
          await response.body?.cancel();
          return response.ok;
        },
        () => false,
      ),
    breakQueue: async (plan) => {
      await post(`${queueUrl}/_faults`, plan, secrets.queueToken);
    },
    breakOpenai: async (patch) => {
      await post(`${openaiUrl}/_control`, patch);
    },
    bill: async () =>
      (await (await fetch(`${openaiUrl}/_ledger`)).json()) as Awaited<ReturnType<Cloud["bill"]>>,
    newKey: async (owner, tier = "standard") => {
      const { key } = (await post(`${edgeUrl}/admin/keys`, { owner, tier }, secrets.admin)) as {
        key: string;
      };
      return key;
    },
  };
}

/** As `wrangler dev` would be started. */
async function serve(...options: Parameters<typeof wranglerDev>): Promise<string[]> {
  const [, ...args] = await wranglerDev(...options);
  return [serveWorker, ...args];
}

async function post(url: string, body: unknown, token?: string): Promise<unknown> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return response.json();
}
