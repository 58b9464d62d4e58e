import { spawn } from "node:child_process";

export interface CommandResult {
  /** 127 where there is no such program, 124 where it took too long. */
  code: number;
  stdout: string;
  stderr: string;
}

export interface CommandOptions {
  env: Record<string, string | undefined>;
  timeoutMs: number;
  cwd?: string;
  /** Where secrets go: arguments are seen by every process of the machine. */
  stdin?: string;
}

export type RunCommand = (
  file: string,
  args: readonly string[],
  options: CommandOptions,
) => Promise<CommandResult>;

/** Runs a program to its end, without a shell. Never throws: what went wrong is in the result. */
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
    // A program that reads no input may be gone before it is written.
    child.stdin.on("error", () => {});
    child.stdin.end(stdin ?? "");
  });
