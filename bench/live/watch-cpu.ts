/**
 * Where CPU time goes while a film is made: the seconds of every process below this one, by what the process
 * does. On a machine that others use too they tell more than wall time. The last sample of a process misses
 * what it did until its end, 50 ms of CPU at most.
 */
import { readdirSync, readFileSync } from "node:fs";

const sampleMs = 100;
/** Of /proc/<pid>/stat, on every Linux that Node runs on. */
const ticksPerSecond = 100;

export interface CpuWatch {
  /**
   * CPU seconds by what they were spent on. Empty without /proc.
   *
   * @param from milliseconds since the epoch
   * @param to the same
   */
  between(from: number, to: number): Map<string, number>;
  stop(): void;
}

/** Watches all processes that descend from this one. */
export function watchCpu(): CpuWatch {
  const threads = new Map<string, { name: string; ticks: number }>();
  const history: { at: number; ticks: Map<string, number> }[] = [];
  const sample = () => {
    for (const pid of descendants(process.pid)) readThreads(pid, threads);
    const ticks = new Map<string, number>();
    for (const one of threads.values()) ticks.set(one.name, (ticks.get(one.name) ?? 0) + one.ticks);
    history.push({ at: Date.now(), ticks });
  };
  const timer = setInterval(sample, sampleMs);
  return {
    between(from, to) {
      const before = history.findLast(({ at }) => at <= from)?.ticks ?? new Map<string, number>();
      const after = history.findLast(({ at }) => at <= to)?.ticks ?? before;
      const spent = [...after].map(([name, ticks]) => [name, ticks - (before.get(name) ?? 0)] as const);
      return new Map(
        spent.filter(([, ticks]) => ticks > 0).map(([name, ticks]) => [name, ticks / ticksPerSecond]),
      );
    },
    stop: () => clearInterval(timer),
  };
}

function descendants(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
      .flatMap((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").trim().split(" "))
      .filter(Boolean)
      .flatMap((child) => [Number(child), ...descendants(Number(child))]);
  } catch {
    return []; // It has just ended, or this system has no /proc.
  }
}

/** Notes the ticks of a process; of the worker those of each kind of thread. */
function readThreads(pid: number, threads: Map<string, { name: string; ticks: number }>): void {
  try {
    const name = nameOf(readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " "));
    if (name !== "worker") {
      threads.set(String(pid), { name, ticks: readTicks(`/proc/${pid}/stat`) });
      return;
    }
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      const isMain = Number(thread) === pid;
      const kind = isMain ? "main" : readFileSync(`/proc/${pid}/task/${thread}/comm`, "utf8").trim();
      const ticks = readTicks(`/proc/${pid}/task/${thread}/stat`);
      threads.set(`${pid}/${thread}`, { name: `worker, ${kind} thread`, ticks });
    }
  } catch {
    // It has just ended.
  }
}

/** User and system time. */
function readTicks(file: string): number {
  const fields = readFileSync(file, "utf8").split(") ")[1]?.split(" ") ?? [];
  return Number(fields[11]) + Number(fields[12]);
}

const known: [RegExp, string][] = [
  [/ffprobe/, "ffprobe"],
  [/ffmpeg.*-crf 25/s, "ffmpeg: preview segment"],
  [/ffmpeg.*libx264/s, "ffmpeg: film segment"],
  [/ffmpeg.*mjpeg/s, "ffmpeg: thumbnail, poster, sheet"],
  [/ffmpeg.*rgb24/s, "ffmpeg: decode a picture"],
  [/ffmpeg.*adts/s, "ffmpeg: encode a sound"],
  [/ffmpeg/, "ffmpeg: other"],
  [/render-worker\/main/, "worker"],
  [/workerd/, "Cloudflare's emulator, workerd"],
  [/serve-worker|wrangler/, "Cloudflare's emulator, Node"],
  [/simulators\/openai/, "AI simulator"],
  [/simulators\/queue/, "queue simulator"],
  [/chrom/, "Chromium"],
];

/** What a command line is known by. */
const nameOf = (command: string) => known.find(([pattern]) => pattern.test(command))?.[1] ?? "other";
