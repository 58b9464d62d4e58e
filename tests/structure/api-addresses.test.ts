import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "smol-toml";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "..", "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

it("every address of the API goes to the Worker without a look among the pages' files", () => {
  const toml = parse(read("wrangler.toml")) as { assets: { run_worker_first: string[] } };
  const first = toml.assets.run_worker_first;
  const isFirst = (path: string) =>
    first.some((one) => (one.endsWith("*") ? path.startsWith(one.slice(0, -1)) : path === one));
  const { paths } = JSON.parse(read("docs/openapi.json")) as { paths: Record<string, unknown> };
  expect([...Object.keys(paths), "/openapi.json"].filter((path) => !isFirst(path))).toEqual([]);
  const pages = ["/", "/ops", "/ops/main.js", "/docs", "/docs/start.js", "/main.js", "/looks/ink.webp"];
  expect(pages.filter(isFirst)).toEqual([]);
});
