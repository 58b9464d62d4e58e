import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

export interface Cost {
  wallSeconds: number;
  /** User and system time of the command and of everything it started. */
  cpuSeconds: number;
  /**
   * The peak memory of the whole process tree: private memory and the proportional share of shared memory
   * (PSS). NaN without /proc.
   */
  peakMegabytes: number;
  stdout: string;
}

/**
 * The worker runs ffmpeg at a lower priority. All ways get the same priority, so that a busy machine slows
 * them alike.
 */
export const asNice = ["-n", "10"];

const sampleMs = 250;

/**
 * Runs a command to its end and measures it.
 * @throws Error when it fails
 */
export async function measure(command: string, args: readonly string[], cwd: string): Promise<Cost> {
  // The shell's `times` reports the CPU time of all descendants; Node has no such call.
  const shell = '"$@"; status=$?; times >&3; exit $status';
  const startedAt = performance.now();
  const child = spawn("/bin/sh", ["-c", shell, "sh", command, ...args], {
    cwd,
    stdio: ["ignore", "pipe", "inherit", "pipe"],
  });
  const [stdout, times] = [collect(child.stdout), collect(child.stdio[3] as NodeJS.ReadableStream)];
  let peak = 0;
  const sampler = setInterval(() => {
    peak = Math.max(peak, treeBytes(child.pid as number));
  }, sampleMs);
  const code = await new Promise((resolve) => child.once("close", resolve));
  clearInterval(sampler);
  if (code !== 0) throw new Error(`${command} exited ${code}`);
  return {
    wallSeconds: (performance.now() - startedAt) / 1000,
    cpuSeconds: sumTimes(times()),
    peakMegabytes: peak > 0 ? peak / 1e6 : Number.NaN,
    stdout: stdout(),
  };
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  const parts: string[] = [];
  stream?.on("data", (part) => parts.push(String(part)));
  return () => parts.join("");
}

/** The second line of `times`: user and system time of the shell's children, as 1m2.345s. */
function sumTimes(report: string): number {
  const line = report.trim().split("\n")[1] ?? "";
  const seconds = line.split(" ").map((time) => {
    const [, minutes, rest] = /(\d+)m([\d.]+)s/.exec(time) ?? [];
    return Number(minutes) * 60 + Number(rest);
  });
  return seconds.reduce((sum, value) => sum + value, 0);
}

/** The memory of a process and of all that it started, in bytes: PSS. 0 without /proc. */
export const treeBytes = (pid: number): number => readTree(pid).reduce((sum, { bytes }) => sum + bytes, 0);

export interface ProcessMemory {
  command: string;
  /** PSS. */
  bytes: number;
}

/** The process and all that it started, each with its memory. Empty without /proc. */
export function readTree(pid: number): ProcessMemory[] {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
    const bytes = Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1]) * 1024;
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
    const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").trim().split(" "),
    );
    return [{ command, bytes }, ...children.filter(Boolean).flatMap((child) => readTree(Number(child)))];
  } catch {
    return []; // It has just ended, or this system has no /proc.
  }
}
