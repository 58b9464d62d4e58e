/** Everything that the documents link to and name exists: relative links, anchors, files, variables. */
import { execFileSync } from "node:child_process";
import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: root,
})
  .toString()
  .split("\n")
  .filter((name) => existsSync(join(root, name)));
const documents = files.filter((name) => name.endsWith(".md") || name === "llms.txt");
const mediaBytes = 3_000_000;

it("has no relative link that leads nowhere", () => {
  expect(documents.length).toBeGreaterThan(20);
  const dead = documents.flatMap((name) =>
    linksOf(readFileSync(join(root, name), "utf8"))
      .filter((link) => !leadsSomewhere(name, link))
      .map((link) => `${name}: ${link}`),
  );
  expect(dead).toEqual([]);
});

it("finds a link to a missing file, to a missing heading, and to a folder outside", () => {
  const links = linksOf(
    "[a](gone.md) [b](docs/README.md#no-such-heading) ![c](<docs/gone.jpg>) `[d](not-a-link.md)`",
  );
  expect(links).toEqual(["gone.md", "docs/README.md#no-such-heading", "docs/gone.jpg"]);
  expect(links.filter((link) => leadsSomewhere("README.md", link))).toEqual([]);
  expect(leadsSomewhere("README.md", "../elsewhere/README.md")).toBe(false);
  expect(leadsSomewhere("README.md", "docs/README.md#benchmarks")).toBe(true);
});

it("can be reached from the index", () => {
  const reached = new Set(["README.md"]);
  for (const name of reached) {
    for (const link of linksOf(readFileSync(join(root, name), "utf8"))) {
      const target = relative(root, resolve(root, dirname(name), withoutAnchor(link)));
      if (documents.includes(target)) reached.add(target);
    }
  }
  const pages = documents.filter((name) => name.startsWith("docs/"));
  expect(pages.filter((name) => !reached.has(name))).toEqual([]);
});

it("has no picture of 3 MB or more", () => {
  const pictures = documents.flatMap((name) =>
    linksOf(readFileSync(join(root, name), "utf8"))
      .filter((link) => /\.(webp|gif|jpe?g|png)$/.test(link))
      .map((link) => resolve(root, dirname(name), link)),
  );
  expect(pictures.length).toBeGreaterThan(0);
  expect(pictures.filter((path) => statSync(path).size >= mediaBytes)).toEqual([]);
});

it("names no file that is gone", () => {
  const gone = documents
    .filter((name) => name !== "CHANGELOG.md")
    .flatMap((name) =>
      [...readFileSync(join(root, name), "utf8").matchAll(/`([\w.-]+(?:\/[\w.-]+)*\/?)`/g)]
        .map((match) => match[1] as string)
        .filter((path) => /\.(ts|mjs|js|md|toml|yml|json|sql|txt)$/.test(path) && path.includes("/"))
        .filter((path) => !path.startsWith(".") && !files.some((file) => `/${file}`.endsWith(`/${path}`)))
        .map((path) => `${name}: ${path}`),
    );
  expect(gone).toEqual([]);
});

it("names every variable of the worker and of the edge in docs/configuration.md", () => {
  const page = readFileSync(join(root, "docs", "configuration.md"), "utf8");
  const sources = globSync(["render-worker/**/{config,providers}.ts", "edge/env.ts"], { cwd: root })
    .map((name) => readFileSync(join(root, name), "utf8"))
    .join("\n");
  const variables = [...sources.matchAll(/^ +([A-Z][A-Z0-9_]+)(?:\?: string|: z\.| *: z$)/gm)].map(
    (match) => match[1],
  );
  expect(variables.length).toBeGreaterThan(30);
  expect(variables.filter((name) => !page.includes(name as string))).toEqual([]);
});

/** Relative targets of Markdown links and of `src` and `href` in HTML, except in code. */
function linksOf(markdown: string): string[] {
  const text = markdown.replace(/^(```|~~~)[\s\S]*?^\1/gm, "").replace(/`[^`\n]*`/g, "");
  const targets = [
    ...[...text.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)].map((match) => match[1] as string),
    ...[...text.matchAll(/\b(?:src|href)="([^"]+)"/g)].map((match) => match[1] as string),
  ];
  return targets.filter((target) => !/^[a-z]+:/i.test(target));
}

function leadsSomewhere(from: string, link: string): boolean {
  const path = withoutAnchor(link);
  const target = path === "" ? join(root, from) : resolve(root, dirname(from), decodeURI(path));
  if (relative(root, target).startsWith("..") || !existsSync(target)) return false;
  const anchor = link.split("#")[1];
  return anchor === undefined || anchorsOf(readFileSync(target, "utf8")).includes(anchor);
}

const withoutAnchor = (link: string) => link.split("#")[0] as string;

/** As GitHub makes them from headings. */
const anchorsOf = (markdown: string) =>
  [...markdown.replace(/^```[\s\S]*?^```/gm, "").matchAll(/^#+ +(.+)$/gm)].map((match) =>
    (match[1] as string)
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
