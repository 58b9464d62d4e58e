import { readdirSync } from "node:fs";

/**
 * Runs one statement; resolves to its rows.
 * @throws Error with the database's message
 */
export type QueryDatabase = (sql: string) => Promise<Record<string, unknown>[]>;

export interface MigrationState {
  files: string[];
  /** Migrations that the database lacks. */
  pending: string[];
  /** Migrations of the database that this (older) checkout lacks. */
  unknown: string[];
}

/**
 * Compares the migrations in `folder` with wrangler's table of applied ones in the database. Changes nothing.
 */
export async function readMigrations(query: QueryDatabase, folder: string): Promise<MigrationState> {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .sort();
  const [table] = await query("SELECT name FROM sqlite_master WHERE name = 'd1_migrations'");
  const rows = table ? await query("SELECT name FROM d1_migrations ORDER BY id") : [];
  const applied = rows.map(({ name }) => String(name));
  return {
    files,
    pending: files.filter((file) => !applied.includes(file)),
    unknown: applied.filter((name) => !files.includes(name)),
  };
}
