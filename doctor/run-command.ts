import { spawn } from "node:child_process";

export interface CommandResult {
  /** The exit code; 127 when the program does not exist, 124 after the timeout. */
  code: number;
  stdout: string;
  stderr: string;
}

export interface CommandOptions {
  env: Record<string, string | undefined>;
  timeoutMs: number;
  cwd?: string;
  /** Use it for secrets: every process of the machine can read arguments. */
  stdin?: string;
}

export type RunCommand = (
  file: string,
  args: readonly string[],
  options: CommandOptions,
) => Promise<CommandResult>;

/** Runs a program without a shell. Never throws: the result has the error. */
export const runCommand: RunCommand = (file, args, { env, timeoutMs, cwd, stdin }) =>
  new Promise((resolve) => {
    const child = spawn(file, args, { env, cwd, timeout: timeoutMs, killSignal: "SIGKILL" });
    const result: CommandResult = { code: 0, stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      result.stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      result.stderr += text;
    });
    child.once("error", (error: NodeJS.ErrnoException) =>
      resolve({ ...result, code: error.code === "ENOENT" ? 127 : 126, stderr: error.message }),
    );
    child.once("close", (code, signal) =>
      resolve({ ...result, code: code ?? (signal === "SIGKILL" ? 124 : 143) }),
    );
    // A program that reads no input may end before the input is written.
    child.stdin.on("error", () => {});
    child.stdin.end(stdin ?? "");
  });
