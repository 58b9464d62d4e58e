/**
 * The pool: slots in which worker processes run, are killed and start again, like machines whose disk
 * survives.
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type ProcessGroup, startGroup } from "../../local/process-group.ts";
import { root } from "../../local/root.ts";
import { until } from "../until.ts";
import type { Cloud } from "./cloud.ts";
import type { History } from "./history.ts";
import { layWires, type WireFaults, type Wires } from "./wires.ts";
import { workerEnvironment } from "./worker-environment.ts";

export interface PoolOptions {
  slots: number;
  faults: WireFaults;
  random: () => number;
  /** The script of a worker; by default the one that makes tiny films. */
  program?: string;
}

export class Machine {
  readonly name: string;
  #generation = 0;
  #process: ProcessGroup | null = null;
  #wires: Wires[] = [];
  #isMeantToRun = false;
  #hasEnded = false;
  readonly #cloud: Cloud;
  readonly #history: History;
  readonly #options: PoolOptions;

  constructor(name: string, cloud: Cloud, history: History, options: PoolOptions) {
    this.name = name;
    this.#cloud = cloud;
    this.#history = history;
    this.#options = options;
  }

  get workerId(): string {
    return `${this.name}.${this.#generation}`;
  }

  get scratchDir(): string {
    return join(this.#cloud.logDir, "..", "scratch", this.name);
  }

  /** Resolves when the current process has ended. */
  get exited(): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
    return this.#process?.exited ?? Promise.resolve({ code: null, signal: null });
  }

  /** Whether a process of the group is alive. */
  get hasLiving(): boolean {
    const pid = this.#process?.pid;
    try {
      return pid !== undefined && process.kill(-pid, 0);
    } catch {
      return false;
    }
  }

  get endedByItself(): boolean {
    return this.#isMeantToRun && this.#hasEnded;
  }

  /** `failpoint`: see die-at.ts. */
  async start(failpoint = ""): Promise<void> {
    this.#generation++;
    const { slots, faults, random, program = join("tests", "chaos", "worker.ts") } = this.#options;
    const wires = await layWires(this.workerId, this.#cloud, this.#history, faults, random);
    this.#wires.push(wires);
    this.#process = startGroup(this.workerId, [process.execPath, program], {
      cwd: root,
      logPath: join(this.#cloud.logDir, `worker-${this.name}.log`),
      env: {
        PATH: process.env.PATH,
        ...workerEnvironment(this.#cloud, this.name),
        NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
        WORKER_ID: this.workerId,
        EDGE_URL: wires.edge,
        S3_ENDPOINT: `${wires.store}/cdn-cgi/local/r2/s3`,
        WORKER_CONCURRENCY: String(slots),
        WORKER_ENCODERS: "1",
        STOP_DEADLINE_SECONDS: "20",
        OPENAI_BASE_URL: `${wires.openai}/v1`,
        OPENAI_API_KEY: openaiKey,
        CHAOS_FAILPOINT: failpoint,
      },
    });
    this.#hasEnded = false;
    this.#isMeantToRun = failpoint === "";
    const started = this.#process;
    void started.exited.then(() => {
      if (started === this.#process) this.#hasEnded = true;
    });
    this.#history.add("nemesis", { op: "start", args: { worker: this.workerId } });
  }

  /** Resolves when the current process has cleared its old scratch files and serves. */
  async untilServing(): Promise<void> {
    const path = join(this.#cloud.logDir, `worker-${this.name}.log`);
    const isStart = (line: string) =>
      line.includes(`"${this.workerId}"`) && line.includes('"worker.started"');
    await until(async () => (await readFile(path, "utf8")).split("\n").some(isStart));
  }

  /** SIGKILL, to the process and its children. */
  async kill(): Promise<void> {
    this.#isMeantToRun = false;
    this.#history.add("nemesis", { op: "kill", args: { worker: this.workerId } });
    await this.#process?.stop(0);
  }

  /** SIGTERM, as from a platform that stops the machine. */
  askToStop(): void {
    this.signal("SIGTERM");
  }

  /** Signals the process without its children. */
  signal(signal: NodeJS.Signals): void {
    const pid = this.#process?.pid;
    if (pid) process.kill(pid, signal);
  }

  /** Adds a kill at a failpoint to the history. */
  async untilCrashed(): Promise<boolean> {
    const { signal } = await this.exited;
    if (signal !== "SIGKILL") return false;
    this.#history.add("nemesis", { op: "kill", args: { worker: this.workerId } });
    return true;
  }

  /** SIGTERM; resolves to the exit code. Adds its leftover files to the history. */
  async stop(): Promise<number | null> {
    const process = this.#process;
    this.#isMeantToRun = false;
    await process?.stop(25_000);
    const { code } = (await process?.exited) ?? { code: null };
    const folders = await readdir(this.scratchDir).catch(() => []);
    this.#history.add("run", {
      op: "left-behind",
      args: { worker: this.name, what: "scratch folders", count: folders.length },
    });
    this.closeWires();
    return code;
  }

  closeWires(): void {
    for (const wires of this.#wires) wires.close();
  }
}

/** The texts that the logs must not contain. */
export const openaiKey = "sk-chaos-5e6f4c1a90d24b7f";
