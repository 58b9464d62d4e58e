/**
 * A copy of this checkout in a folder of its own, with tools of the test's choice, so that a deploy leaves no
 * trace here.
 */
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type CommandResult, runCommand } from "../../doctor/run-command.ts";

const repository = fileURLToPath(new URL("../../", import.meta.url));

const parts = [
  ...["command-line", "contract", "db", "deploy", "doctor", "edge", "web", "render-worker", ".npmrc"],
  // Without what tests keep in build: compiled code, Workers and ffmpeg's libraries are a hundred megabytes.
  ...["build/studio", "build/camera.wasm", "build/camera-plain.wasm"],
  ...["tsconfig.json", "tsconfig.base.json"],
  ...["package.json", "package-lock.json", "wrangler.toml", "Dockerfile", ".dockerignore", "fly.worker.toml"],
];

export interface Checkout {
  folder: string;
  /** Comes first on PATH. */
  tools: string;
  run(script: string, args: readonly string[], env?: Record<string, string>): Promise<CommandResult>;
  remove(): void;
}

export function makeCheckout(): Checkout {
  const folder = mkdtempSync(join(tmpdir(), "dreamreel-checkout-"));
  for (const part of parts) cpSync(join(repository, part), join(folder, part), { recursive: true });
  symlinkSync(join(repository, "node_modules"), join(folder, "node_modules"));
  const tools = join(folder, "tools");
  mkdirSync(tools);
  const path = [
    tools,
    dirname(process.execPath),
    join(folder, "node_modules", ".bin"),
    process.env.PATH,
  ].join(delimiter);
  // An environment without the developer's own login.
  const env = {
    PATH: path,
    HOME: folder,
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(folder, "compiled"),
  };
  return {
    folder,
    tools,
    run: (script, args, more = {}) =>
      runCommand(process.execPath, [script, ...args], {
        cwd: folder,
        env: { ...env, ...more },
        timeoutMs: 900_000,
      }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export interface Answer {
  stdout?: string;
  stderr?: string;
  code?: number;
  /** For WRANGLER_OUTPUT_FILE_PATH. */
  record?: string;
}

export interface Call {
  tool: string;
  args: string[];
  stdin: string;
}

/**
 * Puts a tool on the checkout's PATH that replays answers: `answers` maps a pattern for the whole command
 * line to its answer, or to one answer per call. Returns a function that lists the calls.
 */
export function replayTools(
  checkout: Checkout,
  tools: readonly string[],
  answers: Record<string, Answer | Answer[]>,
) {
  for (const tool of tools) {
    const place = join(checkout.tools, tool);
    copyFileSync(join(repository, "tests", "deploy", "fixtures", "replayed-tool.mjs"), place);
    chmodSync(place, 0o755);
  }
  const log = join(checkout.tools, "calls.ndjson");
  writeFileSync(join(checkout.tools, "answers.json"), JSON.stringify(answers));
  writeFileSync(log, "");
  return (): Call[] => {
    const calls = readFileSync(log, "utf8");
    return calls
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Call);
  };
}
