/**
 * The local cloud: edge, queue, AI simulator and worker as four processes with the same interfaces as in
 * production. Starts them, waits until each answers, writes `stack.json`, and stops them.
 */
import { rmSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import type { LocalPlace, StackInfo } from "../command-line/local-cloud.ts";
import { obtainApiKey, readSecrets } from "./keys.ts";
import { type ProcessGroup, startGroup } from "./process-group.ts";
import { root } from "./root.ts";
import { addressesOf, listServices, type Service, type ServiceName } from "./services.ts";
import { lockState } from "./state-lock.ts";
import { untilReady } from "./until-ready.ts";
import { migrate } from "./wrangler.ts";

export interface StackOptions extends LocalPlace {
  /** Additional environment variables of the worker and the AI simulator. */
  env?: Record<string, string>;
  /**
   * Called when a process ends unexpectedly, with a sentence about it. The others go on; else `broken`
   * resolves.
   */
  onEnd?: (name: ServiceName, how: string) => void;
  /**
   * Called when the database has its tables and when a process is up, with its name and the seconds since the
   * start.
   */
  onReady?: (name: ServiceName | "database", seconds: number) => void;
}

export interface Stack {
  info: StackInfo;
  /** Resolves when a process ends unexpectedly, to a sentence with its name and the path of its log. */
  broken: Promise<string>;
  /**
   * Stops one process and starts it with today's code. The worker hands its jobs back first.
   * @throws Error with the path of the log when it does not start; the others go on
   */
  restart(name: ServiceName): Promise<void>;
  stop(): Promise<void>;
}

interface Running {
  service: Service;
  group: ProcessGroup;
  /** Ended by the stack itself. */
  isStopping: boolean;
}

/** The interval of the edge's cron trigger on Cloudflare. */
const cronMs = 60_000;

/**
 * Starts the four processes.
 * @throws Error with the process that did not start and the path of its log
 */
export async function startStack(options: StackOptions, signal?: AbortSignal): Promise<Stack> {
  const { port, stateDir } = options;
  const startedAt = performance.now();
  const logDir = join(stateDir, "logs");
  await mkdir(logDir, { recursive: true });
  for (const offset of [0, 1, 2, 3]) await assertFree(port + offset);
  const unlock = lockState(stateDir);
  const stackFile = join(stateDir, "stack.json");
  const forget = () => {
    rmSync(stackFile, { force: true });
    unlock();
  };
  process.once("exit", forget);
  const addresses = addressesOf(options);
  const running = new Map<ServiceName, Running>();
  const { promise: broken, resolve: breakDown } = Promise.withResolvers<string>();
  const cron = setInterval(() => void fireCron(addresses.edge), cronMs);

  const start = async (service: Service): Promise<void> => {
    const group = startGroup(service.name, [process.execPath, ...service.command], {
      cwd: root,
      env: { ...process.env, WRANGLER_REGISTRY_PATH: join(stateDir, "registry"), ...service.env },
      logPath: join(logDir, `${service.name}.log`),
    });
    const one: Running = { service, group, isStopping: false };
    running.set(service.name, one);
    await untilReady(group, service.readyUrl, logDir, signal);
    options.onReady?.(service.name, (performance.now() - startedAt) / 1000);
    void group.exited.then(({ code, signal: by }) => {
      const how = by === null ? `exit code ${code}` : by;
      if (one.isStopping) return;
      const sentence = `${service.name} ended unexpectedly (${how}); its log: ${join(logDir, service.name)}.log`;
      if (options.onEnd) options.onEnd(service.name, sentence);
      else breakDown(sentence);
    });
  };
  let isOver = false;
  const end = async (one: Running): Promise<void> => {
    one.isStopping = true;
    await one.group.stop(one.service.stopMs);
  };
  const stop = async () => {
    isOver = true;
    clearInterval(cron);
    for (const one of running.values()) one.isStopping = true;
    // First, because it hands its jobs back to the others.
    const worker = running.get("worker");
    if (worker) await end(worker);
    await Promise.all([...running.values()].map(end));
    forget();
  };

  try {
    await migrate(stateDir, logDir);
    options.onReady?.("database", (performance.now() - startedAt) / 1000);
    const secrets = await readSecrets(stateDir);
    const services = await listServices(options, secrets, options.env ?? {});
    await Promise.all(services.map(start));
    const pidOf = (name: ServiceName) => running.get(name)?.group.pid ?? null;
    const info: StackInfo = {
      edge_url: addresses.edge,
      queue_url: addresses.queue,
      openai_url: addresses.openai,
      worker_url: addresses.worker,
      api_key: await obtainApiKey(addresses.edge, secrets.admin, stateDir),
      admin_key: secrets.admin,
      pids: { edge: 0, queue: 0, openai: null, worker: 0 },
    };
    const writeInfo = async () => {
      for (const name of running.keys()) info.pids[name] = pidOf(name) as number;
      await writeFile(stackFile, `${JSON.stringify(info, null, 2)}\n`, { mode: 0o600 });
    };
    await writeInfo();
    const restart = async (name: ServiceName) => {
      const before = running.get(name);
      if (before === undefined) return;
      await end(before);
      if (isOver) return;
      await start(before.service);
      await writeInfo();
    };
    return { info, broken, restart, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Fires the edge's cron trigger, which `wrangler dev` does not do by itself. */
async function fireCron(edgeUrl: string): Promise<void> {
  const answer = await fetch(`${edgeUrl}/cdn-cgi/local/scheduled`).catch(() => null);
  await answer?.body?.cancel();
}

function assertFree(port: number): Promise<void> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once("error", () => fail(new Error(`Port ${port} is taken. Set DREAMREEL_PORT to another one.`)));
    probe.listen(port, "127.0.0.1", () => probe.close(() => done()));
  });
}
