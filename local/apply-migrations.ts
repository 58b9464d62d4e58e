/**
 * Applies db/migrations to the local cloud's database, in one workerd: `wrangler d1 migrations apply` starts
 * workerd for each migration, which takes 15 CPU seconds for a new database. Run with the state's `edge`
 * folder as argument.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { D1Database } from "@cloudflare/workers-types/index.ts";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";

const folder = join(import.meta.dirname, "..", "db", "migrations");

/**
 * Applies the migrations that the database's list lacks, each with its entry in the list as one batch, as
 * wrangler does.
 */
export async function applyMigrations(d1: Pick<D1Database, "prepare" | "batch">): Promise<void> {
  await d1
    .prepare(
      `CREATE TABLE IF NOT EXISTS d1_migrations
       (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP)`,
    )
    .run();
  const { results } = await d1.prepare("SELECT name FROM d1_migrations").all<{ name: string }>();
  const applied = new Set(results.map(({ name }) => name));
  const names = readdirSync(folder).filter((name) => name.endsWith(".sql") && !applied.has(name));
  for (const name of names.sort()) {
    const texts = readFileSync(join(folder, name), "utf8").split("--> statement-breakpoint");
    const statements = texts.filter((text) => text.trim() !== "").map((text) => d1.prepare(text));
    await d1.batch([...statements, d1.prepare("INSERT INTO d1_migrations (name) VALUES (?)").bind(name)]);
  }
}

/** Migrates the database in a local cloud's `edge` folder, and creates it if there is none. */
export async function migrateFolder(edgeFolder: string): Promise<void> {
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      modules: true,
      script: "export default {}",
      log: new Log(LogLevel.ERROR),
      resourcePersistencePath: join(edgeFolder, "v3"),
      // The name by which wrangler stores the database.
      d1Databases: { DB: { id: "DB" } },
    }),
  );
  try {
    await applyMigrations((await miniflare.getD1Database("DB")) as unknown as D1Database);
  } finally {
    await miniflare.dispose();
  }
}

if (import.meta.main) await migrateFolder(process.argv[2] as string);
