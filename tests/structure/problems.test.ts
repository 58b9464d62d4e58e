/** Every problem code of the contract is used by the edge, and the API's document names it. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { configurationCodes } from "../../contract/ai-configuration.ts";
import { jobCodes } from "../../contract/job-codes.ts";
import { problems } from "../../contract/problem.ts";

const root = join(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(join(root, file), "utf8");
const codes = Object.keys(problems);

/** Problems that any address may answer, so the document of single operations does not list them. */
const ofEveryAddress = ["request.not_found", "request.method_not_allowed", "internal.error"];

/** What an endpoint declares does not count as a use. */
const withoutDeclarations = (source: string) => source.replace(/\bproblems: \[[^\]]*\]/g, "");

const unused = (sources: readonly string[]) => {
  const text = sources.map(withoutDeclarations).join("\n");
  return codes.filter((code) => !text.includes(`"${code}"`));
};

it("every problem code is answered somewhere in the edge", () => {
  const files = execFileSync(
    "git",
    ["ls-files", "--cached", "--others", "--exclude-standard", "edge", "contract"],
    {
      cwd: root,
      encoding: "utf8",
    },
  ).split("\n");
  const sources = files.filter(
    (file) =>
      file.endsWith(".ts") &&
      !file.endsWith(".test.ts") &&
      !["contract/problem.ts", "edge/http/route.ts"].includes(file),
  );
  expect(sources.length).toBeGreaterThan(100);
  expect(unused(sources.map(read))).toEqual([]);
});

it("a code that is only declared counts as unused", () => {
  expect(unused(['problems: ["dream.exists"],'])).toContain("dream.exists");
  expect(unused(['throw new ApiError("dream.exists")'])).not.toContain("dream.exists");
});

it("the API's document names every problem code with its title", () => {
  const document = read("docs/openapi.json");
  const missing = codes.filter(
    (code) => !document.includes(`\`${code}\`: ${problems[code as keyof typeof problems][1]}.`),
  );
  expect(missing.filter((code) => !ofEveryAddress.includes(code))).toEqual([]);
});

it("every code that a job ends with, is handed back with or is warned by has an explanation", () => {
  const sources = execFileSync("git", ["ls-files", "render-worker", "edge"], { cwd: root, encoding: "utf8" })
    .split("\n")
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .map(read);
  const pattern =
    /(?:new (?:Poison|Rejected|Transient|Unsure|OverBudget|Fenced|Cancelled|Conflict)|\.warn|Fallback)\(\s*"([a-z]+\.[a-z_]+)"|\bcode: "([a-z]+\.[a-z_]+)"/g;
  const used = new Set(
    sources.flatMap((text) => [...text.matchAll(pattern)].map(([, thrown, named]) => thrown ?? named ?? "")),
  );
  expect(used.size).toBeGreaterThan(60);
  const known = new Set<string>([...codes, ...jobCodes.keys(), ...configurationCodes]);
  expect([...used].filter((code) => !known.has(code)).sort()).toEqual([]);
  for (const [code, { title, advice }] of jobCodes)
    expect([code, title !== "" && advice !== ""]).toEqual([code, true]);
});
