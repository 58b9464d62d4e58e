import { sql } from "drizzle-orm";
import type { WorkerHeartbeat } from "../../contract/internal.ts";
import { isOurs, type Nonce, takeNonce } from "./nonces.ts";
import { firstOf, type Session } from "./open.ts";

/** How long a silent machine is still shown. Milliseconds. */
const keepMs = 24 * 3600_000;

/** Stores a machine's heartbeat, or that it stops. False: this signed request was seen before. */
export async function noteWorker(
  session: Session,
  { worker_id, region, version, slots, leaving, ending_models }: WorkerHeartbeat,
  nonce: Nonce,
  nowMs: number,
): Promise<boolean> {
  const { stands } = await session.batch({
    nonce: takeNonce(nonce, nowMs),
    worker: leaving
      ? sql`DELETE FROM workers WHERE id = ${worker_id} AND ${isOurs(nonce)}`
      : sql`
          INSERT INTO workers (id, region, version, slots, started_at, seen_at, ending_models)
          SELECT ${worker_id}, ${region}, ${version}, ${slots}, ${nowMs}, ${nowMs},
            ${JSON.stringify(ending_models)} WHERE ${isOurs(nonce)}
          ON CONFLICT (id) DO UPDATE SET region = excluded.region, version = excluded.version,
            slots = excluded.slots, seen_at = excluded.seen_at, ending_models = excluded.ending_models`,
    stands: sql<{ fresh: number }>`SELECT ${isOurs(nonce)} AS fresh`,
  });
  return firstOf(stands).fresh === 1;
}

/** Deletes at most `limit` machines that have long been silent. */
export const pruneWorkers = (nowMs: number, limit: number) => sql`
  DELETE FROM workers WHERE id IN (SELECT id FROM workers WHERE seen_at <= ${nowMs - keepMs} LIMIT ${limit})`;
