/** What a command prints: progress for people on stderr, its result on stdout, as text or as JSON. */
import { appendFileSync, writeFileSync } from "node:fs";
import type { Command, OptionValues } from "@commander-js/extra-typings";
import { describeError, isUsage, UsageError } from "./describe-error.ts";
import { usageExitCode } from "./program.ts";

export interface OutputOptions {
  json?: boolean | undefined;
  jsonFile?: string | undefined;
}

export interface Output {
  /** Whether people read along; false with --json. */
  isForPeople: boolean;
  /** Prints a line for people. */
  say(line: string): void;
  /** Prints a line on stderr, with --json as well: what a caller must know before the result. */
  note(line: string): void;
  /** Prints a result: with --json as one line of JSON, else `text`. */
  result(value: unknown, text: string): void;
}

/**
 * Adds --json and --json-file. `runAs` is how npm prints nothing of its own, such as `npm run -s demo --`.
 */
export const addJsonOptions = <A extends unknown[], O extends OptionValues>(
  command: Command<A, O>,
  runAs?: string,
) =>
  command
    .option(
      "--json",
      `print the result as JSON and nothing else on stdout${runAs ? ` (npm prints two lines itself; not with: ${runAs} --json)` : ""}`,
    )
    .option("--json-file <file>", "write the result as JSON to this file, and print text for people");

/**
 * Runs `work` with an output. With --json, an error becomes the result; the exit code is that of
 * `runProgram`.
 *
 * @throws UsageError when --json-file cannot be written, before anything is done
 * @throws what `work` throws, without --json
 */
export async function withOutput(
  { json = false, jsonFile }: OutputOptions,
  work: (output: Output) => Promise<void>,
): Promise<void> {
  if (jsonFile !== undefined) startFile(jsonFile);
  const writeJson = (value: unknown) => {
    const line = `${JSON.stringify(value)}\n`;
    if (json) process.stdout.write(line);
    if (jsonFile !== undefined) appendFileSync(jsonFile, line);
  };
  try {
    await work({
      isForPeople: !json,
      say: (line) => void (json || process.stderr.write(`${line}\n`)),
      note: (line) => void process.stderr.write(`${line}\n`),
      result(value, text) {
        writeJson(value);
        if (!json) process.stdout.write(`${text}\n`);
      },
    });
  } catch (error) {
    writeJson({ error: describeError(error) });
    if (!json) throw error;
    process.exitCode ||= isUsage(error) ? usageExitCode : 1;
  }
}

function startFile(path: string): void {
  try {
    writeFileSync(path, "");
  } catch (error) {
    throw new UsageError(`--json-file ${path} cannot be written: ${(error as Error).message}`);
  }
}
