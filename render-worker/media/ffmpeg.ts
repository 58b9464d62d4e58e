/**
 * The one file that starts ffmpeg and ffprobe. It promises that a run ends: by itself, by its signal or by its
 * time limit (SIGTERM, five seconds, SIGKILL), and that no child outlives it; and it turns every way of ending into
 * one of the worker's errors. Arguments and filter strings come ready from the callers' pure functions.
 *
 * fluent-ffmpeg is no longer developed. What it does here is little (argument order, spawning below a niceness,
 * feeding stdin), so that replacing it would change this file only. Its own time limit, error texts and ffprobe are
 * not used: the first only sends SIGTERM, the second must be parsed, the third cannot be stopped.
 */
import { type ChildProcess, execFile } from "node:child_process";
import type { Readable } from "node:stream";
import ffmpeg from "fluent-ffmpeg";
import { z } from "zod";
import { Cancelled, Poison, Transient } from "../errors.ts";

/** Below the event loop, so that heartbeats and uploads go out while both cores encode. */
const niceness = 10;
const killGraceMs = 5_000;
const stderrTailBytes = 64 * 1024;
/** More than any run writes at these log levels; a run that floods stderr is ended here. */
const stderrLimitBytes = 8 * 1024 * 1024;

export interface FfmpegInput {
  /** A path, or one stream fed to stdin. */
  source: string | Readable;
  options?: readonly string[];
}

export interface FfmpegRun {
  inputs: readonly FfmpegInput[];
  outputs: readonly { file: string; options: readonly string[] }[];
  /** Filters name their files relative to it. */
  cwd: string;
  signal: AbortSignal;
  timeoutMs: number;
  /** "info" only where the run's report is wanted. */
  logLevel?: "warning" | "info";
  /** The inputs came from outside: a failure is theirs (`Poison`), not ours. */
  untrusted?: boolean;
}

export interface FfmpegReport {
  /** The last 64 KB of what ffmpeg said. */
  stderrTail: string;
}

type Stop = "cancelled" | "timeout" | "flood";

const living = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of living) child.kill("SIGKILL");
});

/**
 * Runs ffmpeg to its end. Resolves only on exit code 0; the outputs still want a probe, since ffmpeg exits 0 on some
 * damaged inputs. Throws `Cancelled`, `Transient` (full disk, killed, too slow) or, for untrusted inputs, `Poison`.
 */
export async function runFfmpeg(run: FfmpegRun): Promise<FfmpegReport> {
  if (run.signal.aborted) throw cancelled();
  const command = ffmpeg({ niceness, cwd: run.cwd, stdoutLines: 1 } as ffmpeg.FfmpegCommandOptions);
  for (const [index, input] of run.inputs.entries()) {
    const common = [
      "-hide_banner",
      "-y",
      "-nostdin",
      "-nostats",
      "-loglevel",
      run.logLevel ?? "warning",
      "-xerror",
    ];
    const source = typeof input.source === "string" ? `file:${input.source}` : input.source;
    command.input(source);
    addOptions(command, "inputOptions", [...(index === 0 ? common : []), ...(input.options ?? [])]);
  }
  for (const output of run.outputs) {
    command.output(`file:${output.file}`);
    addOptions(command, "outputOptions", output.options);
  }
  const stdin = run.inputs.map((input) => input.source).find((source) => typeof source !== "string");
  return new Promise((resolve, reject) => {
    const tail = new Tail(stderrTailBytes);
    let stop: Stop | undefined;
    let ended: { code: number | null; signal: NodeJS.Signals | null } | undefined;
    let end = (_reason: Stop) => {};
    const onAbort = () => end("cancelled");
    const timer = setTimeout(() => end("timeout"), run.timeoutMs);
    let graceTimer: NodeJS.Timeout | undefined;

    command.on("start", () => {
      const child = (command as unknown as { ffmpegProc: ChildProcess }).ffmpegProc;
      living.add(child);
      end = (reason) => {
        if (stop || ended) return;
        stop = reason;
        child.kill("SIGTERM");
        graceTimer = setTimeout(() => child.kill("SIGKILL"), killGraceMs);
      };
      child.once("exit", (code, signal) => {
        living.delete(child);
        ended = { code, signal };
      });
      // The library keeps whole lines of any length; this keeps a bounded tail instead.
      child.stderr?.removeAllListeners("data").on("data", (text: string) => {
        tail.add(text);
        if (tail.seenBytes > stderrLimitBytes) end("flood");
      });
      run.signal.addEventListener("abort", onAbort, { once: true });
      if (run.signal.aborted) onAbort();
    });
    const settle = (error?: Error) => {
      clearTimeout(timer);
      clearTimeout(graceTimer);
      run.signal.removeEventListener("abort", onAbort);
      stdin?.destroy();
      const report = { stderrTail: tail.text() };
      if (!error && !stop) return resolve(report);
      reject(classify(run, stop, ended, report.stderrTail, error));
    };
    command.on("end", () => settle());
    command.on("error", (error: Error) => {
      // A failing stdin stream is reported while ffmpeg still runs: wait for it.
      const child = (command as unknown as { ffmpegProc?: ChildProcess }).ffmpegProc;
      if (!child || ended) return settle(error);
      child.once("close", () => settle(error));
      end("cancelled");
    });
    command.run();
  });
}

