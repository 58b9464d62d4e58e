/** A child process with everything it starts, which can be stopped as one. */
import { type ChildProcess, spawn } from "node:child_process";
import { openSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

export interface ProcessGroup {
  name: string;
  pid: number;
  /** Settles when the process itself has ended. */
  exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** SIGTERM to all of the group, SIGKILL after `graceMs`. Returns when none of them is left. */
  stop(graceMs: number): Promise<void>;
}

/** Starts `command` as the leader of a process group of its own; its output goes to `logPath`. */
export function startGroup(
  name: string,
  command: string[],
  options: { cwd: string; env: NodeJS.ProcessEnv; logPath: string },
): ProcessGroup {
  const log = openSync(options.logPath, "a");
  const [file, ...args] = command;
  const child: ChildProcess = spawn(file as string, args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ["ignore", log, log],
    detached: true,
  });
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.on("exit", (code, signal) => resolve({ code, signal }));
    child.on("error", () => resolve({ code: 127, signal: null }));
  });
  const pid = child.pid ?? -1;
  return {
    name,
    pid,
    exited,
    async stop(graceMs) {
      if (!signalGroup(pid, "SIGTERM")) return;
      const deadline = performance.now() + graceMs;
      while (performance.now() < deadline) {
        if (!signalGroup(pid, 0)) return;
        await sleep(25);
      }
      signalGroup(pid, "SIGKILL");
      await exited;
    },
  };
}

/** False where nobody of the group is left. */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  if (pid <= 1) return false;
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}
