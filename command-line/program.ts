/**
 * What all commands of the project have in common: --help, --version, suggestions for misspelt names, refusal
 * of unknown options, and errors without stack traces.
 */

import type { Command } from "@commander-js/extra-typings";
import { Command as CommanderCommand, CommanderError, InvalidArgumentError } from "commander";
import { closest, distance } from "fastest-levenshtein";
import type { z } from "zod";
import packageJson from "../package.json" with { type: "json" };
import { asksForJson, describeError, isUsage } from "./describe-error.ts";

/** @source sysexits(3): EX_USAGE */
export const usageExitCode = 64;

/** A program without options and commands. `name` is what a person types, such as `npm run demo --`. */
export function createProgram(name: string, description: string): Command {
  const program = new CommanderCommand(name)
    .description(description)
    .version(packageJson.version, "-V, --version", "show the version")
    .helpOption("-h, --help", "show this help")
    .helpCommand(false)
    .showHelpAfterError("Add --help to see what there is.")
    .configureOutput({ writeErr: (text) => void (asksForJson(process.argv) || process.stderr.write(text)) })
    .exitOverride();
  // The same object at run time; the other package only has the types that infer options.
  return program as unknown as Command;
}

/**
 * Runs the program. Sets the process's exit code: 64 after wrong usage, 1 after an error that set none. Its
 * message is printed on stderr; with --json as JSON on stdout, even if the program has no such option.
 */
export async function runProgram(
  program: Pick<Command, "parseAsync">,
  args: readonly string[] = process.argv.slice(2),
): Promise<void> {
  // The reader of a pipe, such as head, has read enough.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit();
  });
  try {
    await program.parseAsync([...args], { from: "user" });
  } catch (error) {
    // The help and the version were asked for.
    if (error instanceof CommanderError && error.exitCode === 0) return;
    if (isUsage(error)) process.exitCode = usageExitCode;
    process.exitCode ||= 1;
    if (asksForJson(args)) process.stdout.write(`${JSON.stringify({ error: describeError(error) })}\n`);
    // Commander has printed its message.
    else if (!(error instanceof CommanderError))
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  }
}

/**
 * A parser of an option's text by a schema.
 * @throws InvalidArgumentError, by the parser, with the schema's message; commander adds the option's name
 */
export const textBy =
  <T>(schema: z.ZodType<T>) =>
  (text: string): T =>
    check(schema, text);

/**
 * The same for numbers.
 * @throws InvalidArgumentError, by the parser, when the text is no number or the schema refuses it
 */
export const numberBy =
  <T>(schema: z.ZodType<T>) =>
  (text: string): T => {
    if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(text.trim())) throw new InvalidArgumentError("It must be a number.");
    return check(schema, Number(text));
  };

function check<T>(schema: z.ZodType<T>, value: unknown): T {
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  const messages = error.issues.map(explainIssue);
  throw new InvalidArgumentError([...messages, ...suggest(error.issues, value)].join(" "));
}

/** What a schema found, as a sentence for people. */
export function explainIssue(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "too_big":
      return `It must ${amount(issue.origin)} at most ${issue.maximum}${unit(issue.origin)}.`;
    case "too_small":
      if (issue.origin === "string" && issue.minimum === 1) return "It must not be empty.";
      return `It must ${amount(issue.origin)} at least ${issue.minimum}${unit(issue.origin)}.`;
    case "invalid_value":
      return `It must be one of: ${issue.values.join(", ")}.`;
    case "invalid_type":
      return `It must be ${typeNames[issue.expected] ?? issue.expected}.`;
    case "custom":
      // The contract's own messages begin with "must".
      return `${issue.message.startsWith("must ") ? "It " : ""}${issue.message}.`;
    default:
      return `It is not valid: ${issue.message}.`;
  }
}

const typeNames: Record<string, string> = { int: "a whole number", number: "a number", string: "a text" };
const amount = (origin: string) => (/^(number|int|bigint)$/.test(origin) ? "be" : "have");
const unit = (origin: string) =>
  origin === "string" ? " characters" : amount(origin) === "be" ? "" : " entries";

/** "(Did you mean noir?)", if one of the values that the schema knows is near. */
function suggest(issues: readonly z.core.$ZodIssue[], given: unknown): string[] {
  const [issue] = issues;
  if (issue?.code !== "invalid_value" || typeof given !== "string") return [];
  const asked = given.toLowerCase();
  const nearest = closest(asked, issue.values.map(String));
  const isNear = distance(asked, nearest) <= Math.max(asked.length, nearest.length) * mostDifferent;
  return isNear || (asked !== "" && nearest.startsWith(asked)) ? [`(Did you mean ${nearest}?)`] : [];
}

/** The share of letters in which a misspelt value differs from what was meant. */
const mostDifferent = 0.5;
