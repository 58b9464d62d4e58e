import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "../free-port.ts";
import { until } from "../until.ts";
import { placeMigratedState } from "./migrated-state.ts";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** The path of production's worker with films a quarter as wide and as high. */
export const smallWorker = join("tests", "stack", "small-worker.ts");

/** The path of what serves bundled Workers in place of `wrangler dev`, for half of its CPU time. */
export const serveWorker = join("tests", "stack", "serve-worker.ts");

export interface Script {
  child: ChildProcess;
  stateDir: string;
  port: number;
  output: { stdout: string; stderr: string };
  exit: Promise<number | null>;
}

/** Runs one of the project's scripts with its own state and ports, as the leader of a process group. */
export async function runScript(
  path: string,
  args: string[] = [],
  env: NodeJS.ProcessEnv = {},
  isMigrated = true,
): Promise<Script> {
  const stateDir = mkdtempSync(join(tmpdir(), "dreamreel-stack-"));
  if (isMigrated) await placeMigratedState(stateDir);
  const port = await freePort(4);
  const child = spawn(process.execPath, [path, ...args], {
    cwd: root,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, DREAMREEL_PORT: String(port), DREAMREEL_STATE: stateDir, ...env },
  });
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name]?.setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
    });
  const exit = new Promise<number | null>((resolve) => child.on("exit", resolve));
  return { child, stateDir, port, output, exit };
}

/**
 * The same by its name in package.json: `child` is npm, as `$!` names it in a shell. Everything that it
 * starts has `stateDir` in its environment.
 */
export async function runNpmScript(
  name: string,
  args: string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<Script> {
  const npm = execFileSync("sh", ["-c", "command -v npm"], { encoding: "utf8" }).trim();
  return runScript(npm, ["run", name, "--", ...args], env);
}

/** Waits for the condition. @throws Error with the script's error output, where the script ends before it */
export const untilIn = (script: Script, condition: () => boolean) =>
  until(() => {
    if (script.child.exitCode !== null) throw new Error(`The script ended:\n${script.output.stderr}`);
    return condition();
  });

/** SIGINT to the whole foreground group, as from Ctrl-C. */
export function pressCtrlC(script: Script): void {
  process.kill(-(script.child.pid as number), "SIGINT");
}

/** Command lines of all other processes that contain `text`. */
export function processesMentioning(text: string): string[] {
  return execFileSync("ps", ["-eo", "pid=,args="], { encoding: "utf8" })
    .split("\n")
    .filter((line) => line.includes(text) && !line.includes("ps -eo"));
}

/** The beginnings of the command lines of all processes with `text` in them or in their environment. */
export function processesHolding(text: string): string[] {
  return execFileSync("ps", ["axeww", "-o", "pid=,args="], { encoding: "utf8", maxBuffer: 64 << 20 })
    .split("\n")
    .filter((line) => line.includes(text) && !line.includes("ps axeww"))
    .map((line) => line.slice(0, 120));
}
