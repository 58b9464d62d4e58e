import { sql } from "drizzle-orm";
import type { apiKeys } from "../../db/schema.ts";
import type { Session } from "./open.ts";

export type NewKey = Omit<typeof apiKeys.$inferSelect, "revokedAt">;

export async function insertKey(session: Session, key: NewKey): Promise<void> {
  await session.run(sql`
    INSERT INTO api_keys (hash, id, owner_id, name, tier, created_at)
    VALUES (${key.hash}, ${key.id}, ${key.ownerId}, ${key.name}, ${key.tier}, ${key.createdAt})
    ON CONFLICT DO NOTHING`);
}

/** Whose key it was; null: there is no such key. One that was revoked before stays revoked since then. */
export async function revokeKey(session: Session, id: string, nowMs: number): Promise<string | null> {
  const [revoked] = await session.run(sql<{ owner_id: string }>`
    UPDATE api_keys SET revoked_at = COALESCE(revoked_at, ${nowMs}) WHERE id = ${id} RETURNING owner_id`);
  return revoked?.owner_id ?? null;
}

/** SQL condition over `api_keys`: the caller's own key, and not revoked. */
export const isCaller = (keyHash: string) => sql`api_keys.hash = ${keyHash} AND api_keys.revoked_at IS NULL`;

/** Whether the key opens anything, for a request that needs no row of the owner's. */
export async function isKnown(session: Session, keyHash: string): Promise<boolean> {
  const found = await session.run(sql`SELECT 1 WHERE ${ownerOf(keyHash)} IS NOT NULL`);
  return found.length > 0;
}

/** SQL value: the caller's owner id, or NULL, which equals nothing. */
export const ownerOf = (keyHash: string) => sql`(SELECT owner_id FROM api_keys WHERE ${isCaller(keyHash)})`;
