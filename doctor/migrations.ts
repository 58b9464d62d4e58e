import { readdirSync } from "node:fs";

/** Runs one statement. Throws with the database's own words. */
export type QueryDatabase = (sql: string) => Promise<Record<string, unknown>[]>;

export interface MigrationState {
  files: string[];
  /** Files that the database has not seen. */
  pending: string[];
  /** What the database has seen and this checkout does not have: it is older. */
  unknown: string[];
}

/** Compares the migrations in `folder` with those that wrangler noted in the database. Changes nothing. */
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
