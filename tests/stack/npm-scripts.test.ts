/** The effect of SIGTERM to npm: `npm run x & kill $!` in a shell, a supervisor, a time limit of CI. */

import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { isFree } from "../free-port.ts";
import { until } from "../until.ts";
import { processesHolding, root, runNpmScript, type Script } from "./run-script.ts";

let script: Script | undefined;
afterEach(async () => {
  if (script === undefined) return;
  for (const line of processesHolding(script.stateDir)) {
    const pid = Number(line.trim().split(" ", 1)[0]);
    if (pid !== process.pid) process.kill(pid, "SIGKILL");
  }
  rmSync(script.stateDir, { recursive: true, force: true });
});

const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
};

it("starts every long-running script in place of npm's shell, which would not forward a signal", () => {
  const handedOver = Object.entries(scripts).filter(([, command]) => command.includes("local/setup.mjs"));
  expect(handedOver.map(([name]) => name).sort()).toEqual(
    [
      "bench",
      "demo",
      "deploy",
      "dev",
      "docs:media",
      "doctor",
      "test",
      "test:all",
      "test:chaos",
      "test:long",
      "test:unit",
      "voices",
    ].sort(),
  );
  for (const [name, command] of handedOver) expect(command, name).toMatch(/^exec /);
});

it("writes everything that comes from code by npm run openapi, and runs no other test for it", () => {
  const [program, run, ...words] = scripts.openapi?.split(" ") ?? [];
  const files = words.filter((word) => word !== "-u");
  expect([program, run, words.at(-1)]).toEqual(["vitest", "run", "-u"]);
  for (const file of files) expect(readFileSync(join(root, file), "utf8")).toContain("toMatchFileSnapshot");
  const writing = execFileSync("git", ["grep", "-l", "toMatchFileSnapshot", "*.test.ts"], {
    cwd: root,
    encoding: "utf8",
  });
  expect(files).toEqual(
    expect.arrayContaining(
      writing
        .trim()
        .split("\n")
        .filter((file) => file !== "tests/stack/npm-scripts.test.ts"),
    ),
  );
});

it.each([
  ["bench", "jobs"],
  ["test", "tests/edge/setup.test.ts"],
])(
  "npm run %s %s ends at SIGTERM to npm, with every process that it started",
  { timeout: 180_000 },
  async (name, argument) => {
    const started = await runNpmScript(name, [argument]);
    script = started;
    await until(() => processesOf("workerd").length > 0);
    started.child.kill("SIGTERM");
    await started.exit;
    await until(() => processesHolding(started.stateDir).length === 0);
    for (const offset of [0, 1, 2, 3]) expect(await isFree(started.port + offset)).toBe(true);
  },
);

const processesOf = (program: string) =>
  processesHolding(script?.stateDir ?? "-").filter((line) => line.includes(program));
