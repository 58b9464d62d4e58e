import { type Logger, pino } from "pino";

import { Measurement } from "../errors.ts";

export type { Logger };

/** JSON lines on stdout. What people wrote and every secret stay out: log ids, counts, codes and times only. */
export function createLog(level: string, base: Record<string, string>): Logger {
  return pino({
    level,
    base,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { error: safeError },
  });
}

/** An error's class, code and stack, and those of its cause. A vendor's message may quote the prompt, so it is left out. */
export function safeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { name: typeof error };
  const code = "code" in error ? String(error.code) : undefined;
  const ours = code !== undefined && /^[a-z]+\.[a-z0-9_.]+$/.test(code);
  return {
    name: error.name,
    code,
    message: ours || error instanceof Measurement ? error.message : undefined,
    stack: error.stack
      ?.split("\n")
      .filter((line) => /^\s+at /.test(line))
      .slice(0, 6)
      .map((line) => line.trim()),
    ...(error.cause === undefined ? {} : { cause: safeError(error.cause) }),
  };
}