/** One call per list: fluent-ffmpeg splits a lone option at its space, never one of several. */
function addOptions(
  command: ffmpeg.FfmpegCommand,
  method: "inputOptions" | "outputOptions",
  options: readonly string[],
): void {
  if (options.length > 1) (command[method] as (...list: string[]) => void)(...options);
  else if (options.length === 1) throw new Error("a lone ffmpeg option would be split at spaces");
}

const cancelled = () => new Cancelled("film.cancelled", "The film was cancelled.");

/** Why a run failed, by exit code and signal first; ffmpeg tells full disks and bad input apart only in words. */
export function classify(
  run: Pick<FfmpegRun, "untrusted" | "signal">,
  stop: Stop | undefined,
  ended: { code: number | null; signal: NodeJS.Signals | null } | undefined,
  stderrTail: string,
  error?: Error,
): Error {
  const cause = new Error(`${error?.message ?? "ffmpeg"}\n${stderrTail.slice(-2_000)}`, { cause: error });
  if (run.signal.aborted) return cancelled();
  if (stop === "timeout") return new Transient("ffmpeg.timeout", "Composing took too long.", { cause });
  if (stop === "flood") return poisonOrBug(run, cause);
  const system = (error as NodeJS.ErrnoException | undefined)?.code;
  if (system && ["EAGAIN", "EMFILE", "ENFILE", "ENOMEM", "ENOSPC"].includes(system))
    return new Transient("ffmpeg.no_resources", "The machine ran out of resources.", { cause });
  if (
    /No space left on device|Disk quota exceeded|Cannot allocate memory|Too many open files/.test(stderrTail)
  )
    return new Transient("ffmpeg.no_resources", "The machine ran out of resources.", { cause });
  const crashed = ended?.signal === "SIGSEGV" || ended?.signal === "SIGABRT" || ended?.signal === "SIGXCPU";
  if (crashed && run.untrusted) return poisonOrBug(run, cause);
  // 137: the kernel's out-of-memory killer. 255: ffmpeg's own word for "somebody sent SIGTERM".
  if (ended?.signal || ended?.code === 137 || ended?.code === 255)
    return new Transient("ffmpeg.killed", "Composing was interrupted.", { cause });
  return poisonOrBug(run, cause);
}

function poisonOrBug(run: Pick<FfmpegRun, "untrusted">, cause: Error): Error {
  if (run.untrusted)
    return new Poison("media.unreadable", "A picture or voice could not be read.", { cause });
  return new Error("ffmpeg failed on our own input", { cause });
}

/** The last `limit` characters of a stream of text. */
class Tail {
  seenBytes = 0;
  #parts: string[] = [];
  #length = 0;
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(text: string): void {
    this.seenBytes += text.length;
    this.#parts.push(text);
    this.#length += text.length;
    if (this.#length > 4 * this.#limit) {
      this.#parts = [this.text()];
      this.#length = this.#parts[0]?.length ?? 0;
    }
  }

  text(): string {
    return this.#parts.join("").slice(-this.#limit);
  }
}

const Count = z.coerce.number().int().nonnegative();
const Seconds = z.coerce.number();

export const Probe = z.object({
  streams: z.array(
    z.object({
      codec_type: z.string().optional(),
      codec_name: z.string().optional(),
      profile: z.string().optional(),
      pix_fmt: z.string().optional(),
      width: Count.optional(),
      height: Count.optional(),
      color_space: z.string().optional(),
      color_primaries: z.string().optional(),
      color_transfer: z.string().optional(),
      color_range: z.string().optional(),
      sample_rate: Count.optional(),
      channels: Count.optional(),
      start_time: Seconds.optional(),
      duration: Seconds.optional(),
      nb_frames: Count.optional(),
      nb_read_packets: Count.optional(),
      avg_frame_rate: z.string().optional(),
    }),
  ),
  format: z.object({
    format_name: z.string(),
    duration: Seconds.optional(),
    size: Count.optional(),
    tags: z.record(z.string(), z.string()).optional(),
  }),
  chapters: z
    .array(
      z.object({ start_time: Seconds, end_time: Seconds, tags: z.record(z.string(), z.string()).optional() }),
    )
    .optional(),
});
export type Probe = z.infer<typeof Probe>;

/**
 * What ffprobe says of a file. `options` go before the input (whitelists for files from outside); packets are
 * counted, so that a cut file shows. Throws like `runFfmpeg`.
 */
export function probe(
  file: string,
  run: Pick<FfmpegRun, "signal" | "untrusted"> & { options?: readonly string[]; timeoutMs?: number },
): Promise<Probe> {
  const args = [
    "-v",
    "error",
    "-of",
    "json",
    "-show_streams",
    "-show_format",
    "-show_chapters",
    "-count_packets",
  ];
  const limits = { timeout: run.timeoutMs ?? 20_000, killSignal: "SIGKILL", maxBuffer: 4 << 20 } as const;
  return new Promise((resolve, reject) => {
    const child = execFile(
      "ffprobe",
      [...args, ...(run.options ?? []), "-i", `file:${file}`],
      { ...limits, signal: run.signal },
      (error, stdout, stderr) => {
        living.delete(child);
        if (!error) return resolve(Probe.parse(JSON.parse(stdout)));
        const stop = error.killed && error.signal === "SIGKILL" ? "timeout" : undefined;
        const ended = {
          code: typeof error.code === "number" ? error.code : null,
          signal: error.signal ?? null,
        };
        reject(classify(run, stop, ended, stderr, error));
      },
    );
    living.add(child);
  });
}
