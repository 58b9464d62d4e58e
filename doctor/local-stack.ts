import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

/** The part of `stack.json`, which `npm run dev` writes, that the doctor reads. */
const LocalStack = z.object({
  edge_url: z.url(),
  queue_url: z.url(),
  openai_url: z.url(),
  worker_url: z.url(),
  pids: z.object({ edge: z.int(), queue: z.int(), openai: z.int().nullable(), worker: z.int() }),
  /** The environment of its worker. */
  worker_env: z.record(z.string(), z.string()).optional(),
});
export type LocalStack = z.infer<typeof LocalStack>;

/** The local cloud of this folder, or null when none runs. */
export function readLocalStack(stateFolder: string): LocalStack | null {
  let text: string;
  try {
    text = readFileSync(join(stateFolder, "stack.json"), "utf8");
  } catch {
    return null;
  }
  const stack = LocalStack.parse(JSON.parse(text));
  return { ...stack, worker_env: stack.worker_env ?? readProcessEnvironment(stack.pids.worker) };
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
