/**
 * The only file that starts ffmpeg and ffprobe. A run always ends: by itself, by its signal or by its time
 * limit (SIGTERM, then SIGKILL after five seconds). No child process outlives it, and every end but success
 * is one of the worker's errors. The callers build the arguments and filter strings in pure functions.
 *
 * fluent-ffmpeg is no longer developed. It does little here (argument order, starting with a niceness,
 * feeding stdin), so replacing it would change this file only. Its time limit only sends SIGTERM, its error
 * texts must be parsed, its stderr buffer grows with a line and its ffprobe cannot be stopped; none of these
 * is used.
 */
import { type ChildProcess, execFile } from "node:child_process";
import type { Readable } from "node:stream";
import ffmpeg from "fluent-ffmpeg";
import { classifyFailure, type Failure } from "./ffmpeg/classify-failure.ts";
import { limitCommandMemory, limitMemory } from "./ffmpeg/limit-memory.ts";
import { ProbeResult } from "./ffmpeg/probe-result.ts";
import { Tail } from "./ffmpeg/tail.ts";

/** Lower priority than the event loop's, so that heartbeats and uploads go out while all cores encode. */
const niceness = 10;
const killGraceMs = 5_000;
const stderrTailChars = 64 * 1024;
/** More than any run writes at these log levels; a run that writes more is ended. */
const stderrLimitChars = 8 * 1024 * 1024;
/** For a run on untrusted input; decoding a whole film takes a tenth of it. */
const cpuLimitSeconds = 120;

export interface FfmpegInput {
  /** A path, or one stream for stdin. */
  source: string | Readable;
  options?: readonly string[];
}

export interface FfmpegRun {
  inputs: readonly FfmpegInput[];
  outputs: readonly { file: string; options: readonly string[] }[];
  /** Filters name their files relative to this folder. */
  cwd: string;
  signal: AbortSignal;
  timeoutMs: number;
  /** "info" if the caller reads the run's report. */
  logLevel?: "warning" | "info";
  /** The inputs are untrusted: a failure is the input's fault (`Poison`). */
  untrusted?: boolean;
  /** Damaged packets are skipped. The run fails if more than two thirds of them are. */
  skipsDamage?: boolean;
  /**
   * The most address space of the process, where the system can limit it. Beyond it, the input is at fault.
   */
  memoryBytes?: number;
}

// The image sets it for Node, whose C library has read it. ffmpeg would map and clear the memory of every
// frame anew.
delete process.env.MALLOC_MMAP_THRESHOLD_;

const living = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of living) child.kill("SIGKILL");
});

/**
 * Runs ffmpeg to its end and returns the end of its log. Resolves only on exit code 0; the caller must still
 * probe the outputs, because ffmpeg exits with 0 on some damaged inputs.
 *
 * @throws Cancelled, Transient (full disk, killed, too slow) or, for untrusted inputs, Poison
 */
