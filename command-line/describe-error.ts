/** What a command prints of an error with --json. */
import { CommanderError } from "commander";

/** A wrong argument that is found after the parsing. */
export class UsageError extends Error {}

/** Whether the arguments ask for JSON; what follows `--` are no options. */
export const asksForJson = (args: readonly string[]): boolean =>
  (args.includes("--") ? args.slice(0, args.indexOf("--")) : args).includes("--json");

/** Whether the person has to change the command. */
export const isUsage = (error: unknown): boolean =>
  error instanceof UsageError || error instanceof CommanderError;

/** The error as JSON. Errors of the API have a dotted code; all others are this program's. */
export function describeError(error: unknown): Record<string, unknown> {
  const { code, errors, message } = error as { code?: unknown; errors?: unknown; message?: string };
  const isOfApi = typeof code === "string" && /^[a-z_]+\.[a-z_]+$/.test(code);
  return {
    code: isUsage(error) ? "client.usage" : isOfApi ? code : "client.failed",
    message: (message ?? String(error)).replace(/^error: /, "").replaceAll("\n", " "),
    ...(Array.isArray(errors) && errors.length > 0 ? { errors } : {}),
  };
}
