/**
 * The only file of the simulator that starts processes: ffmpeg, espeak-ng and macOS's `say`. Arguments never
 * contain a user's text: it goes through stdin, or a file with a fixed name.
 */
import { spawn } from "node:child_process";

export interface ToolRun {
  args: readonly string[];
  stdin?: string | Buffer;
  cwd?: string;
  signal?: AbortSignal;
}

export type Tool = "ffmpeg" | "ffprobe" | "espeak-ng" | "say";

/**
 * The tool's stdout. Kills the tool when `signal` aborts.
 * @throws Error with the end of its stderr when it does not exit with 0
 */
export async function runTool(tool: Tool, { args, stdin, cwd, signal }: ToolRun): Promise<Buffer> {
  const child = spawn(tool, args, { cwd, signal, killSignal: "SIGKILL", stdio: ["pipe", "pipe", "pipe"] });
  const out: Buffer[] = [];
  let complaint = "";
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => {
    complaint = (complaint + chunk.toString("utf8")).slice(-2000);
  });
  // A tool that has read enough may close its stdin first.
  child.stdin.on("error", () => {});
  child.stdin.end(stdin ?? "");
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0) throw new Error(`${tool} ended with ${code}: ${complaint.trim()}`);
  return Buffer.concat(out);
}

const known = new Map<string, Promise<boolean>>();

/**
 * Whether the tool starts, and with `saying`, whether its output for `args` contains that word. Tested once.
 */
export function hasTool(tool: Tool, args: readonly string[], saying = ""): Promise<boolean> {
  const key = [tool, ...args, saying].join(" ");
  const answer =
    known.get(key) ??
    runTool(tool, { args }).then(
      (out) => out.includes(saying),
      () => false,
    );
  known.set(key, answer);
  return answer;
}
