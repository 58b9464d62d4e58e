import { z } from "zod";

export type Environment = Record<string, string | undefined>;

/** An environment variable is wrong or missing. The message names it. */
export class ConfigError extends Error {}

/**
 * Parses the variables that start with `prefix`; the keys of `shape` are the names without it. An empty
 * variable counts as absent, as in a compose file or a dashboard.
 *
 * @throws ConfigError with one line per wrong variable, never with its value
 */
export function parseSection<S extends z.ZodRawShape>(env: Environment, prefix: string, shape: S) {
  const present = Object.keys(shape).flatMap((name) => {
    const value = env[prefix + name];
    return value === undefined || value === "" ? [] : [[name, value] as const];
  });
  const result = z.object(shape).safeParse(Object.fromEntries(present));
  if (result.success) return result.data;
  throw new ConfigError(
    result.error.issues.map((issue) => `${prefix}${issue.path.join(".")}: ${issue.message}`).join("\n"),
  );
}
