import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { expect, it } from "vitest";
import { base, folders, layers, onlyFrom } from "./rooms.ts";

const root = join(import.meta.dirname, "../..");

interface Import {
  from: string;
  /** A path from the root, or a package's name. */
  to: string;
  isOurs: boolean;
}

const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.ts"], {
  cwd: root,
})
  .toString()
  .trim()
  .split("\n")
  .filter((file) => (file.split("/")[0] ?? "") in folders && !/\.(test|d)\.ts$/.test(file));

const imports: Import[] = files.flatMap((from) => {
  const text = readFileSync(join(root, from), "utf8");
  const statements = text.matchAll(
    /^(?:import|export|\}).*?\bfrom "([^"]+)";$|\bimport\("([^"]+)"\)|^import "([^"]+)";$/gm,
  );
  return Array.from(statements, ([, first, second, third]) => {
    const name = first ?? second ?? third ?? "";
    if (name.startsWith(".")) return { from, to: posix.join(posix.dirname(from), name), isOurs: true };
    return { from, to: packageOf(name), isOurs: false };
  });
});

function packageOf(name: string): string {
  const parts = name.split("/");
  return name.startsWith("@") ? parts.slice(0, 2).join("/") : (parts[0] ?? "");
}

const folderOf = (file: string) => file.split("/")[0] ?? "";
const layerOf = (file: string) => (file.split("/").length > 2 ? (file.split("/")[1] ?? "") : "");

it("reads imports of every kind", () => {
  expect(imports.length).toBeGreaterThan(1_500);
  expect(new Set(imports.map(({ from }) => folderOf(from)))).toEqual(new Set(Object.keys(folders)));
});

it("no folder imports a folder that it may not", () => {
  const wrong = imports
    .filter(({ isOurs, from, to }) => isOurs && folderOf(from) !== folderOf(to) && to !== "package.json")
    .filter(({ from, to }) => !folders[folderOf(from)]?.imports.includes(folderOf(to)))
    .map(({ from, to }) => `${from} -> ${to}`);
  expect(wrong).toEqual([]);
});

it("no folder imports a package that it may not", () => {
  const wrong = imports
    .filter(({ isOurs, to }) => !isOurs && !to.startsWith("node:"))
    .filter(({ from, to }) => !folders[folderOf(from)]?.packages.includes(to))
    .map(({ from, to }) => `${from} -> ${to}`);
  expect(wrong).toEqual([]);
  const misplaced = imports.filter(
    ({ from, to }) => onlyFrom[to] !== undefined && folderOf(from) !== "db" && !from.startsWith(onlyFrom[to]),
  );
  expect(misplaced).toEqual([]);
});

it("contract, edge and web use nothing of Node", () => {
  const wrong = imports.filter(
    ({ from, to }) => to.startsWith("node:") && ["contract", "edge", "web"].includes(folderOf(from)),
  );
  expect(wrong).toEqual([]);
});

it("no layer imports a higher one", () => {
  const wrong = imports
    .filter(({ isOurs, from, to }) => isOurs && folderOf(from) === folderOf(to) && folderOf(from) in layers)
    .filter(({ from, to }) => {
      const order = layers[folderOf(from)] ?? [];
      if (base.includes(to)) return false;
      const [lower, higher] = [order.indexOf(layerOf(to)), order.indexOf(layerOf(from))];
      return lower < 0 || lower > (base.includes(from) ? 0 : higher);
    })
    .map(({ from, to }) => `${from} -> ${to}`);
  expect(wrong).toEqual([]);
});

it("no circle of imports, imports of types included", () => {
  expect(circles()).toEqual([]);
});

/**
 * Strongly connected components of more than one file. @source Tarjan, "Depth-first search and linear graph
 * algorithms"
 */
function circles(): string[][] {
  const targets = new Map(files.map((file) => [file, [] as string[]]));
  for (const { from, to, isOurs } of imports) if (isOurs && targets.has(to)) targets.get(from)?.push(to);
  const found: string[][] = [];
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const visit = (file: string): void => {
    index.set(file, index.size);
    low.set(file, index.get(file) as number);
    stack.push(file);
    for (const next of targets.get(file) ?? []) {
      if (!index.has(next)) visit(next);
      if (stack.includes(next)) low.set(file, Math.min(low.get(file) as number, low.get(next) as number));
    }
    if (low.get(file) !== index.get(file)) return;
    const component = stack.splice(stack.indexOf(file));
    if (component.length > 1) found.push(component.sort());
  };
  for (const file of files) if (!index.has(file)) visit(file);
  return found;
}
