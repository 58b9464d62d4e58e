/**
 * The one way to D1: SQL written with drizzle's `sql` template, which binds each value as a parameter, run as
 * batches. A batch is one round trip and one transaction, reads included; its statements have names, and so
 * have their results. Nothing else of drizzle runs queries: db/schema.ts gives the column names and row
 * types, drizzle-kit the migrations.
 *
 * D1 repeats a read that failed on its way, never a write: a lost reply does not say whether the batch was
 * committed. So every batch of this folder may run twice: ids are chosen before it, and each statement
 * carries its guard.
 */
import { SQL, sql } from "drizzle-orm";
import { SQLiteAsyncDialect } from "drizzle-orm/sqlite-core";

/**
 * Statements by name, in the order in which they run. A group of statements stands for those in it, a null is
 * left out and has no rows. A name must not be a number: JavaScript sorts those first.
 */
export interface Statements {
  readonly [name: string]: SQL<unknown> | null | Statements;
}

/** The rows of each statement, by its name. Of a group that is null: an empty array. */
export type Rows<T extends Statements> = {
  -readonly [K in keyof T]: NonNullable<T[K]> extends SQL<infer Row>
    ? Row[]
    : NonNullable<T[K]> extends Statements
      ? Rows<NonNullable<T[K]>> | (null extends T[K] ? never[] : never)
      : unknown[];
};

/** One request's connection. */
export interface Session {
  /** Runs the statements in order as one transaction and gives the rows of each. */
  batch<const T extends Statements>(statements: T): Promise<Rows<T>>;
  /** Runs one statement and gives its rows. */
  run<Row>(statement: SQL<Row>): Promise<Row[]>;
  /** Names the state that this session has seen; a later session may ask for no older one. */
  bookmark(): string | null;
}

/** For reads that may be a little old: the nearest replica, but no state older than `bookmark`. */
export function openReplica(d1: D1Database, bookmark: string | null): Session {
  return connect(d1.withSession(bookmark ?? "first-unconstrained"));
}

/** For writes, and for each read that decides something. */
export function openPrimary(d1: D1Database): Session {
  return connect(d1.withSession("first-primary"));
}

const dialect = new SQLiteAsyncDialect();

function connect(d1: D1DatabaseSession): Session {
  const prepare = (statement: SQL<unknown>) => {
    const { sql, params } = dialect.sqlToQuery(statement);
    return d1.prepare(sql).bind(...params);
  };
  const runAll = (statements: readonly SQL<unknown>[]) =>
    retryTransient(() => d1.batch(statements.map(prepare)));
  return {
    async batch<const T extends Statements>(statements: T) {
      const results = await runAll(flatten(statements));
      return nameRows(statements, () => results.shift()?.results ?? []) as Rows<T>;
    },
    async run<Row>(statement: SQL<Row>) {
      const [result] = await runAll([statement]);
      return result?.results as Row[];
    },
    bookmark: () => d1.getBookmark(),
  };
}

const flatten = (statements: Statements): SQL<unknown>[] =>
  Object.values(statements).flatMap((one) => (one === null ? [] : one instanceof SQL ? one : flatten(one)));

/** The rows in the form of their statements, in the same order as `flatten`. */
const nameRows = (statements: Statements, next: () => unknown[]): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(statements).map(([name, one]) => [
      name,
      one === null ? [] : one instanceof SQL ? next() : nameRows(one, next),
    ]),
  );

/** The first row of a statement that always has one, such as a `SELECT` without `WHERE`. */
export function firstOf<Row>(rows: readonly Row[]): Row {
  const [row] = rows;
  if (row === undefined) throw new Error("A statement that always has a row had none.");
  return row;
}

/**
 * Runs `work` again, up to twice, if D1 says that the connection failed and not the statement.
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

/** Whether D1 failed on the way to the statement, so that it may be repeated. */
export function isTransient(error: unknown): boolean {
  const message = reasonOf(error);
  return transient.some((text) => message.includes(text));
}

/**
 * D1 or a Durable Object is overloaded, or stopped a statement that took too long. The edge does not repeat
 * the statement, because that adds to the load: the client tries again later.
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

/** Whether D1 or a Durable Object is overloaded. */
export function isOverloaded(error: unknown): boolean {
  const message = reasonOf(error);
  return overloaded.some((text) => message.includes(text));
}

/** A table or column is missing: the migrations have not run yet. */
export function isNotMigrated(error: unknown): boolean {
  return /no such (table|column)/.test(reasonOf(error));
}

/** D1's own message. Drizzle's message is not used: it quotes parameters and so what users wrote. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message;
}

interface Sessions {
  replica(): Session;
  primary(): Session;
}

/**
 * Reads from the nearest replica, and from the primary if the replica does not have the row: a key or dream
 * that is only moments old may be missing there.
 */
export async function readReplicaFirst<T>(
  { replica, primary }: Sessions,
  read: (session: Session) => Promise<T | undefined>,
  isThere: (found: T) => boolean = () => true,
): Promise<T | undefined> {
  const near = await read(replica());
  return near !== undefined && isThere(near) ? near : read(primary());
}

/** Reads at most one row. @throws D1's error if D1 does not answer or has no tables */
export async function touch(session: Session): Promise<void> {
  await session.run(sql`SELECT id FROM jobs LIMIT 1`);
}
