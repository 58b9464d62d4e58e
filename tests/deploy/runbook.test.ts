/** Everything that the runbook names exists: error codes, metrics, options, npm scripts, checks. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { createDeployProgram } from "../../deploy/options.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const runbook = readFileSync(join(root, "docs", "runbook.md"), "utf8");
const sources = ["contract", "edge", "render-worker", "doctor", "deploy"]
  .flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: root }))
  .filter((name) => !name.endsWith(".test.ts"))
  .map((name) => readFileSync(join(root, name), "utf8"))
  .join("\n");

const named = (pattern: RegExp) => [
  ...new Set([...runbook.matchAll(pattern)].map((match) => match[1] as string)),
];

it("names error codes that exist in the code", () => {
  const codes = named(/`((?:openai|storage|ffmpeg|media|signature|setup|internal|edge|queue)\.[a-z_]+)`/g);
  expect(codes.length).toBeGreaterThan(10);
  expect(codes.filter((code) => !sources.includes(`"${code}"`))).toEqual([]);
});

it("names metrics that are served", () => {
  const metrics = named(/`(dream_[a-z_]+)/g);
  expect(metrics.length).toBeGreaterThan(5);
  expect(metrics.filter((metric) => !sources.includes(`"${metric}"`))).toEqual([]);
});

it("names options of the deploy that exist", () => {
  const options = named(/npm run deploy -- (--[a-z-]+)/g);
  expect(options.length).toBeGreaterThan(3);
  const help = createDeployProgram(async () => {}).helpInformation();
  expect(options.filter((option) => !help.includes(option))).toEqual([]);
});

it("has a row for each check of the doctor", () => {
  const table = runbook.slice(runbook.indexOf("## The doctor"));
  const checks = [...sources.matchAll(/^\s+name: "([a-zA-Z ]+)",\n\s+(?:async )?run/gm)].map(
    (match) => match[1] as string,
  );
  expect(checks.length).toBeGreaterThan(9);
  expect(checks.filter((check) => !new RegExp(`^\\| ${check} +\\|`, "m").test(table))).toEqual([]);
});
