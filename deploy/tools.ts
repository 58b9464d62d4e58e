/** wrangler and flyctl, run without a shell. */
import { type RunCommand, runCommand } from "../doctor/run-command.ts";

export interface Command {
  tool: "wrangler" | "flyctl";
  args: readonly string[];
  /** Written to the tool's stdin: every process of the machine can read arguments. */
  secrets?: { names: readonly string[]; text: string };
  /** Additional environment variables of this command. */
  env?: Record<string, string>;
}

/**
 * Runs a tool; resolves to its stdout.
 * @throws ToolFailed when it exits with another code than 0
 */
export type RunTool = (command: Command) => Promise<string>;

export class ToolFailed extends Error {
  readonly code: number;
  /** Both streams: wrangler prints some of its errors on stdout. */
  readonly output: string;

  constructor(command: Command, code: number, output: string) {
    super(`${describeCommand(command)} ended with ${code}`);
    this.name = "ToolFailed";
    this.code = code;
    this.output = output;
  }
}

const howToInstall = {
  wrangler: "It comes with this project: npm ci",
  flyctl: "Install it: https://fly.io/docs/flyctl/install/",
};

/** Long, because a build on Fly takes minutes. */
const timeoutMs = 20 * 60_000;

/**
 * Runs wrangler and flyctl in the folder `cwd`. The returned function has the errors of `RunTool`.
 *
 * @throws Error, by the returned function, when a tool is not installed
 */
export function createRunTool(cwd: string, env: NodeJS.ProcessEnv, run: RunCommand = runCommand): RunTool {
  // No questions, colours or news, because a program reads the output; and a log level at which there is one.
  const quiet = {
    ...{ ...env, CI: "1", NO_COLOR: "1", WRANGLER_LOG: "log" },
    ...{ WRANGLER_SEND_METRICS: "false", FLY_NO_UPDATE_CHECK: "1" },
  };
  return async (command) => {
    const { tool, args, secrets } = command;
    const result = await run(tool, args, {
      cwd,
      env: { ...quiet, ...command.env },
      timeoutMs,
      ...(secrets ? { stdin: secrets.text } : {}),
    });
    if (result.code === 127) throw new Error(`${tool} is not installed. ${howToInstall[tool]}`);
    if (result.code !== 0) throw new ToolFailed(command, result.code, `${result.stdout}\n${result.stderr}`);
    return result.stdout;
  };
}

/** The command as a shell line; secrets appear by name only. */
export function describeCommand({ tool, args, secrets }: Command): string {
  const line = [tool, ...args.map((arg) => (/^[\w./:=@,<>-]+$/.test(arg) ? arg : JSON.stringify(arg)))].join(
    " ",
  );
  return secrets ? `${line}  < ${secrets.names.join(", ")}` : line;
}
