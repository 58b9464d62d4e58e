import { readFileSync } from "node:fs";
import { readStackInfo, type StackInfo } from "../command-line/local-cloud.ts";

export type LocalStack = Pick<StackInfo, "edge_url" | "queue_url" | "openai_url" | "worker_url" | "pids"> & {
  worker_env: Record<string, string>;
};

/** The local cloud of this folder with its worker's environment, or null when none runs. */
export function readLocalStack(stateFolder: string): LocalStack | null {
  const stack = readStackInfo(stateFolder);
  return stack && { ...stack, worker_env: stack.worker_env ?? readProcessEnvironment(stack.pids.worker) };
}

/** The environment of a process, on Linux; elsewhere empty. */
function readProcessEnvironment(pid: number): Record<string, string> {
  try {
    const pairs = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").filter(Boolean);
    return Object.fromEntries(
      pairs.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]),
    );
  } catch {
    return {};
  }
}
