import { sql } from "drizzle-orm";

/**
 * SQL list of the states of a film that has not ended. It is literal text, because SQLite uses the partial
 * index `jobs_one_active_film` only for a condition that it can read.
 */
export const activeStates = sql.raw("('queued', 'processing', 'waiting')");
