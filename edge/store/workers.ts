import { type SQL, sql } from "drizzle-orm";
import { longestGoneSeconds, workerGoneSeconds } from "../../contract/limits.ts";
import type { WorkerHeartbeat } from "../../contract/worker-heartbeat.ts";
import { isOurs, type Nonce, takeNonce } from "./nonces.ts";
import { firstOf, type Session } from "./open.ts";

/** How long a silent machine is still shown. Milliseconds. */
const keepMs = 24 * 3600_000;

/** SQL value over `workers`: when the machine counts as gone. */
export const goneAt = sql`COALESCE(workers.gone_at, workers.seen_at + ${sql.raw(String(longestGoneSeconds * 1000))})`;

/** SQL condition over `workers`: the machine counts as running at this time. */
export const isUp = (
  at: SQL | number,
) => sql`(workers.seen_at > ${at} - ${sql.raw(String(longestGoneSeconds * 1000))}
  AND ${goneAt} > ${at})`;

/** Stores a machine's heartbeat, or that it stops. False: this signed request was seen before. */
export async function noteWorker(
  session: Session,
  { worker_id, region, version, slots, leaving, ending_models, every_seconds, queue_fault }: WorkerHeartbeat,
  nonce: Nonce,
  nowMs: number,
): Promise<boolean> {
  const goneSeconds =
    every_seconds === undefined ? longestGoneSeconds : Math.max(workerGoneSeconds, 3 * every_seconds);
  const { stands } = await session.batch({
    nonce: takeNonce(nonce, nowMs),
    worker: leaving
      ? sql`DELETE FROM workers WHERE id = ${worker_id} AND ${isOurs(nonce)}`
      : sql`
          INSERT INTO workers (id, region, version, slots, started_at, seen_at, gone_at, ending_models, queue_fault)
          SELECT ${worker_id}, ${region}, ${version}, ${slots}, ${nowMs}, ${nowMs},
            ${nowMs + goneSeconds * 1000}, ${JSON.stringify(ending_models)}, ${queue_fault} WHERE ${isOurs(nonce)}
          ON CONFLICT (id) DO UPDATE SET region = excluded.region, version = excluded.version,
            slots = excluded.slots, seen_at = excluded.seen_at, gone_at = excluded.gone_at,
            ending_models = excluded.ending_models, queue_fault = excluded.queue_fault`,
    stands: sql<{ fresh: number }>`SELECT ${isOurs(nonce)} AS fresh`,
  });
  return firstOf(stands).fresh === 1;
}

/** Deletes at most `limit` machines that have long been silent. */
export const pruneWorkers = (nowMs: number, limit: number) => sql`
  DELETE FROM workers WHERE id IN (SELECT id FROM workers WHERE seen_at <= ${nowMs - keepMs} LIMIT ${limit})`;
