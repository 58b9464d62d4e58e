import { Cancelled, Poison, Transient } from "../../errors.ts";

/** How a failed run ended. */
export interface Failure {
  /** Why the worker stopped it, if it did. */
  stoppedFor?: "abort" | "timeout" | "flood" | "input stream" | undefined;
  exitCode?: number | null;
  exitSignal?: NodeJS.Signals | null;
  stderrTail: string;
  /** The error of Node or of the library. */
  error?: Error | undefined;
}

/**
 * The error for a failed run. Exit code and signal decide first; only ffmpeg's log tells a full disk from a
 * bad input.
 *
 * @param untrusted the input came from outside, and is at fault if nothing else is
 * @param isMemoryLimited the process had a limit of its own, so a failed allocation is the input's fault
 */
export function classifyFailure(failure: Failure, untrusted: boolean, isMemoryLimited = false): Error {
  const { stoppedFor, exitCode, exitSignal, stderrTail, error } = failure;
  const cause = new Error(`${error?.message ?? "ffmpeg"}\n${stderrTail.slice(-2_000)}`, { cause: error });
  if (stoppedFor === "abort") return new Cancelled("film.cancelled", "The film was cancelled.");
  if (stoppedFor === "timeout") return new Transient("ffmpeg.timeout", "Encoding took too long.", { cause });
  if (stoppedFor === "input stream") return new Error("ffmpeg's input stream failed", { cause });
  if (ranOut(stderrTail, error, isMemoryLimited))
    return new Transient("ffmpeg.no_resources", "The machine ran out of memory or disk space.", { cause });
  const crashed = exitSignal === "SIGSEGV" || exitSignal === "SIGABRT" || exitSignal === "SIGXCPU";
  // 137: the kernel's out-of-memory killer. 255: ffmpeg received SIGTERM.
  const killed = exitSignal || exitCode === 137 || exitCode === 255;
  if (killed && !stoppedFor && !(crashed && untrusted))
    return new Transient("ffmpeg.killed", "Encoding was interrupted.", { cause });
  // If the process never started, its input is not at fault and must not be bought again.
  const isStarted = typeof exitCode === "number" || exitSignal || stoppedFor;
  if (untrusted && isStarted)
    return new Poison("media.unreadable", "A picture or voice could not be read.", { cause });
  return new Error("ffmpeg failed on our own input", { cause });
}

function ranOut(stderrTail: string, error: Error | undefined, isMemoryLimited: boolean): boolean {
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? "";
  return (
    ["EAGAIN", "EMFILE", "ENFILE", "ENOMEM", "ENOSPC"].includes(code) ||
    /No space left on device|Disk quota exceeded|Too many open files/.test(stderrTail) ||
    (!isMemoryLimited && /Cannot allocate memory/.test(stderrTail))
  );
}
