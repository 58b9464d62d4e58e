import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

/** What `npm run dev` writes into its state folder, as far as the doctor reads it. */
const LocalStack = z.object({
  edge_url: z.url(),
  queue_url: z.url(),
  openai_url: z.url(),
  worker_url: z.url(),
  pids: z.object({ edge: z.int(), queue: z.int(), openai: z.int().nullable(), worker: z.int() }),
  /** The environment its worker was started with. */
  worker_env: z.record(z.string(), z.string()).optional(),
});
export type LocalStack = z.infer<typeof LocalStack>;

/** The local cloud, or null where none runs from this folder. */
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

/** What Linux tells of a process of ours. Empty elsewhere. */
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
