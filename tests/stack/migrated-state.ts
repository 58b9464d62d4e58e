/** The local cloud's database with all tables, copied instead of migrated again for each test file. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { migrateFolder } from "../../local/apply-migrations.ts";
import { root } from "../../local/root.ts";
import { markMigrated } from "../../local/wrangler.ts";
import { makeOnce } from "./make-once.ts";

/**
 * Puts a migrated database into a new state folder. The first call after a change of the migrations applies
 * them, and keeps the result in build/.
 */
export async function placeMigratedState(stateDir: string): Promise<void> {
  const template = join(root, "build", "migrated", hashMigrations());
  await makeOnce(template, makeTemplate);
  await cp(join(template, "edge"), join(stateDir, "edge"), { recursive: true });
}

async function makeTemplate(folder: string): Promise<void> {
  await migrateFolder(join(folder, "edge"));
  await markMigrated(folder);
}

function hashMigrations(): string {
  const hash = createHash("sha256");
  const folder = join(root, "db", "migrations");
  for (const name of readdirSync(folder).sort())
    if (name.endsWith(".sql")) hash.update(`${name}\n${readFileSync(join(folder, name), "utf8")}`);
  const versions = ["wrangler", "miniflare"].map((name) =>
    readFileSync(join(root, "node_modules", name, "package.json"), "utf8"),
  );
  return hash.update(versions.join()).digest("hex").slice(0, 16);
}
