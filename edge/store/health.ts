import { sql } from "drizzle-orm";
import type { Session } from "./open.ts";

/** Throws unless D1 answers and has its tables. Reads one row at most. */
export async function touch(session: Session): Promise<void> {
  await session.run(sql`SELECT id FROM jobs LIMIT 1`);
}
