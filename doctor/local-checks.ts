import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../render-worker/runtime/environment.ts";
import type { Check } from "./check.ts";
import { checkDatabase } from "./checks/database.ts";
import { checkHolds } from "./checks/holds.ts";
import { checkProcesses } from "./checks/processes.ts";
import { skip } from "./finding.ts";
import { readLocalStack } from "./local-stack.ts";
import type { QueryDatabase } from "./migrations.ts";
import type { RunCommand } from "./run-command.ts";
import { runCommand } from "./run-command.ts";
import { machineChecks, type WorkerPorts, workerChecks } from "./worker-checks.ts";

/**
 * The checks of a local installation: its tools, the local cloud, and the environment of the cloud's worker.
 */
export function localChecks(
  root: string,
  stateFolder: string,
  env: Environment,
  ports: WorkerPorts,
): Check[] {
  const stack = readLocalStack(stateFolder);
  const edgeFolder = join(stateFolder, "edge");
  const query = queryWrangler(root, ["--local", "--persist-to", edgeFolder], env, runCommand);
  const database = checkDatabase(
    query,
    join(root, "db", "migrations"),
    "Start the local cloud, which applies them: npm run dev",
  );
  return [
    ...machineChecks(ports),
    ...(existsSync(edgeFolder) ? [database, checkHolds(query)] : []),
    ...(stack
      ? [
          checkProcesses(stack, ports.fetch),
          ...workerChecks({ ...env, ...stack.worker_env }, "the local cloud's worker", ports),
        ]
      : [
          {
            name: "local cloud",
            run: async () => skip("does not run: start it with `npm run dev` to check the rest"),
          },
        ]),
  ];
}

/**
 * Queries the local D1 through wrangler. `where`: wrangler's options that select the database.
 *
 * @throws Error, by the returned function, with the database's message
 */
export function queryWrangler(
  root: string,
  where: readonly string[],
  env: Environment,
  run: RunCommand,
): QueryDatabase {
  const wrangler = join(root, "node_modules", "wrangler", "bin", "wrangler.js");
  return async (sql) => {
    const args = [wrangler, "d1", "execute", "dreamreel", ...where, "--json", "--command", sql];
    const { code, stdout, stderr } = await run(process.execPath, args, {
      cwd: root,
      // With another log level in the caller's environment wrangler prints no answer.
      env: { ...env, CI: "1", NO_COLOR: "1", WRANGLER_SEND_METRICS: "false", WRANGLER_LOG: "log" },
      timeoutMs: 60_000,
    });
    if (code !== 0)
      throw new Error(readWranglerError(stdout) ?? stderr.trim().split("\n").at(-1) ?? `exit code ${code}`);
    const [answer] = JSON.parse(stdout) as { results: Record<string, unknown>[] }[];
    return answer?.results ?? [];
  };
}

function readWranglerError(stdout: string): string | null {
  try {
    const { error } = JSON.parse(stdout) as { error?: { text?: string; notes?: { text?: string }[] } };
    return [error?.text, error?.notes?.[0]?.text].filter(Boolean).join(" ") || null;
  } catch {
    return null;
  }
}
