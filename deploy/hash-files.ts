import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** Twelve hex digits that change with the name or content of each file in `paths`. Test files are ignored. */
export function hashFiles(root: string, paths: readonly string[]): string {
  const hash = createHash("sha256");
  for (const path of paths.flatMap((name) => listFiles(root, name)).sort()) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update("\0");
  }
  return hash.digest("hex").slice(0, 12);
}

function listFiles(root: string, name: string): string[] {
  if (!statSync(join(root, name)).isDirectory()) return name.endsWith(".test.ts") ? [] : [name];
  return readdirSync(join(root, name)).flatMap((entry) => listFiles(root, `${name}/${entry}`));
}
