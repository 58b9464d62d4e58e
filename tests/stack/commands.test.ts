/** Every command of the project, as a process, with a wrong option. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runCommand } from "../../doctor/run-command.ts";
import { root } from "../../local/root.ts";

const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
};
const own = ["demo", "dev", "doctor", "deploy", "bench", "test:chaos"].map((name) => {
  const file = scripts[name]?.match(/\S+\.ts$/)?.[0] as string;
  return { file, args: name === "bench" ? ["jobs"] : [] };
});
const commands = [
  ...own,
  { file: "cli/main.ts", args: ["make"] },
  { file: "deploy/cost-model.ts", args: [] },
];

it("refuses an option that no command has, with the nearest one, and starts nothing", async () => {
  const results = await Promise.all(
    commands.map(async ({ file, args }) => ({
      file,
      ...(await runCommand(process.execPath, [file, ...args, "--halp"], {
        ...{ cwd: root, env: process.env, timeoutMs: 200_000 },
      })),
    })),
  );
  for (const { file, code, stdout, stderr } of results) {
    expect(stderr, file).toBe(
      "error: unknown option '--halp'\n(Did you mean --help?)\nAdd --help to see what there is.\n",
    );
    expect([code, stdout], file).toEqual([64, ""]);
  }
});

it("prints an error as JSON and nothing else with --json", async () => {
  const env = { ...process.env, DREAMREEL_URL: "http://127.0.0.1:1", DREAMREEL_API_KEY: "k" };
  const args = ["cli/main.ts", "estimate", "-", "--json"];
  const { code, stdout, stderr } = await runCommand(process.execPath, args, {
    ...{ cwd: root, env, timeoutMs: 200_000, stdin: "I flew over a sea." },
  });
  expect([code, stderr]).toEqual([1, ""]);
  expect(JSON.parse(stdout)).toEqual({
    error: { code: "client.unreachable", message: expect.stringContaining("http://127.0.0.1:1") },
  });
});

it.each([
  ["an unknown command", ["cli/main.ts", "mak", "--json"], /^unknown command 'mak' \(Did you mean make\?\)$/],
  ["an unknown option", ["local/doctor.ts", "--json", "--halp"], /^unknown option '--halp'/],
  ["a missing argument", ["cli/main.ts", "watch", "--json"], /^missing required argument 'dream-id'$/],
  ["a wrong number", ["cli/main.ts", "takes", "d", "0", "--json"], /^the scene is a number from 1$/],
])("prints %s as JSON and nothing else with --json", async (_, args, message) => {
  const env = { ...process.env, DREAMREEL_URL: "http://127.0.0.1:1", DREAMREEL_API_KEY: "k" };
  const { code, stdout, stderr } = await runCommand(process.execPath, args, {
    ...{ cwd: root, env, timeoutMs: 200_000 },
  });
  expect([code, stderr]).toEqual([64, ""]);
  expect(JSON.parse(stdout)).toEqual({
    error: { code: "client.usage", message: expect.stringMatching(message) },
  });
});

it("ends without an error when the reader of its output has read enough", async () => {
  const { code, stderr } = await runCommand(
    "bash",
    ["-c", `set -o pipefail; "$0" cli/main.ts --help | true`, process.execPath],
    {
      ...{ cwd: root, env: process.env, timeoutMs: 200_000 },
    },
  );
  expect([code, stderr]).toEqual([0, ""]);
});
