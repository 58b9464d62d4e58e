/**
 * What metrics count, in the same batch as what they count. A label of several parts has spaces between them.
 */
import { type SQL, sql } from "drizzle-orm";
import type { Histogram } from "../metrics/figures.ts";

/** Adds `value` to a counter. */
export const addToCounter = (name: string, label: string, value: number) => sql`
  INSERT INTO counters (name, label, value) VALUES (${name}, ${label}, ${value})
  ON CONFLICT (name, label) DO UPDATE SET value = value + excluded.value`;

/**
 * Counts, for every job that `where` (over `jobs`) finds, the seconds since `sinceMs`.
 *
 * @param label SQL value over `jobs`; an empty text if the histogram has no label
 * @param sinceMs SQL value over `jobs`; the time when the job was created, if it is not given
 */
export const observe = (
  { name, bounds }: Histogram,
  label: SQL,
  where: SQL,
  nowMs: number,
  sinceMs = sql`jobs.created_at`,
) => sql`
  WITH observed AS (
    SELECT ${label} AS label, (${nowMs} - ${sinceMs}) / 1000.0 AS seconds FROM jobs WHERE ${where}
  )
  INSERT INTO counters (name, label, value)
  SELECT ${`${name}_bucket`}, LTRIM(label || ' ' || CASE ${sql.join(
    bounds.map((bound) => sql`WHEN seconds <= ${bound} THEN ${String(bound)}`),
    sql` `,
  )} ELSE '+Inf' END), 1 FROM observed
  UNION ALL
  SELECT ${`${name}_sum`}, label, seconds FROM observed WHERE TRUE
  ON CONFLICT (name, label) DO UPDATE SET value = value + excluded.value`;
