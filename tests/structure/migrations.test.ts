/**
 * `npm run deploy` migrates first and uploads the Worker afterwards, and `wrangler rollback` brings an older
 * one back.
 */
import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const takesAway = /\b(DROP TABLE|DROP COLUMN|RENAME)\b/i;

it("no migration removes a table or column that the running Worker uses", () => {
  const files = globSync("db/migrations/*.sql", { cwd: root });
  expect(files.length).toBeGreaterThan(15);
  const culprits = files.filter((file) => takesAway.test(readFileSync(join(root, file), "utf8")));
  expect(culprits.map((file) => basename(file))).toEqual([]);
});
