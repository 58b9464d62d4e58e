/** The local cloud's database with all tables, copied instead of migrated again for each test file. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../../local/root.ts";
import { migrate } from "../../local/wrangler.ts";

/**
 * Puts a migrated database into a new state folder. The first call after a change of the migrations applies
 * them by `wrangler`, which costs seconds, and keeps the result in build/.
 * @throws Error with the path of the log if the migrations fail
 */
export async function placeMigratedState(stateDir: string): Promise<void> {
  const template = join(root, "build", "migrated", hashMigrations());
  if (!existsSync(template)) await makeTemplate(template);
  await cp(join(template, "edge"), join(stateDir, "edge"), { recursive: true });
}

async function makeTemplate(template: string): Promise<void> {
  const parent = join(template, "..");
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, "new-"));
  await migrate(folder, folder);
  // Another test process may have been faster.
  await rename(folder, template).catch(() => rm(folder, { recursive: true }));
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
