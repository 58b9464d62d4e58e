/** API keys: how they are stored and looked up, and what a key may watch. */
import { sql } from "drizzle-orm";
import type { apiKeys } from "../../db/schema.ts";
import type { Session } from "./open.ts";

export type NewKey = Omit<typeof apiKeys.$inferSelect, "revokedAt">;

/** Stores a new key; does nothing if it is stored already. */
export async function insertKey(session: Session, key: NewKey): Promise<void> {
  await session.run(sql`
    INSERT INTO api_keys (hash, id, owner_id, name, tier, created_at)
    VALUES (${key.hash}, ${key.id}, ${key.ownerId}, ${key.name}, ${key.tier}, ${key.createdAt})
    ON CONFLICT DO NOTHING`);
}

/** Revokes the key and gives its owner; null if there is no such key. A second call keeps the first time. */
export async function revokeKey(session: Session, id: string, nowMs: number): Promise<string | null> {
  const [revoked] = await session.run(sql<{ owner_id: string }>`
    UPDATE api_keys SET revoked_at = COALESCE(revoked_at, ${nowMs}) WHERE id = ${id} RETURNING owner_id`);
  return revoked?.owner_id ?? null;
}

/** SQL condition over `api_keys`: the caller's own key, and not revoked. */
export const isCaller = (keyHash: string) => sql`api_keys.hash = ${keyHash} AND api_keys.revoked_at IS NULL`;

/** Whether the key is valid, for a request that reads no row of the owner's. */
export async function isKnown(session: Session, keyHash: string): Promise<boolean> {
  const found = await session.run(sql`SELECT 1 WHERE ${ownerOf(keyHash)} IS NOT NULL`);
  return found.length > 0;
}

/** SQL value: the caller's owner id, or NULL, which equals nothing. */
export const ownerOf = (keyHash: string) => sql`(SELECT owner_id FROM api_keys WHERE ${isCaller(keyHash)})`;

/** SHA-256 of a text in hex: how API keys are stored, and how requests are compared. */
export async function hashKey(key: string): Promise<string> {
  return hex(await digest(key));
}

/** SHA-256 of a text. */
export async function digest(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}

/** Bytes as lower-case hexadecimal digits. */
export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The caller for whom a live stream is opened. */
export interface Admission {
  ownerId: string;
  /** The API key that opens the stream, or that issued the token which does. */
  keyId: string;
  /** The edge's own key of the dream; null if the owner has no dream of this client id. */
  dreamId: string | null;
}

/** An API key by its hash, as a request presents it, or by its id, as a token names it. */
export type AsKey = { hash: string } | { id: string };

/** Whether the key may watch the dream of this client id. Undefined: the key is unknown or revoked. */
export async function readAdmission(
  session: Session,
  key: AsKey,
  clientId: string,
): Promise<Admission | undefined> {
  const isKey = "hash" in key ? sql`api_keys.hash = ${key.hash}` : sql`api_keys.id = ${key.id}`;
  const [row] = await session.run(sql<Admission>`
    SELECT api_keys.owner_id AS ownerId, api_keys.id AS keyId, dreams.id AS dreamId
    FROM api_keys LEFT JOIN dreams ON dreams.owner_id = api_keys.owner_id AND dreams.client_id = ${clientId}
    WHERE ${isKey} AND api_keys.revoked_at IS NULL`);
  return row;
}
