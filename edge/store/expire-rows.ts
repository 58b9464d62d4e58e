import { type SQL, sql } from "drizzle-orm";
import { pruneCharges } from "./charges.ts";
import { pruneDeadLetters } from "./dead-letters.ts";
import { pruneDeliveries } from "./deliveries.ts";
import { pruneIdempotencyKeys } from "./idempotency.ts";
import { pruneNonces, pruneSenders } from "./nonces.ts";
import type { Session } from "./open.ts";
import { pruneTimings } from "./stage-timings.ts";
import { pruneWorkers } from "./workers.ts";

/** Each deletes at most `limit` expired rows. */
const prunes: Record<string, (nowMs: number, limit: number) => SQL> = {
  nonces: pruneNonces,
  senders: pruneSenders,
  idempotency_keys: pruneIdempotencyKeys,
  paces: pruneTimings,
  deliveries: pruneDeliveries,
  charges: pruneCharges,
  dead_letters: pruneDeadLetters,
  workers: pruneWorkers,
};

/** Rows that one statement deletes: about 20 ms of D1, which runs nothing else in that time. */
export const rowsPerStatement = 1_000;

/**
 * Deletes all expired rows, kind by kind in turns, until none is left or `untilMs` has come. It has no other
 * bound, so a table shrinks faster than D1 can fill it. Gives the number of deleted rows by kind.
 */
export async function expireRows(
  session: Session,
  now: () => number,
  untilMs: number,
): Promise<Record<string, number>> {
  const removed: Record<string, number> = {};
  let kinds = Object.entries(prunes);
  while (kinds.length > 0 && now() < untilMs) {
    const statements = kinds.flatMap(([kind, prune]): [string, SQL<{ count: number }>][] => [
      [`prune ${kind}`, prune(now(), rowsPerStatement) as SQL<never>],
      [kind, sql`SELECT changes() AS count`],
    ]);
    const counts = await session.batch(Object.fromEntries(statements));
    const countOf = (kind: string) => counts[kind]?.[0]?.count ?? 0;
    for (const [kind] of kinds) removed[kind] = (removed[kind] ?? 0) + countOf(kind);
    kinds = kinds.filter(([kind]) => countOf(kind) === rowsPerStatement);
  }
  return removed;
}
