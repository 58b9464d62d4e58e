import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Check } from "../check.ts";
import { describe } from "../check.ts";
import { fail, type Outcome, ok } from "../finding.ts";
import { type MigrationState, type QueryDatabase, readMigrations } from "../migrations.ts";

/**
 * Every migration is applied, and the schema is the one that the migrations make in an empty database: a
 * manual change is a finding.
 */
export function checkDatabase(query: QueryDatabase, folder: string, howToApply: string): Check {
  return {
    name: "database",
    async run() {
      let state: MigrationState;
      try {
        state = await readMigrations(query, folder);
      } catch (error) {
        return fail(
          `The database does not answer: ${describe(error)}`,
          "Check that it exists and that your login may query it: npm run deploy",
        );
      }
      const { files, pending, unknown } = state;
      if (pending.length > 0)
        return fail(
          `${pending.length} of ${files.length} migrations are not applied: ${pending.join(", ")}.`,
          howToApply,
        );
      if (unknown.length > 0)
        return fail(
          `The database has migrations that this checkout lacks: ${unknown.join(", ")}.`,
          "A newer version was deployed: update this checkout first.",
        );
      const found = readSchema(await query(schemaQuery));
      return [
        ok(`all ${files.length} migrations are applied`),
        compareSchemas(expectSchema(folder, files), found),
      ];
    },
  };
}

/** The SQL of each table, index, trigger and view, by name. */
type Schema = Map<string, string>;

const schemaQuery = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL";

const readSchema = (rows: Record<string, unknown>[]): Schema =>
  new Map(rows.map(({ name, sql }) => [String(name), String(sql).replace(/\s+/g, " ").trim()]));

function expectSchema(folder: string, files: readonly string[]): Schema {
  const database = new DatabaseSync(":memory:");
  try {
    for (const file of files) database.exec(readFileSync(join(folder, file), "utf8"));
    return readSchema(database.prepare(schemaQuery).all());
  } finally {
    database.close();
  }
}

function compareSchemas(expected: Schema, found: Schema): Outcome {
  const names = [...new Set([...expected.keys(), ...found.keys()])].filter((name) => !isInternal(name));
  const differing = names.flatMap((name) => {
    if (!found.has(name)) return [`${name} is missing`];
    if (!expected.has(name)) return [`${name} is unknown`];
    return expected.get(name) === found.get(name) ? [] : [`${name} differs`];
  });
  if (differing.length === 0) return ok("the schema is the one of the migrations");
  return fail(
    `The schema was changed manually: ${differing.join(", ")}.`,
    "Undo the change, or make it a migration: npm run db:generate.",
  );
}

/** SQLite's, D1's and Cloudflare's own tables. */
const isInternal = (name: string) => /^(sqlite_|d1_|_cf_)/.test(name);