export function runFfmpeg(run: FfmpegRun): Promise<{ stderrTail: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ stderrTail: string }>();
  const command = buildCommand(run);
  const stderr = new Tail(stderrTailChars);
  const failure: Failure = { stderrTail: "" };
  let child: ChildProcess | undefined;
  let killTimer: NodeJS.Timeout | undefined;

  const stop = (reason: Failure["stoppedFor"]) => {
    if (failure.stoppedFor) return;
    failure.stoppedFor = reason;
    if (child) endChild(child);
  };
  const endChild = (started: ChildProcess) => {
    started.kill("SIGTERM");
    killTimer = setTimeout(() => started.kill("SIGKILL"), killGraceMs);
  };
  const onAbort = () => stop("abort");
  const timer = setTimeout(() => stop("timeout"), run.timeoutMs);
  const settle = (error?: Error) => {
    clearTimeout(timer);
    clearTimeout(killTimer);
    run.signal.removeEventListener("abort", onAbort);
    for (const { source } of run.inputs) if (typeof source !== "string") source.destroy();
    if (child) living.delete(child);
    failure.stderrTail = stderr.text();
    failure.error = error;
    if (!error && !failure.stoppedFor) resolve({ stderrTail: failure.stderrTail });
    else reject(classifyFailure(failure, run.untrusted === true, run.memoryBytes !== undefined));
  };

  command.on("start", () => {
    const started = (command as unknown as { ffmpegProc: ChildProcess }).ffmpegProc;
    child = started;
    living.add(started);
    // Registered before the library's listener, which may report the end at once.
    started.prependOnceListener("exit", (code, signal) => {
      failure.exitCode = code;
      failure.exitSignal = signal;
    });
    // The library's own listener throws if a process cannot be started.
    started.removeAllListeners("error").once("error", settle);
    started.stderr?.removeAllListeners("data").on("data", (text: string) => {
      stderr.add(text);
      if (stderr.seen > stderrLimitChars) stop("flood");
    });
    if (failure.stoppedFor) endChild(started);
  });
  command.on("end", () => settle());
  command.on("error", (error: Error) => {
    if (!("inputStreamError" in error) || !child) return settle(error);
    // The stream that feeds ffmpeg has failed, and ffmpeg still runs.
    child.once("close", () => settle(error));
    stop("input stream");
  });
  run.signal.addEventListener("abort", onAbort, { once: true });
  if (run.signal.aborted) failure.stoppedFor = "abort";
  if (failure.stoppedFor) settle();
  else command.run();
  return promise;
}

function buildCommand(run: FfmpegRun): ffmpeg.FfmpegCommand {
  const command = ffmpeg({ niceness, cwd: run.cwd, stdoutLines: 1 } as ffmpeg.FfmpegCommandOptions);
  if (run.memoryBytes !== undefined) limitCommandMemory(command, run.memoryBytes);
  const common = [
    ...["-hide_banner", "-y", "-nostdin", "-nostats", "-loglevel", run.logLevel ?? "warning"],
    ...(run.skipsDamage ? [] : ["-xerror"]),
    ...(run.untrusted ? ["-timelimit", String(cpuLimitSeconds)] : []),
  ];
  for (const [index, { source, options = [] }] of run.inputs.entries()) {
    command.input(typeof source === "string" ? `file:${source}` : source);
    add(command.inputOptions, index === 0 ? [...common, ...options] : options);
  }
  for (const { file, options } of run.outputs) {
    command.output(`file:${file}`);
    add(command.outputOptions, options);
  }
  return command;

  /**
   * Passes all options in one call: the library splits an option at its spaces if it comes alone or in an
   * array.
   */
  function add(method: (...options: string[]) => ffmpeg.FfmpegCommand, options: readonly string[]): void {
    if (options.length === 1) throw new Error("a lone option would be split at its spaces");
    if (options.length > 1) method.apply(command, [...options]);
  }
}

/**
 * ffprobe's report on a file. It counts packets, so that a cut file shows. `options` go before the input
 * (whitelists for untrusted files). A report of more than 4 MiB is the input's fault.
 *
 * @throws Cancelled, Transient or, for untrusted inputs, Poison
 */
export function probe(
  file: string,
  run: Pick<FfmpegRun, "signal" | "untrusted" | "memoryBytes"> & { options?: readonly string[] },
): Promise<ProbeResult> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
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
  const child = execFile(
    ...limitMemory("ffprobe", [...args, ...(run.options ?? []), "-i", `file:${file}`], run.memoryBytes),
    { timeout: 20_000, killSignal: "SIGKILL", maxBuffer: 4 << 20, signal: run.signal },
    (error, stdout, stderr) => {
      living.delete(child);
      if (!error) return resolve(stdout);
      const isFlood = (error.code as unknown) === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER";
      const stoppedFor = run.signal.aborted
        ? "abort"
        : isFlood
          ? "flood"
          : error.killed
            ? "timeout"
            : undefined;
      const exitCode = typeof error.code === "number" ? error.code : null;
      const failure = {
        stoppedFor,
        exitCode,
        exitSignal: error.signal ?? null,
        stderrTail: stderr,
        error,
      } as const;
      reject(classifyFailure(failure, run.untrusted === true, run.memoryBytes !== undefined));
    },
  );
  living.add(child);
  return promise.then((stdout) => ProbeResult.parse(JSON.parse(stdout)));
}
