/** A child process and all processes that it starts, stopped together. */
import { type ChildProcess, spawn } from "node:child_process";
import { openSync } from "node:fs";
import { constants } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

export interface ProcessGroup {
  name: string;
  pid: number;
  /** Resolves when the first process has ended. */
  exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /**
   * Sends SIGTERM to the first process, and to the others when it has ended: a worker whose ffmpeg dies first
   * takes that for a fault and hands its job back late. Sends SIGKILL to all after `graceMs`. Resolves when
   * no process is left.
   */
  stop(graceMs: number): Promise<void>;
}

/** Leaders of groups that may still run. This process kills them at its end, unless SIGKILL ends it. */
const leaders = new Set<number>();
process.on("exit", () => {
  for (const pid of leaders) signalGroup(pid, "SIGKILL");
});
// Node ends at these signals without an `exit` event. A script that stops gracefully has its own listeners.
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.on(name, () => {
    if (process.listenerCount(name) === 1) process.exit(128 + constants.signals[name]);
  });

/** Starts `command` as the leader of a new process group. Its output goes to `logPath`. */
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
  leaders.add(pid);
  return {
    name,
    pid,
    exited,
    async stop(graceMs) {
      const deadline = performance.now() + graceMs;
      let isLeft = signalGroup(pid, 0);
      if (isLeft) signalLeader(pid);
      void exited.then(() => signalGroup(pid, "SIGTERM"));
      while (isLeft && performance.now() < deadline) {
        await sleep(25);
        isLeft = signalGroup(pid, 0);
      }
      if (isLeft) {
        signalGroup(pid, "SIGKILL");
        await exited;
      }
      leaders.delete(pid);
    },
  };
}

function signalLeader(pid: number): void {
  try {
    process.kill(pid, "SIGTERM");
  } catch {
    // It has ended, and left the others behind.
  }
}

/** Signals the group. False when none of its processes is left. */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  if (pid <= 1) return false;
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}
