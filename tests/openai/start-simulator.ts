import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import OpenAI from "openai";
import type { Call } from "../../simulators/openai/ledger.ts";

export interface SimulatorProcess {
  origin: string;
  pid: number;
  client: OpenAI;
  control(patch: Record<string, unknown>): Promise<void>;
  reset(): Promise<void>;
  ledger(): Promise<{ billed: Call[]; unbilled: Call[] }>;
  stop(): Promise<number | null>;
}

const entry = fileURLToPath(new URL("../../simulators/openai/main.ts", import.meta.url));

let shared: { process: Promise<SimulatorProcess>; isFree: boolean } | undefined;

/**
 * A simulator in its initial state. The test files of a process use the same one, one after the other: its
 * start takes a CPU second, and it keeps the speeches that it has made. `stop` gives it back; it ends with
 * the process.
 */
export async function openSimulator(): Promise<SimulatorProcess> {
  if (shared?.isFree === false) return startSimulator();
  shared ??= { process: startSimulator(), isFree: true };
  shared.isFree = false;
  const simulator = await shared.process;
  await simulator.reset();
  const stop = async () => {
    if (shared) shared.isFree = true;
    return null;
  };
  return { ...simulator, stop };
}

/** Starts the real process on a free port, and the official client without retries. */
export async function startSimulator(environment: Record<string, string> = {}): Promise<SimulatorProcess> {
  const child = spawn(process.execPath, [entry], {
    env: { ...process.env, PORT: "0", ...environment },
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  // It does not keep a process of tests alive, and ends with it.
  child.unref();
  child.channel?.unref();
  const [line] = (await once(child.stdout as Readable, "data")) as [Buffer];
  const [, origin] = /ready at (http:\S+)\/v1/.exec(line.toString()) ?? [];
  if (!origin) throw new Error(`the simulator printed: ${line}`);
  const send = async (method: string, path: string, body?: unknown) => {
    const init =
      body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
    const answer = await fetch(`${origin}${path}`, { method, ...init });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? null : answer.json();
  };
  return {
    origin,
    pid: child.pid ?? 0,
    client: new OpenAI({ apiKey: "local", baseURL: `${origin}/v1`, maxRetries: 0 }),
    control: async (patch) => void (await send("POST", "/_control", patch)),
    reset: async () => {
      await send("DELETE", "/_control");
      await send("DELETE", "/_ledger");
    },
    ledger: () => send("GET", "/_ledger") as Promise<{ billed: Call[]; unbilled: Call[] }>,
    stop: async () => {
      // Else a process that waits only for this would end first.
      child.ref();
      child.kill("SIGTERM");
      const [code] = (await once(child, "exit")) as [number | null];
      return code;
    },
  };
}
