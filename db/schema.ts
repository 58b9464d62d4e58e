/**
 * The tables of D1, which is the source of truth. Times are milliseconds since 1970 (UTC), money is
 * millionths of a US dollar. drizzle-kit turns changes of them into db/migrations. Only edge/store reads and
 * writes the tables.
 *
 * A key or an index of these tables serves every WHERE that the edge runs; edge/store/d1-trips.test.ts
 * checks it with SQLite.
 */
export * from "./tables/dreams.ts";
export * from "./tables/jobs.ts";
export * from "./tables/messages.ts";
export * from "./tables/operations.ts";
export * from "./tables/owners.ts";
