import { Cancelled, Poison, Transient } from "../../errors.ts";

/** How a run that did not succeed came to its end. */
export interface Failure {
  /** Why we stopped it, if we did. */
  stoppedFor?: "abort" | "timeout" | "flood" | "input stream" | undefined;
  exitCode?: number | null;
  exitSignal?: NodeJS.Signals | null;
  stderrTail: string;
  /** What Node or the library said. */
  error?: Error | undefined;
}

/**
 * The error for a failed run. `untrusted`: its input came from outside, and is to blame where nothing else is.
 * Exit code and signal decide first; only ffmpeg's own words tell a full disk from a bad input.
 */
export function classifyFailure(failure: Failure, untrusted: boolean): Error {
  const { stoppedFor, exitCode, exitSignal, stderrTail, error } = failure;
  const cause = new Error(`${error?.message ?? "ffmpeg"}\n${stderrTail.slice(-2_000)}`, { cause: error });
  if (stoppedFor === "abort") return new Cancelled("film.cancelled", "The film was cancelled.");
  if (stoppedFor === "timeout") return new Transient("ffmpeg.timeout", "Composing took too long.", { cause });
  if (stoppedFor === "input stream") return new Error("ffmpeg's input stream failed", { cause });
  if (ranOut(stderrTail, error))
    return new Transient("ffmpeg.no_resources", "The machine ran out of resources.", { cause });
  const crashed = exitSignal === "SIGSEGV" || exitSignal === "SIGABRT" || exitSignal === "SIGXCPU";
  // 137: the kernel's out-of-memory killer. 255: ffmpeg's own word for "somebody sent SIGTERM".
  const killed = exitSignal || exitCode === 137 || exitCode === 255;
  if (killed && !stoppedFor && !(crashed && untrusted))
    return new Transient("ffmpeg.killed", "Composing was interrupted.", { cause });
  // The input of a process that was never started is not to blame, and would be bought again for nothing.
  const isStarted = typeof exitCode === "number" || exitSignal || stoppedFor;
  if (untrusted && isStarted)
    return new Poison("media.unreadable", "A picture or voice could not be read.", { cause });
  return new Error("ffmpeg failed on our own input", { cause });
}

function ranOut(stderrTail: string, error: Error | undefined): boolean {
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? "";
  return (
    ["EAGAIN", "EMFILE", "ENFILE", "ENOMEM", "ENOSPC"].includes(code) ||
    /No space left on device|Disk quota exceeded|Cannot allocate memory|Too many open files/.test(stderrTail)
  );
}
