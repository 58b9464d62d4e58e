/** Every function that a module of these folders exports has a docstring that says what it promises. */
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));

const rooms = ["contract", "edge", "web", "render-worker", "simulators", "local", "cli", "deploy", "doctor"];

it.each(rooms)("stands above every exported function of %s", (room) => {
  const files = globSync(`${room}/**/*.ts`, { cwd: root }).filter((name) => !/\.(test|d)\.ts$/.test(name));
  const functions = files.flatMap((name) =>
    findExportedFunctions(readFileSync(`${root}${name}`, "utf8")).map((one) => ({ ...one, name })),
  );
  expect(functions.length).toBeGreaterThan(5);
  const bare = functions.filter(({ promise }) => promise === "");
  expect(bare.map(({ name, line }) => `${name}: ${line}`)).toEqual([]);
});

it.each([
  ["edge", 500],
  ["contract", 300],
  ["web", 300],
  ["render-worker", 1_000],
  ["simulators", 400],
])(
  "no comment of %s is wider than 110 columns or speaks of persons where it means a program",
  (room, least) => {
    const files = globSync(`${room}/**/*.ts`, { cwd: root }).filter((name) => !/\.(test|d)\.ts$/.test(name));
    const comments = files.flatMap((name) =>
      readFileSync(`${root}${name}`, "utf8")
        .split("\n")
        .filter((line) => /^\s*(\/\*\*|\*( |$)|\/\/)/.test(line))
        .map((line) => `${name}: ${line}`),
    );
    expect(comments.length).toBeGreaterThan(least);
    // Diagrams are as wide as they are.
    const texts = comments.filter((line) => !/[─▶]/.test(line));
    const wide = texts.filter((line) => line.slice(line.indexOf(": ") + 2).length > 110);
    expect(wide).toEqual([]);
    expect(comments.filter((line) => /\b(whoever|somebody|anybody|nobody|shall)\b/i.test(line))).toEqual([]);
  },
);

it("is missed if there is none, or one with tags only", () => {
  const source = [
    "/** Adds. */",
    "export function add(a: number, b: number) {}",
    "",
    "export const double = (value: number): number => 2 * value;",
    "",
    "/** @source RFC 1 */",
    "export async function fetchAll<T>(all: T[]) {}",
    "",
    "export const size = (3 + 4) * 2;",
    "",
    "/**",
    " * Ends.",
    " * @throws Error",
    " */",
    "// @ts-ignore: decorator",
    "export const end: () => void = () => {};",
  ].join("\n");
  expect(findExportedFunctions(source).map(({ line, promise }) => [line.split("(")[0], promise])).toEqual([
    ["export function add", "Adds."],
    ["export const double = ", ""],
    ["export async function fetchAll<T>", ""],
    ["export const end: ", "Ends."],
  ]);
});

/** The first line of each exported function, and its docstring's text before the tags. */
function findExportedFunctions(source: string): { line: string; promise: string }[] {
  const found = source.matchAll(
    /(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n(?:\/\/ @ts-.*\n)*)?^(export (?:(?:async )?function\b|const \w+[^=\n]*(?:=>[^=\n]*)?=\s*(?:async )?(?:<[^>\n]*>)?\([^;]*?=>).*)/gm,
  );
  return Array.from(found, ([, comment = "", line = ""]) => ({
    line: line.split("\n")[0] ?? "",
    promise: comment
      .replace(/^\s*\*? ?/gm, "")
      .replace(/@(?:throws|source|param|returns)\b[\s\S]*/, "")
      .trim(),
  }));
}
