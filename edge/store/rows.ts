/** What every SELECT of rows shares: column names, and where a page begins. */
import { type Column, sql } from "drizzle-orm";

/**
 * SQL: the columns of db/schema.ts under their TypeScript names, for `SELECT` and `RETURNING`. Booleans are 0
 * or 1.
 */
export const named = (columns: Readonly<Record<string, Column>>) =>
  sql.join(
    Object.entries(columns).map(([name, column]) => sql`${column} AS ${sql.identifier(name)}`),
    sql`, `,
  );

/** Where a page of a list begins: after this row, newest first. */
export interface Cursor {
  createdAt: number;
  id: string;
}
