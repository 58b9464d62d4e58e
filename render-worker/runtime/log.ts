import { type Logger, pino } from "pino";

import { CodedError, Measurement } from "../errors.ts";

export type { Logger };

/**
 * A logger that writes JSON lines to stdout. Texts of users and secrets must stay out: log only ids, counts,
 * codes and times.
 */
export function createLog(level: string, base: Record<string, string>): Logger {
  return pino({
    level,
    base,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { error: safeError },
  });
}

/**
 * The error's class, code and stack, and those of its causes. The message of a vendor's error may quote the
 * prompt, so only messages written by the worker are kept, and of these none that quotes the owner.
 */
export function safeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { name: typeof error };
  const code = "code" in error ? String(error.code) : undefined;
  const isWorkerCode = code !== undefined && /^[a-z]+\.[a-z0-9_.]+$/.test(code);
  const quotesOwner = error instanceof CodedError && error.quotesOwner;
  return {
    name: error.name,
    code,
    message: (isWorkerCode && !quotesOwner) || error instanceof Measurement ? error.message : undefined,
    stack: error.stack
      ?.split("\n")
      .filter((line) => /^\s+at /.test(line))
      .slice(0, 6)
      .map((line) => line.trim()),
    ...(error.cause === undefined ? {} : { cause: safeError(error.cause) }),
  };
}
