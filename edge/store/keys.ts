import { and, eq, isNull, sql } from "drizzle-orm";
import { apiKeys } from "../../db/schema.ts";
import { retryTransient, type Session } from "./open.ts";

export type NewKey = Omit<typeof apiKeys.$inferSelect, "revokedAt">;

export async function insertKey(session: Session, key: NewKey): Promise<void> {
  await retryTransient(() => session.drizzle.insert(apiKeys).values(key).onConflictDoNothing().run());
}

/** Whose key it was; null: there is no such key. One that was revoked before stays revoked since then. */
export async function revokeKey(session: Session, id: string, nowMs: number): Promise<string | null> {
  const rows = await retryTransient(() =>
    session.drizzle
      .update(apiKeys)
      .set({ revokedAt: sql`COALESCE(revoked_at, ${nowMs})` })
      .where(eq(apiKeys.id, id))
      .returning({ ownerId: apiKeys.ownerId })
      .all(),
  );
  return rows[0]?.ownerId ?? null;
}

/** Condition over api_keys: the caller's own key, and not revoked. */
export const isCaller = (keyHash: string) => and(eq(apiKeys.hash, keyHash), isNull(apiKeys.revokedAt));

/** Whether the key opens anything, for a request that needs no row of the owner's. */
export async function isKnown(session: Session, keyHash: string): Promise<boolean> {
  const [rows] = await session.batch([sql`SELECT 1 WHERE ${ownerOf(keyHash)} IS NOT NULL`]);
  return rows.length > 0;
}

/** SQL value: the caller's owner id, or NULL, which equals nothing. */
export const ownerOf = (keyHash: string) =>
  sql`(SELECT owner_id FROM api_keys WHERE hash = ${keyHash} AND revoked_at IS NULL)`;
