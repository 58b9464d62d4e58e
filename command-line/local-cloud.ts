/** Where the local cloud is, and what `npm run dev` writes about it for other commands. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

const root = fileURLToPath(new URL("..", import.meta.url));

const defaultPort = 8787;

export interface LocalPlace {
  /** The edge's port. Queue, AI simulator and worker use the next three. */
  port: number;
  stateDir: string;
}

/**
 * Port and state folder, from DREAMREEL_PORT and DREAMREEL_STATE. Another port has another folder, so that
 * two clouds side by side do not share one.
 *
 * @throws Error when the port is not valid
 */
export function readLocalPlace(env: Readonly<Record<string, string | undefined>>): LocalPlace {
  const port = Number(env.DREAMREEL_PORT || defaultPort);
  if (!Number.isInteger(port) || port < 1 || port > 65_532)
    throw new Error(`DREAMREEL_PORT is ${env.DREAMREEL_PORT}; it must be a port number from 1 to 65532.`);
  const folder = env.DREAMREEL_STATE || (port === defaultPort ? ".local" : join(".local", String(port)));
  return { port, stateDir: resolve(root, folder) };
}

const stackFile = (stateDir: string) => join(stateDir, "stack.json");

/** The content of `stack.json`. */
const StackInfo = z.object({
  edge_url: z.url(),
  queue_url: z.url(),
  openai_url: z.url(),
  worker_url: z.url(),
  api_key: z.string(),
  admin_key: z.string(),
  pids: z.object({ edge: z.int(), queue: z.int(), openai: z.int().nullable(), worker: z.int() }),
  /** The worker's environment, if it is not the one of its process. */
  worker_env: z.record(z.string(), z.string()).optional(),
});
export type StackInfo = z.infer<typeof StackInfo>;

/**
 * The local cloud with this state folder, or null when none runs.
 * @throws ZodError when `stack.json` has other content
 */
export function readStackInfo(stateDir: string): StackInfo | null {
  let text: string;
  try {
    text = readFileSync(stackFile(stateDir), "utf8");
  } catch {
    return null;
  }
  return StackInfo.parse(JSON.parse(text));
}
