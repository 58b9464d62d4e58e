/**
 * How long D1's one writer works for what a run asked of it: the same statements, in the same batches, on
 * SQLite in this process. D1 also waits for its replicas to store a batch; other batches go on meanwhile.
 */
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import type { Counts } from "./counts.ts";

/** Runs the batches, which began with empty tables, and gives the CPU milliseconds of each. */
export function replay(databasePath: string, batches: Counts["batches"]): number[] {
  const database = new DatabaseSync(databasePath);
  try {
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF");
    return batches.map((statements) => {
      const before = process.threadCpuUsage();
      database.exec("BEGIN IMMEDIATE");
      for (const { text, values } of statements) database.prepare(text).all(...(values as SQLInputValue[]));
      database.exec("COMMIT");
      const { user, system } = process.threadCpuUsage(before);
      return (user + system) / 1000;
    });
  } finally {
    database.close();
  }
}
