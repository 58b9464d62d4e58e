/**
 * The way to D1. Single reads go through drizzle's query builder; what changes something is a batch of statements
 * written with drizzle's `sql`: one transaction, one round trip.
 *
 * D1 repeats a read that failed on its way, never a write: a lost reply says nothing about what was committed.
 * So every write of this folder may be run twice: the ids are chosen before, and each statement carries its guard.
 */
import type { SQL } from "drizzle-orm";
import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";
import { SQLiteAsyncDialect } from "drizzle-orm/sqlite-core";

/** One request's connection. `bookmark()` names the state it has seen; a later session may ask for no older one. */
export interface Session {
  drizzle: DrizzleD1Database;
  batch: Batch;
  bookmark(): string | null;
}

/** Runs the statements in order as one transaction; a null among them is left out. Gives each one's rows. */
type Batch = <const T extends readonly (SQL<unknown> | null)[]>(statements: T) => Promise<Rows<T>>;
type Rows<T extends readonly unknown[]> = {
  -readonly [K in keyof T]: NonNullable<T[K]> extends SQL<infer Row> ? Row[] : unknown[];
};

/** Reads that may be a little old: from whichever replica is near, but not older than `bookmark`. */
export function openReplica(d1: D1Database, bookmark: string | null): Session {
  return connect(d1.withSession(bookmark ?? "first-unconstrained"));
}

/** Writes, and every read that decides something. */
export function openPrimary(d1: D1Database): Session {
  return connect(d1.withSession("first-primary"));
}

const dialect = new SQLiteAsyncDialect();

function connect(d1: D1DatabaseSession): Session {
  const prepare = (statement: SQL<unknown>) => {
    const { sql, params } = dialect.sqlToQuery(statement);
    return d1.prepare(sql).bind(...params);
  };
  const batch = async (statements: readonly (SQL<unknown> | null)[]) => {
    const present = statements.filter((statement) => statement !== null);
    const results = await retryTransient(() => d1.batch(present.map(prepare)));
    const rows = results.map((result) => result.results);
    return statements.map((statement) => (statement === null ? [] : rows.shift()));
  };
  return {
    // drizzle asks for a whole D1Database and uses `prepare` and `batch`, which a session has.
    drizzle: drizzle(d1 as unknown as D1Database),
    batch: batch as Batch,
    bookmark: () => d1.getBookmark(),
  };
}

/**
 * Runs `work` again, up to twice, where D1 says that it lost the way and not the statement.
 *
 * @source https://developers.cloudflare.com/d1/observability/debug-d1/
 */
export async function retryTransient<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === 2 || !isTransient(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 50 * 4 ** attempt));
    }
  }
}

const transient = [
  "Network connection lost",
  "storage caused object to be reset",
  "reset because its code was updated",
  "Cannot resolve D1 DB due to transient issue",
];

export function isTransient(error: unknown): boolean {
  const message = reasonOf(error);
  return transient.some((text) => message.includes(text));
}

/**
 * D1, or an object beside it, has more to do than it can, or gave up on a statement that took too long. Not repeated
 * here: that would add to the load. The client comes back later.
 *
 * @source https://developers.cloudflare.com/d1/observability/debug-d1/#error-list, read 2026-11-27
 */
const overloaded = [
  "is overloaded",
  "Requests queued for too long",
  "Too many requests queued",
  "exceeded timeout",
  "exceeded its CPU time limit",
  "exceeded its memory limit",
];

export function isOverloaded(error: unknown): boolean {
  const message = reasonOf(error);
  return overloaded.some((text) => message.includes(text));
}

/** The tables are not there: somebody has yet to run the migrations. */
export function isNotMigrated(error: unknown): boolean {
  return /no such (table|column)/.test(reasonOf(error));
}

/** D1's own words. Never drizzle's, which quote the parameters, and with them what users wrote. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message;
}
